import { trueNowMs } from '../device/clock.ts';
import { DAY_MS, localMidnight } from '../device/rhythm.ts';
import { hainanFleet } from '../fleet/hainan.ts';
import type { Fleet, FleetDevice } from '../fleet/types.ts';
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
  /** Devices that swaps took away, by the serial of what came instead. */
  readonly replaced: ReadonlyMap<string, FleetDevice>;
  /** Window of the generated past; `null`: none. */
  readonly past: Window | null;
}

/** The past ends where the first run began: later runs only go on delivering it. */
export function worldOf(seed: number, days: number, kept: KeptState | null): World {
  const delivered = hainanFleet(seed);
  const past = kept ? kept.past : newWindow(days);
  const swaps = past ? swapsOf(delivered, past, seed) : [];
  const bySerial = new Map(delivered.devices.map((device) => [device.serial, device]));
  const replaced = new Map(
    swaps.flatMap(({ newSerial, oldSerial }) => {
      const old = bySerial.get(oldSerial);
      return old === undefined ? [] : [[newSerial, old] as const];
    }),
  );
  return { delivered, fleet: afterSwaps(delivered, swaps), swaps, replaced, past };
}

/** Whole days and what there is of today. */
function newWindow(days: number): Window | null {
  if (days === 0) return null;
  const untilMs = Math.floor(trueNowMs());
  return { fromMs: localMidnight(untilMs - days * DAY_MS), untilMs };
}
