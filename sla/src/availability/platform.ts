import { EMPTY, type Interval, type IntervalSet, merge } from '../intervals.ts';
import { RECOVERY_MS } from './types.ts';

/** Outages of the platform as they concern a window. */
export interface PlatformTime {
  readonly out: IntervalSet;
  /** The outages, each with the time after it in which devices find back: `[from, to + RECOVERY_MS)`. */
  readonly outOrBack: IntervalSet;
}

const NOTHING: PlatformTime = { out: EMPTY, outOrBack: EMPTY };

/** What of the outages reaches into the window, with the recovery of those that ended shortly before it. */
export function platformTime(outages: IntervalSet, window: Interval): PlatformTime {
  const lower = window.from - RECOVERY_MS;
  const near: Interval[] = [];
  for (let i = firstEndingAfter(outages, lower); i < outages.length; i++) {
    const outage = outages[i];
    if (outage === undefined || outage.from >= window.to) break;
    near.push({ from: Math.max(outage.from, lower), to: Math.min(outage.to, window.to) });
  }
  if (near.length === 0) return NOTHING;
  return { out: merge(near), outOrBack: merge(near.map(({ from, to }) => ({ from, to: to + RECOVERY_MS }))) };
}

/** Outages of years are many, those of a day few. */
function firstEndingAfter(outages: IntervalSet, instant: number): number {
  let low = 0;
  let high = outages.length;
  while (low < high) {
    const middle = (low + high) >> 1;
    if ((outages[middle]?.to ?? 0) > instant) high = middle;
    else low = middle + 1;
  }
  return low;
}
