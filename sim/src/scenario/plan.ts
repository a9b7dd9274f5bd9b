import { hashKeys, rngFor } from '../random/rng.ts';
import { type Effect, isMomentary } from './effects.ts';
import { type Selectable, selectDevices } from './select.ts';
import type { Scenario, Step } from './types.ts';
import { instantOf } from './units.ts';

/** One effect on one device: from `atMs`, until `untilMs` (`null`: momentary, or until cleared). Instants in Unix ms. */
export interface Occurrence {
  readonly id: string;
  readonly device: number;
  readonly effect: Effect;
  readonly atMs: number;
  readonly untilMs: number | null;
}

export interface PlanOptions {
  readonly startMs: number;
  readonly seed: number;
  /** The time of the scenario runs this many times faster than ours. Devices keep real time. */
  readonly timeScale: number;
}

/** What a scenario does to a fleet, in order of time: a function of its arguments. */
export function planScenario(
  scenario: Scenario,
  devices: readonly Selectable[],
  { startMs, seed: given, timeScale }: PlanOptions,
): Occurrence[] {
  const seed = scenario.seed ?? given;
  const real = (ms: number): number => startMs + (ms - startMs) / timeScale;
  return scenario.steps
    .flatMap((step, index) => stepOccurrences(step, hashKeys(seed, scenario.name, index), devices, startMs))
    .map((item, i) => ({
      ...item,
      id: `${scenario.name}#${i}`,
      atMs: real(item.atMs),
      untilMs: item.untilMs === null ? null : real(item.untilMs),
    }))
    .sort((a, b) => a.atMs - b.atMs);
}

function stepOccurrences(
  step: Step,
  seed: number,
  devices: readonly Selectable[],
  startMs: number,
): Omit<Occurrence, 'id'>[] {
  const { everyMs, times } = step.repeat ?? { everyMs: 0, times: 1 };
  const lasting = step.forMs !== null && !isMomentary(step.effect) ? step.forMs : null;
  return selectDevices(devices, step.select, seed).flatMap((device) => {
    const delayMs = step.spreadMs === 0 ? 0 : rngFor(seed, 'spread', device).range(0, step.spreadMs);
    return Array.from({ length: times }, (_, round) => {
      const atMs = instantOf(step.at, startMs) + delayMs + round * everyMs;
      return { device, effect: step.effect, atMs, untilMs: lasting === null ? null : atMs + lasting };
    });
  });
}
