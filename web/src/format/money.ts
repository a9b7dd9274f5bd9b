/** Money is whole fen, everywhere. Rates and points are fractions of digits, as statements hold them; nothing here rounds up. */

const MAX_FEN = 10n ** 15n;

/** `¥1,000,000.00`, `−¥140.00`. The minus is a minus sign, as wide as a digit. */
export function yuan(fen: number): string {
  return `${fen < 0 ? '−' : ''}¥${amount(Math.abs(fen))}`;
}

/** With its sign, for differences: `+¥12.00`, `−¥12.00`, `¥0.00`. */
export function signedYuan(fen: number): string {
  return fen > 0 ? `+${yuan(fen)}` : yuan(fen);
}

/** `1,000,000.00`, without a sign of currency, for columns that say it in their head. */
export function amount(fen: number): string {
  const size = BigInt(Math.abs(fen));
  const whole = String(size / 100n).replace(/\B(?=(\d{3})+$)/g, ',');
  return `${fen < 0 ? '−' : ''}${whole}.${String(size % 100n).padStart(2, '0')}`;
}

/** Yuan as people type them (`1,000,000`, `12.5`) in fen; null for anything else, for fractions of a fen and for too much. */
export function fenOf(text: string): number | null {
  const [, whole, cents = ''] = /^(\d{1,14})(?:\.(\d{1,2}))?$/.exec(text.replace(/[,，\s¥￥]/g, '')) ?? [];
  if (whole === undefined) return null;
  const fen = BigInt(`${whole}${cents.padEnd(2, '0')}`);
  return fen > MAX_FEN ? null : Number(fen);
}

/** A fraction as JSON holds it: digits, denominator positive. */
export interface Digits {
  readonly num: string | number;
  readonly den: string | number;
}

/** In full where it ends within `places` decimals, else cut towards zero with `…` behind. */
export function exactText(digits: Digits, places = 4): string {
  const [num, den] = [BigInt(digits.num), BigInt(digits.den)];
  if (den <= 0n) return '–';
  const scale = 10n ** BigInt(places);
  const size = num < 0n ? -num : num;
  const scaled = (size * scale) / den;
  const decimals = String(scaled % scale)
    .padStart(places, '0')
    .replace(/0+$/, '');
  const tail = (size * scale) % den === 0n ? '' : '…';
  return `${num < 0n ? '−' : ''}${scaled / scale}${decimals && `.${decimals}`}${tail}`;
}

/** A share in percent: `60%`, `94.9999…%`. */
export function shareText({ num, den }: Digits, places = 4): string {
  return `${exactText({ num: String(BigInt(num) * 100n), den }, places)}%`;
}
