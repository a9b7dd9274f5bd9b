/**
 * Interval algebra on instants in integer milliseconds. Every interval is half-open, `[from, to)` with `from < to`.
 */

export interface Interval {
  readonly from: number;
  readonly to: number;
}

/**
 * A set of instants as its shortest list of intervals: sorted by `from`, none empty, none touching or overlapping another. Only
 * the functions of this module make one; they never change their inputs.
 */
export type IntervalSet = readonly Interval[] & { readonly [coalesced]: true };
declare const coalesced: unique symbol;

const asSet = (intervals: readonly Interval[]): IntervalSet => intervals as IntervalSet;

/** No instant at all. */
export const EMPTY: IntervalSet = asSet([]);

/**
 * The instants that lie in any of the given intervals, whatever their order, overlap or repetition. Empty and reversed intervals
 * contribute nothing. Throws a RangeError if a bound is not a safe integer.
 */
export function merge(intervals: readonly Interval[]): IntervalSet {
  const sorted = intervals.filter(({ from, to }) => checked(from) < checked(to)).sort((a, b) => a.from - b.from);
  const merged: { from: number; to: number }[] = [];
  for (const { from, to } of sorted) {
    const last = merged.at(-1);
    if (last !== undefined && from <= last.to) last.to = Math.max(last.to, to);
    else merged.push({ from, to });
  }
  return asSet(merged);
}

/** The instants in both sets. */
export function intersect(a: IntervalSet, b: IntervalSet): IntervalSet {
  const common: Interval[] = [];
  let i = 0;
  let j = 0;
  for (let x = a[i], y = b[j]; x !== undefined && y !== undefined; x = a[i], y = b[j]) {
    const from = Math.max(x.from, y.from);
    const to = Math.min(x.to, y.to);
    if (from < to) common.push({ from, to });
    if (x.to < y.to) i++;
    else j++;
  }
  return asSet(common);
}

/** The instants in either set. */
export function union(a: IntervalSet, b: IntervalSet): IntervalSet {
  return merge([...a, ...b]);
}

/** The instants of `a` that are not in `b`. */
export function subtract(a: IntervalSet, b: IntervalSet): IntervalSet {
  const rest: Interval[] = [];
  let j = 0;
  for (const { from, to } of a) {
    let at = from;
    for (let y = b[j]; y !== undefined && y.from < to; y = b[j]) {
      if (y.from > at) rest.push({ from: at, to: y.from });
      at = Math.max(at, y.to);
      if (y.to > to) break;
      j++;
    }
    if (at < to) rest.push({ from: at, to });
  }
  return asSet(rest);
}

/** The instants of `within` that are not in `a`. */
export function complement(a: IntervalSet, within: Interval): IntervalSet {
  return subtract(merge([within]), a);
}

/** The instants of `a` inside one window. */
export function clip(a: IntervalSet, within: Interval): IntervalSet {
  return intersect(a, merge([within]));
}

/** Length of the set, ms. */
export function duration(a: IntervalSet): number {
  return a.reduce((sum, { from, to }) => sum + to - from, 0);
}

/** True if the instant lies in the set. */
export function contains(a: IntervalSet, instant: number): boolean {
  let low = 0;
  let high = a.length - 1;
  while (low <= high) {
    const middle = (low + high) >> 1;
    const { from, to } = a[middle] ?? { from: Number.POSITIVE_INFINITY, to: 0 };
    if (instant < from) high = middle - 1;
    else if (instant >= to) low = middle + 1;
    else return true;
  }
  return false;
}

function checked(instant: number): number {
  if (!Number.isSafeInteger(instant)) throw new RangeError(`not an instant in integer ms: ${instant}`);
  return instant;
}
