import { type BigFraction, compareFractions } from '../rates.ts';

/** An exact number: bigints, denominator positive, reduced. Points, shares and bases are never doubles. */
export type Exact = BigFraction;

/** Whole numbers as data brings them: a safe integer, a bigint, or decimal digits where JSON can't hold it. */
export type Whole = number | bigint | string;

/** A number as data brings it: whole, a decimal like `93.4`, or a fraction. */
export type Quantity = Whole | { readonly num: Whole; readonly den: Whole };

export const ZERO: Exact = { num: 0n, den: 1n };

/** The reduced fraction. Throws a RangeError if the denominator is zero. */
export function exact(num: bigint, den = 1n): Exact {
  if (den === 0n) throw new RangeError('a fraction needs a denominator');
  const divisor = (den < 0n ? -1n : 1n) * gcd(num < 0n ? -num : num, den < 0n ? -den : den);
  return { num: num / divisor, den: den / divisor };
}

function gcd(a: bigint, b: bigint): bigint {
  return b === 0n ? a : gcd(b, a % b);
}

/** A decimal as people write it, `0.5`, `-2`, `93.4`. Throws a RangeError if it is none. */
export function parseDecimal(text: string): Exact {
  const [, sign, whole, decimals = ''] = /^(-?)(\d{1,30})(?:\.(\d{1,12}))?$/.exec(text) ?? [];
  if (whole === undefined) throw new RangeError(`not a decimal number: ${text}`);
  return exact(BigInt(`${sign}${whole}${decimals}`), 10n ** BigInt(decimals.length));
}

/** A percentage like `95` as a fraction of one. Throws a RangeError if it is no decimal. */
export function percentOf(text: string): Exact {
  return times(parseDecimal(text), exact(1n, 100n));
}

/** The number that a quantity means. Throws a RangeError for what is not exact: unsafe or broken doubles, a zero denominator. */
export function quantity(value: Quantity): Exact {
  if (typeof value === 'string') return parseDecimal(value);
  if (typeof value === 'object') return exact(whole(value.num), whole(value.den));
  return exact(whole(value));
}

/** The whole number as a bigint. Throws a RangeError if it is none. */
export function whole(value: Whole): bigint {
  if (typeof value === 'number' && !Number.isSafeInteger(value)) throw new RangeError(`not a safe integer: ${value}`);
  if (typeof value === 'string' && !/^-?\d{1,40}$/.test(value)) throw new RangeError(`not a whole number: ${value}`);
  return BigInt(value);
}

export function plus(a: Exact, b: Exact): Exact {
  return exact(a.num * b.den + b.num * a.den, a.den * b.den);
}

export function minus(a: Exact, b: Exact): Exact {
  return plus(a, { num: -b.num, den: b.den });
}

export function times(a: Exact, b: Exact): Exact {
  return exact(a.num * b.num, a.den * b.den);
}

export function sum(all: Iterable<Exact>): Exact {
  let total = ZERO;
  for (const one of all) total = plus(total, one);
  return total;
}

/** The mean; null of nothing. */
export function mean(all: readonly Exact[]): Exact | null {
  return all.length === 0 ? null : times(sum(all), exact(1n, BigInt(all.length)));
}

export function least(a: Exact, b: Exact): Exact {
  return compareFractions(a, b) <= 0 ? a : b;
}

export function most(a: Exact, b: Exact): Exact {
  return compareFractions(a, b) >= 0 ? a : b;
}

/** The greatest whole number not above it. */
export function floor({ num, den }: Exact): bigint {
  const cut = num / den;
  return num < 0n && cut * den !== num ? cut - 1n : cut;
}

/** To the nearest whole number, halves away from zero: a deduction of half a fen is a fen. */
export function roundHalfUp({ num, den }: Exact): bigint {
  const size = num < 0n ? -num : num;
  const rounded = (2n * size + den) / (2n * den);
  return num < 0n ? -rounded : rounded;
}

/** As a decimal: in full where it ends within `decimals` places, else truncated towards zero with `…` behind. */
export function showExact({ num, den }: Exact, decimals = 4): string {
  const scale = 10n ** BigInt(decimals);
  const size = num < 0n ? -num : num;
  const scaled = (size * scale) / den;
  const digits = String(scaled % scale)
    .padStart(decimals, '0')
    .replace(/0+$/, '');
  const ends = (size * scale) % den === 0n;
  return `${num < 0n ? '-' : ''}${scaled / scale}${digits && `.${digits}`}${ends ? '' : '…'}`;
}
