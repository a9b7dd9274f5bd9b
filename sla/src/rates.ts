/**
 * Rates are exact fractions of integers, compared by cross-multiplication in BigInt and shown truncated: a rate is never rounded
 * up over a threshold that it has not reached (R-HN-9).
 */
export interface Fraction {
  readonly num: number;
  readonly den: number;
}

/** A fraction beyond what doubles hold, like a mean of many rates. */
export interface BigFraction {
  readonly num: bigint;
  readonly den: bigint;
}

/** -1, 0 or 1 as `a` is below, equal to or above `b`. Denominators must be positive, numbers safe integers. */
export function compareFractions(a: Fraction | BigFraction, b: Fraction | BigFraction): -1 | 0 | 1 {
  const left = BigInt(a.num) * BigInt(b.den);
  const right = BigInt(b.num) * BigInt(a.den);
  return left < right ? -1 : left > right ? 1 : 0;
}

/** The fraction as a percentage, truncated to `decimals` places: 949996/1000000 shows as `94.99` with two. */
export function showPercent({ num, den }: Fraction | BigFraction, decimals = 2): string {
  const scale = 10n ** BigInt(decimals);
  const scaled = (BigInt(num) * 100n * scale) / BigInt(den);
  if (decimals === 0) return String(scaled);
  return `${scaled / scale}.${String(scaled % scale).padStart(decimals, '0')}`;
}

/** A percentage as people write it, `95` or `99.95`, as an exact fraction. Throws a RangeError unless it lies in 0..100. */
export function parsePercent(percent: string): Fraction {
  const [, whole, decimals = ''] = /^(\d{1,3})(?:\.(\d{1,6}))?$/.exec(percent) ?? [];
  const fraction = { num: Number(`${whole}${decimals}`), den: 100 * 10 ** decimals.length };
  if (whole === undefined || fraction.num > fraction.den)
    throw new RangeError(`not a percentage from 0 to 100: ${percent}`);
  return fraction;
}

/** True if the rate is at least the percentage, judged by the exact rate and not by what is shown of it. */
export function reaches(rate: Fraction | BigFraction, percent: string): boolean {
  return compareFractions(rate, parsePercent(percent)) >= 0;
}
