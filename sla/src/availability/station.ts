import { type Interval, type IntervalSet, merge, subtract, union } from '../intervals.ts';
import { equipmentTimeline } from './equipment.ts';
import { networkTimeline } from './network.ts';
import { append, type Canvas, type Verdict } from './painting.ts';
import type { DeviceEvidence, Dimension, Installation, Timeline } from './types.ts';

const NO_DEVICE: Verdict = { state: 'down', cause: 'no_device' };

/**
 * A station's history is that of whatever device stands there: each device's timeline clipped to its installations, and down where
 * nothing is installed, the platform's outages notwithstanding. Segments tell the device. Should installations overlap, the one
 * that began last holds.
 */
export function stationTimeline(
  dimension: Dimension,
  installations: readonly Installation[],
  evidenceOf: (deviceKey: number) => DeviceEvidence,
  outages: IntervalSet,
  window: Interval,
): Timeline {
  const timelineOf = dimension === 'network' ? networkTimeline : equipmentTimeline;
  const canvas: Canvas = [];
  let at = window.from;
  for (const { from, to, deviceKey } of holders(installations, window)) {
    append(canvas, window, at, from, NO_DEVICE);
    for (const segment of timelineOf(evidenceOf(deviceKey), outages, { from, to })) {
      append(canvas, window, segment.from, segment.to, { ...verdictOf(segment), deviceKey });
    }
    at = to;
  }
  append(canvas, window, at, window.to, NO_DEVICE);
  return canvas;
}

/** Who stood there when: sorted, not overlapping, inside the window. */
function holders(installations: readonly Installation[], window: Interval): Installation[] {
  const latestFirst = [...installations].sort((a, b) => b.from - a.from || b.deviceKey - a.deviceKey);
  let taken: IntervalSet = merge([]);
  const held: Installation[] = [];
  for (const { from, to, deviceKey } of latestFirst) {
    const within = { from: Math.max(from, window.from), to: Math.min(to, window.to) };
    const free = subtract(merge([within]), taken);
    for (const stretch of free) held.push({ ...stretch, deviceKey });
    taken = union(taken, free);
  }
  return held.sort((a, b) => a.from - b.from);
}

function verdictOf({ state, cause, component }: Verdict): Verdict {
  return component === undefined ? { state, cause } : { state, cause, component };
}

/** What of a timeline lies inside a window. */
export function clipTimeline(timeline: Timeline, window: Interval): Timeline {
  const canvas: Canvas = [];
  for (const { from, to, ...verdict } of timeline) append(canvas, window, from, to, verdict);
  return canvas;
}
