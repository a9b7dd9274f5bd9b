import { type Exact, exact, roundHalfUp, times } from './exact.ts';

/** Amounts are whole fen. Larger ones than this (100 trillion yuan) are refused, so that sums stay exact in JSON numbers. */
export const MAX_FEN = 10n ** 15n;

/** A share of an amount in fen, rounded half up at the fen; the one place where a line is rounded. */
export function shareOf(amountFen: bigint, share: Exact): bigint {
  return roundHalfUp(times(exact(amountFen), share));
}

/** Fen for JSON. Throws a RangeError beyond {@link MAX_FEN}. */
export function fenNumber(amountFen: bigint): number {
  if (amountFen > MAX_FEN || amountFen < -MAX_FEN) throw new RangeError(`amount out of range: ${amountFen} fen`);
  return Number(amountFen);
}

/** Yuan with two decimals and grouped thousands: 60000000 is `600,000.00`. */
export function formatFen(amountFen: bigint | number): string {
  const fen = BigInt(amountFen);
  const size = fen < 0n ? -fen : fen;
  const yuan = String(size / 100n).replace(/\B(?=(\d{3})+$)/g, ',');
  return `${fen < 0n ? '-' : ''}${yuan}.${String(size % 100n).padStart(2, '0')}`;
}

const DIGITS = ['零', '壹', '贰', '叁', '肆', '伍', '陆', '柒', '捌', '玖'];
const PLACES = ['', '拾', '佰', '仟'];
const GROUPS = ['', '万', '亿', '万亿'];

/**
 * The amount in capital words, `人民币陆拾万元整`, by the rules of the People's Bank of China for payment instruments
 * (《支付结算办法》 annex 1, 正确填写票据和结算凭证的基本规定): `整` after whole yuan and not after 角 or 分; one `零` for any run of
 * zeros inside; `壹拾` and not `拾`; `零` after 元 if there is a 分 and no 角. Where the rules leave a choice their first example is
 * followed: 1,680.32 is 壹仟陆佰捌拾元零叁角贰分, 107,000.53 is 壹拾万柒仟元零伍角叁分. Negative amounts begin with 负. Throws a RangeError from 10^16
 * yuan on.
 */
export function capitalRmb(amountFen: bigint | number): string {
  const fen = BigInt(amountFen);
  const size = fen < 0n ? -fen : fen;
  const yuan = size / 100n;
  const [jiao, cent] = [Number((size / 10n) % 10n), Number(size % 10n)];
  const head = `人民币${fen < 0n ? '负' : ''}`;
  if (size === 0n) return `${head}零元整`;
  const whole = yuan === 0n ? '' : `${wordsOf(yuan)}元`;
  if (jiao === 0 && cent === 0) return `${head}${whole}整`;
  const gap = yuan > 0n && (jiao === 0 || yuan % 10n === 0n) ? '零' : '';
  return `${head}${whole}${gap}${jiao > 0 ? `${DIGITS[jiao]}角` : ''}${cent > 0 ? `${DIGITS[cent]}分` : ''}`;
}

function wordsOf(yuan: bigint): string {
  if (yuan >= 10n ** 16n) throw new RangeError(`no words for ${yuan} yuan`);
  let words = '';
  let skipped = false;
  for (let group = GROUPS.length - 1; group >= 0; group--) {
    const value = Number((yuan / 10n ** BigInt(4 * group)) % 10_000n);
    if (value === 0) {
      skipped ||= words !== '';
      continue;
    }
    if (words !== '' && (skipped || value < 1000)) words += '零';
    words += thousands(value) + GROUPS[group];
    skipped = false;
  }
  // 1,0000,0000,0000 and more: 亿 is said once, behind what counts it.
  return words.replace(/万亿(.*亿)/, '万$1');
}

/** 1 to 9,999. */
function thousands(value: number): string {
  const digits = [...String(value)].map(Number);
  let words = '';
  let skipped = false;
  digits.forEach((digit, i) => {
    if (digit === 0) {
      skipped = true;
      return;
    }
    words += `${skipped ? '零' : ''}${DIGITS[digit]}${PLACES[digits.length - 1 - i]}`;
    skipped = false;
  });
  return words;
}
