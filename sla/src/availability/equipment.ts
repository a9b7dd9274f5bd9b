import type { Interval, IntervalSet } from '../intervals.ts';
import { type Gap, walkCovers } from './covers.ts';
import { componentFaults } from './faults.ts';
import { append, type Canvas, repaint, type Verdict } from './painting.ts';
import { platformTime } from './platform.ts';
import type { DeviceEvidence, SeqRange, Timeline } from './types.ts';

const UP: Verdict = { state: 'up', cause: 'beat' };
const OFF: Verdict = { state: 'down', cause: 'off' };
const MISSING: Verdict = { state: 'unknown', cause: 'missing' };
const SILENT: Verdict = { state: 'unknown', cause: 'silent' };
const PLATFORM: Verdict = { state: 'unknown', cause: 'platform' };

/**
 * Did the equipment work? First match wins: a required component is faulty -> down; a beat covers, live or backfilled -> up; the
 * gap ends with a boot and no record of it is missing -> down (off); the platform out or just back -> unknown; records of the gap
 * are missing -> unknown; else unknown (silent). A clean end of session proves nothing here: the program may run on.
 */
export function equipmentTimeline(evidence: DeviceEvidence, outages: IntervalSet, window: Interval): Timeline {
  const canvas: Canvas = [];
  walkCovers(
    evidence.runs,
    ({ to, livenessMs }) => to + livenessMs,
    window.to,
    (from, to) => append(canvas, window, from, to, UP),
    (gap) => append(canvas, window, gap.from, gap.to, judge(gap, evidence)),
  );
  const { outOrBack } = platformTime(outages, window);
  let timeline = repaint(canvas, outOrBack, (verdict) => (verdict.state === 'unknown' ? PLATFORM : verdict));
  for (const { component, during } of componentFaults(evidence.reports, evidence.requirements, window)) {
    const fault: Verdict = { state: 'down', cause: 'fault', component };
    timeline = repaint(timeline, during, (verdict) => (verdict.cause === 'fault' ? verdict : fault));
  }
  return timeline;
}

function judge({ before, after }: Gap, { boots, received }: DeviceEvidence): Verdict {
  if (before === undefined || after === undefined) return SILENT;
  if (!hasAll(received, before.toSeq + 1, after.fromSeq)) return MISSING;
  return boots.some((boot) => before.to < boot && boot <= after.from) ? OFF : SILENT;
}

/** True if every sequence number of `[lo, hi)` was received. */
function hasAll(received: readonly SeqRange[], lo: number, hi: number): boolean {
  if (lo >= hi) return true;
  let low = 0;
  let high = received.length;
  while (low < high) {
    const middle = (low + high) >> 1;
    if ((received[middle]?.hi ?? 0) > lo) high = middle;
    else low = middle + 1;
  }
  const range = received[low];
  return range !== undefined && range.lo <= lo && hi <= range.hi;
}
