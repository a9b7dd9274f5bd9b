import type { Interval, IntervalSet } from '../intervals.ts';
import type { Segment, Timeline } from './types.ts';

/** A stretch without its bounds: what holds. */
export type Verdict = Omit<Segment, 'from' | 'to'>;

/** A timeline under construction, written from the left. */
export type Canvas = (Verdict & { from: number; to: number })[];

/** Adds what `[from, to)` shares with the window; a neighbour of the same verdict grows instead. Calls come in order of time. */
export function append(canvas: Canvas, window: Interval, from: number, to: number, verdict: Verdict): void {
  const start = Math.max(from, window.from);
  const end = Math.min(to, window.to);
  if (start >= end) return;
  const last = canvas.at(-1);
  if (last !== undefined && last.to === start && sameVerdict(last, verdict)) last.to = end;
  else canvas.push({ ...verdict, from: start, to: end });
}

function sameVerdict(a: Verdict, b: Verdict): boolean {
  return a.state === b.state && a.cause === b.cause && a.component === b.component && a.deviceKey === b.deviceKey;
}

/** The timeline with `paint` applied to whatever of it lies inside the set; `paint` returns its argument to leave it as it is. */
export function repaint(timeline: Timeline, set: IntervalSet, paint: (verdict: Verdict) => Verdict): Timeline {
  const [first, last] = [timeline[0], timeline.at(-1)];
  if (first === undefined || last === undefined || set.length === 0) return timeline;
  const window = { from: first.from, to: last.to };
  const canvas: Canvas = [];
  let i = 0;
  for (const segment of timeline) {
    const { from, to, ...verdict } = segment;
    let at = from;
    for (let next = set[i]; next !== undefined && next.from < to; next = set[i]) {
      append(canvas, window, at, Math.min(next.from, to), verdict);
      append(canvas, window, Math.max(at, next.from), Math.min(next.to, to), paint(verdict));
      at = Math.max(at, Math.min(next.to, to));
      if (next.to > to) break;
      i++;
    }
    append(canvas, window, at, to, verdict);
  }
  return canvas;
}
