/**
 * Rates are exact fractions of integers, compared by cross-multiplication in BigInt and shown truncated: a rate is never rounded
 * up over a threshold that it has not reached (R-HN-9).
 */
export interface Fraction {
  readonly num: number;
  readonly den: number;
}

/** -1, 0 or 1 as `a` is below, equal to or above `b`. Denominators must be positive safe integers. */
export function compareFractions(a: Fraction, b: Fraction): -1 | 0 | 1 {
  const left = BigInt(a.num) * BigInt(b.den);
  const right = BigInt(b.num) * BigInt(a.den);
  return left < right ? -1 : left > right ? 1 : 0;
}

/** The fraction as a percentage, truncated to `decimals` places: 949996/1000000 shows as `94.99` with two. */
export function showPercent({ num, den }: Fraction, decimals = 2): string {
  const scale = 10n ** BigInt(decimals);
  const scaled = (BigInt(num) * 100n * scale) / BigInt(den);
  if (decimals === 0) return String(scaled);
  return `${scaled / scale}.${String(scaled % scale).padStart(decimals, '0')}`;
}
