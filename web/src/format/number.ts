import type { Locale } from '../app/preferences.ts';

const grouped = new Intl.NumberFormat('en-US');

/** Whole numbers with separators: `2,754`. */
export function count(value: number): string {
  return grouped.format(value);
}

/** At most `digits` decimals, no trailing zeros. */
export function decimal(value: number, digits: number): string {
  return new Intl.NumberFormat('en-US', { maximumFractionDigits: digits }).format(value);
}

/**
 * A share in percent, truncated and never rounded up over a threshold: 94.9996 is shown as 94.99. An empty whole has no share.
 */
export function percent(part: number, whole: number, digits = 1): string {
  if (whole <= 0) return '–';
  const scale = 10 ** digits;
  const units = Number((BigInt(Math.trunc(part)) * 100n * BigInt(scale)) / BigInt(Math.trunc(whole)));
  return `${(units / scale).toFixed(digits)}%`;
}

const BYTE_UNITS = ['B', 'kB', 'MB', 'GB', 'TB'] as const;

/** Sizes in powers of 1,000, as operators bill them: `38.2 MB`. */
export function bytes(value: number): string {
  let size = value;
  let index = 0;
  while (Math.abs(size) >= 999.5 && index < BYTE_UNITS.length - 1) {
    size /= 1000;
    index += 1;
  }
  return `${decimal(size, index === 0 || size >= 100 ? 0 : 1)} ${BYTE_UNITS[index]}`;
}

/** `甲、乙和丙` / `a, b and c`. */
export function listWords(words: readonly string[], locale: Locale): string {
  return new Intl.ListFormat(locale, { type: 'conjunction' }).format(words);
}
