import { clip, type Interval, type IntervalSet, merge } from './intervals.ts';

/** A stretch that a device held a session and ended it cleanly; liveness does not reach beyond its end. */
export interface CleanEnd {
  readonly at: number;
}

/**
 * When a heartbeat source was alive: each beat at `t` keeps it alive on `[t, t + livenessMs)`; what overlaps is merged, and a
 * clean end cuts what runs across it unless a later beat renews it. Beats may come in any order and more than once.
 * `window` clips the result; beats before it still reach in. All instants in integer ms.
 */
export function liveness(
  beats: readonly number[],
  livenessMs: number,
  window: Interval,
  cleanEnds: readonly CleanEnd[] = [],
): IntervalSet {
  const ends = cleanEnds.map(({ at }) => at).sort((a, b) => a - b);
  const lives = beats.map((from) => ({ from, to: Math.min(from + livenessMs, firstAfter(ends, from)) }));
  return clip(merge(lives), window);
}

/** The first of the sorted instants that is later than `instant`; infinity-like (largest safe integer) if there is none. */
function firstAfter(sorted: readonly number[], instant: number): number {
  let low = 0;
  let high = sorted.length;
  while (low < high) {
    const middle = (low + high) >> 1;
    if ((sorted[middle] ?? 0) > instant) high = middle;
    else low = middle + 1;
  }
  return sorted[low] ?? Number.MAX_SAFE_INTEGER;
}
