/** Beats of one kind of one device, flat: instant (Unix ms), sequence number, and so on. Any order, none twice. */
export type Beats = number[];

/** Beats that follow each other within L: first and last, in order of instant and, of one instant, sequence number. */
export interface Span {
  readonly from: number;
  readonly to: number;
  readonly fromSeq: number;
  readonly toSeq: number;
}

/** Beats as spans in order of time. The same cut as that of the ledger's runs, so that a span may be appended to a run. */
export function spansOf(beats: Beats, livenessMs: number): readonly Span[] {
  if (beats.length === 0) return [];
  const ordered = isOrdered(beats) ? beats : inOrder(beats);
  const spans: Span[] = [];
  let first = 0;
  for (let i = 2; i <= ordered.length; i += 2) {
    if (i < ordered.length && at(ordered, i) - at(ordered, i - 2) <= livenessMs) continue;
    const last = i - 2;
    spans.push({
      from: at(ordered, first),
      to: at(ordered, last),
      fromSeq: at(ordered, first + 1),
      toSeq: at(ordered, last + 1),
    });
    first = i;
  }
  return spans;
}

function isOrdered(beats: Beats): boolean {
  for (let i = 2; i < beats.length; i += 2) {
    const apart = at(beats, i) - at(beats, i - 2);
    if (apart < 0 || (apart === 0 && at(beats, i + 1) < at(beats, i - 1))) return false;
  }
  return true;
}

function inOrder(beats: Beats): Beats {
  const pairs: [ms: number, seq: number][] = [];
  for (let i = 0; i < beats.length; i += 2) pairs.push([at(beats, i), at(beats, i + 1)]);
  return pairs.sort((a, b) => a[0] - b[0] || a[1] - b[1]).flat();
}

function at(beats: Beats, i: number): number {
  return beats[i] ?? 0;
}
