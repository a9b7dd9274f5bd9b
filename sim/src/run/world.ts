import { trueNowMs } from '../device/clock.ts';
import { DAY_MS } from '../device/rhythm.ts';
import { hainanFleet } from '../fleet/hainan.ts';
import type { Fleet } from '../fleet/types.ts';
import type { Window } from '../history/incidents.ts';
import { afterSwaps, type Swap, swapsOf } from '../history/swaps.ts';
import type { KeptState } from './state-file.ts';

/** The fleet and what has become of it. */
export interface World {
  /** As it was handed over: what the registry begins with. */
  readonly delivered: Fleet;
  /** As it stands today. */
  readonly fleet: Fleet;
  readonly swaps: readonly Swap[];
  /** Window of the generated past; `null`: none. */
  readonly past: Window | null;
}

/** The past ends where the first run began: later runs only go on delivering it. */
export function worldOf(seed: number, days: number, kept: KeptState | null): World {
  const delivered = hainanFleet(seed);
  const past = kept ? kept.past : newWindow(days);
  const swaps = past ? swapsOf(delivered, past, seed) : [];
  return { delivered, fleet: afterSwaps(delivered, swaps), swaps, past };
}

function newWindow(days: number): Window | null {
  if (days === 0) return null;
  const untilMs = Math.floor(trueNowMs());
  return { fromMs: untilMs - days * DAY_MS, untilMs };
}
