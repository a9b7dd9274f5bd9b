/**
 * Questions put to a growing instant. Each of these functions sorts its input once and returns a predicate or value of an instant
 * that must never go back between calls.
 */

interface Span {
  readonly from: number;
  readonly to: number;
}

/** The latest end among the spans that have begun; negative infinity before the first. Spans may overlap and come in any order. */
export function latestEnd(spans: readonly Span[]): (instant: number) => number {
  const begun = [...spans].sort((a, b) => a.from - b.from);
  let next = 0;
  let end = Number.NEGATIVE_INFINITY;
  return (instant) => {
    for (let span = begun[next]; span !== undefined && span.from <= instant; span = begun[++next]) {
      if (span.from < span.to && span.to > end) end = span.to;
    }
    return end;
  };
}

/** Is the instant in any of the spans? */
export function insideOf(spans: readonly Span[]): (instant: number) => boolean {
  const end = latestEnd(spans);
  return (instant) => instant < end(instant);
}
