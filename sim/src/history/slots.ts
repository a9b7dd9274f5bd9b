import { HOT_FAULT_C } from '../device/hardware.ts';
import type { Occurrence } from '../scenario/plan.ts';
import type { PastBoot } from './boots.ts';
import type { PastPlan } from './past.ts';

/**
 * How densely the past is told. A fortnight of 2,754 devices at 60 s beats is 55 million beats; a platform may set slower beats (the
 * `cfg` channel allows up to an hour), and that is what the past pretends it did: each change of interval is told by an event.
 */
export interface Density {
  readonly beatMs: number;
  /** Between readings for the charts, and between net records. */
  readonly readingsMs: number;
  readonly simMs: number;
  /** The last stretch before now, told at the agent's usual intervals. */
  readonly fineMs: number;
  readonly fineBeatMs: number;
  readonly fineReadingsMs: number;
}

export const DEFAULT_DENSITY: Density = {
  beatMs: 3_600_000,
  readingsMs: 3_600_000,
  simMs: 43_200_000,
  fineMs: 1_800_000,
  fineBeatMs: 60_000,
  fineReadingsMs: 900_000,
};

/** One record of the past before it is written: its moment and what it is about. */
export type Slot = { readonly atMs: number; readonly boot: PastBoot } & (
  | { readonly kind: 'beat' | 'full' | 'readings' | 'net' | 'sim' | 'boot' }
  | { readonly kind: 'config'; readonly beatMs: number }
  | { readonly kind: 'change'; readonly component: string }
);

const DAY_MS = 86_400_000;
/** A change is seen by the next probing. */
const PROBE_MS = 30_000;

/** The records of a past in order of time, boot after boot. */
export function* slotsOf(plan: PastPlan): Generator<Slot> {
  for (const boot of plan.boots) {
    const fromMs = Math.max(plan.fromMs, boot.onMs);
    const untilMs = Math.min(plan.untilMs, boot.offMs ?? Infinity);
    if (fromMs < untilMs) yield* bootSlots(plan, boot, fromMs, untilMs);
  }
}

/** Day by day, so that thousands of pasts that are under way at once stay small. */
function* bootSlots(plan: PastPlan, boot: PastBoot, fromMs: number, untilMs: number): Generator<Slot> {
  const fineFromMs = Math.max(fromMs, plan.untilMs - plan.density.fineMs);
  if (boot.onMs >= plan.fromMs) yield { kind: 'boot', atMs: boot.onMs, boot };
  if (fineFromMs > fromMs) yield { kind: 'config', atMs: fromMs, boot, beatMs: plan.density.beatMs };
  yield { kind: 'full', atMs: fromMs, boot };
  for (let atMs = fromMs; atMs < untilMs; atMs += DAY_MS) {
    yield* daySlots(plan, boot, {
      fromMs: atMs,
      untilMs: Math.min(untilMs, atMs + DAY_MS),
      bootFromMs: fromMs,
      fineFromMs,
    });
  }
}

interface Day {
  readonly fromMs: number;
  readonly untilMs: number;
  readonly bootFromMs: number;
  readonly fineFromMs: number;
}

function daySlots(plan: PastPlan, boot: PastBoot, day: Day): Slot[] {
  const { density } = plan;
  const { fromMs, untilMs, fineFromMs } = day;
  const phase = plan.profile.seed >>> 0;
  const every = (kind: 'beat' | 'readings' | 'net' | 'sim' | 'full', stepMs: number, from: number, until: number) =>
    ticks(from, until, stepMs, phase % stepMs).map((atMs): Slot => ({ kind, atMs, boot }));
  const coarseUntilMs = Math.min(untilMs, fineFromMs);
  const slots: Slot[] = [
    ...every('beat', density.beatMs, fromMs, coarseUntilMs),
    ...every('readings', density.readingsMs, fromMs, coarseUntilMs),
    ...every('net', density.readingsMs, fromMs, coarseUntilMs),
    ...every('sim', density.simMs, fromMs, untilMs),
    ...every('full', DAY_MS, fromMs, untilMs),
    ...plan.occurrences.flatMap((o) => changeSlots(o, boot, day)),
  ];
  if (fineFromMs < untilMs) {
    const from = Math.max(fromMs, fineFromMs);
    if (fineFromMs >= fromMs) slots.push({ kind: 'config', atMs: fineFromMs, boot, beatMs: density.fineBeatMs });
    slots.push(
      ...every('beat', density.fineBeatMs, from, untilMs),
      ...every('readings', density.fineReadingsMs, from, untilMs),
      ...every('net', density.fineReadingsMs, from, untilMs),
    );
  }
  return slots.sort((a, b) => a.atMs - b.atMs);
}

/** When a part fails and when it is well again. */
function changeSlots(occurrence: Occurrence, boot: PastBoot, { fromMs, untilMs, bootFromMs }: Day): Slot[] {
  const component = componentOf(occurrence);
  if (component === null) return [];
  return [occurrence.atMs, occurrence.untilMs ?? Infinity]
    .map((atMs) => Math.ceil(atMs / PROBE_MS) * PROBE_MS)
    .filter((atMs) => atMs >= fromMs && atMs < untilMs && atMs > bootFromMs)
    .map((atMs) => ({ kind: 'change', component, atMs, boot }));
}

function componentOf({ effect }: Occurrence): string | null {
  if (effect.kind === 'fault') return effect.component;
  return effect.kind === 'heat' && effect.toC >= HOT_FAULT_C ? 'temperature' : null;
}

/** The points `phase + k * step` within `[from, until)`. */
function ticks(fromMs: number, untilMs: number, stepMs: number, phaseMs: number): number[] {
  const first = Math.ceil((fromMs - phaseMs) / stepMs) * stepMs + phaseMs;
  const count = Math.max(0, Math.ceil((untilMs - first) / stepMs));
  return Array.from({ length: count }, (_, i) => first + i * stepMs);
}
