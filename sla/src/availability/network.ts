import type { Interval, IntervalSet } from '../intervals.ts';
import { walkCovers } from './covers.ts';
import { append, type Canvas, repaint, type Verdict } from './painting.ts';
import { platformTime } from './platform.ts';
import type { BeatRun, DeviceEvidence, Timeline } from './types.ts';

const UP: Verdict = { state: 'up', cause: 'beat' };
const SILENT: Verdict = { state: 'down', cause: 'silent' };
const ENDED: Verdict = { state: 'down', cause: 'ended' };
const PLATFORM: Verdict = { state: 'unknown', cause: 'platform' };

/**
 * Was the device connected? First match wins: platform out -> unknown; a live beat covers -> up; the platform just back -> unknown;
 * else down: `ended` where a clean end of session lies at the very end of the cover, else `silent`. A beat at `t` covers
 * `[t, t + livenessMs)`, cut at the first clean end after `t`.
 *
 * Throws a RangeError if a clean end lies inside a live run: a run does not tell where its beats lie, so whoever makes runs splits
 * them at clean ends (as {@link runsOfBeats} does).
 */
export function networkTimeline(evidence: DeviceEvidence, outages: IntervalSet, window: Interval): Timeline {
  const ends = [...evidence.cleanEnds].sort((a, b) => a - b);
  const canvas: Canvas = [];
  walkCovers(
    evidence.runs.filter(({ live }) => live),
    (run) => reach(run, ends),
    window.to,
    (from, to) => append(canvas, window, from, to, UP),
    ({ from, to }) => append(canvas, window, from, to, ends.includes(from) ? ENDED : SILENT),
  );
  const { out, outOrBack } = platformTime(outages, window);
  const recovering = repaint(canvas, outOrBack, (verdict) => (verdict.state === 'down' ? PLATFORM : verdict));
  return repaint(recovering, out, () => PLATFORM);
}

function reach(run: BeatRun, ends: readonly number[]): number {
  const next = firstAfter(ends, run.from);
  if (next < run.to)
    throw new RangeError(`a live run from ${run.from} to ${run.to} reaches across the clean end at ${next}`);
  return Math.min(run.to + run.livenessMs, next > run.to ? next : firstAfter(ends, run.to));
}

/** The first of the sorted instants that is later than `instant`; infinity if there is none. */
function firstAfter(sorted: readonly number[], instant: number): number {
  let low = 0;
  let high = sorted.length;
  while (low < high) {
    const middle = (low + high) >> 1;
    if ((sorted[middle] ?? 0) > instant) high = middle;
    else low = middle + 1;
  }
  return sorted[low] ?? Number.POSITIVE_INFINITY;
}
