import { DAY_MS, HOUR_MS } from '../device/rhythm.ts';
import type { Window } from '../history/incidents.ts';
import { rngFor } from '../random/rng.ts';

export interface Outage {
  readonly fromMs: number;
  readonly untilMs: number;
}

/** When the platform was not able to receive: sorted, apart from one another. */
export class PlatformTimes {
  readonly outages: readonly Outage[];

  constructor(outages: readonly Outage[]) {
    this.outages = [...outages].sort((a, b) => a.fromMs - b.fromMs);
  }

  isUpAt(atMs: number): boolean {
    return !this.outages.some(({ fromMs, untilMs }) => atMs >= fromMs && atMs < untilMs);
  }
}

const MINUTE_MS = 60_000;

/** About one outage a week, from a restart of some minutes to a night's repair; whole milliseconds. A function of window and seed. */
export function platformOutages(window: Window, seed: number): PlatformTimes {
  const rng = rngFor(seed, 'platform-outages');
  const outages: Outage[] = [];
  let fromMs = Math.floor(window.fromMs + rng.range(1.5, 4) * DAY_MS);
  while (fromMs < window.untilMs - DAY_MS) {
    const lastsMs = rng.chance(0.4) ? rng.range(2, 12) * MINUTE_MS : rng.range(0.4, 2.5) * HOUR_MS;
    const untilMs = Math.floor(fromMs + lastsMs);
    outages.push({ fromMs, untilMs });
    fromMs = Math.floor(untilMs + rng.range(3, 9) * DAY_MS);
  }
  return new PlatformTimes(outages);
}
