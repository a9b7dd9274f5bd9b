/**
 * Shares `total` out over `weights` in whole numbers by largest remainder, at least `minimum` each (then `total` must suffice).
 * Ties go to the earlier entry, so the result is a function of its arguments.
 */
export function allot(total: number, weights: readonly number[], minimum = 0): number[] {
  const sum = weights.reduce((a, b) => a + b, 0);
  const free = total - minimum * weights.length;
  if (free < 0 || sum <= 0) throw new RangeError(`can not allot ${total} over ${weights.length} entries`);
  const exact = weights.map((w) => (w * free) / sum);
  const parts = exact.map((x) => Math.floor(x) + minimum);
  let rest = total - parts.reduce((a, b) => a + b, 0);
  const order = exact.map((x, i) => ({ i, part: x - Math.floor(x) })).sort((a, b) => b.part - a.part || a.i - b.i);
  for (const { i } of order) {
    if (rest-- <= 0) break;
    parts[i] = (parts[i] ?? 0) + 1;
  }
  return parts;
}
