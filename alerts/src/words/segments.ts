/**
 * How a text travels as SMS (3GPP TS 23.038): GSM 7-bit if every character allows, else UCS-2. One message holds 160 septets or
 * 70 units; a longer text is cut into parts of 153 or 67, since each part carries a header.
 */
export interface SmsSize {
  readonly encoding: 'gsm7' | 'ucs2';
  /** Septets or UTF-16 units. */
  readonly units: number;
  readonly segments: number;
}

const SINGLE = { gsm7: 160, ucs2: 70 } as const;
const PART = { gsm7: 153, ucs2: 67 } as const;

const GSM7_BASIC = new Set(
  '@£$¥èéùìòÇ\nØø\rÅåΔ_ΦΓΛΩΠΨΣΘΞÆæßÉ !"#¤%&\'()*+,-./0123456789:;<=>?¡ABCDEFGHIJKLMNOPQRSTUVWXYZÄÖÑÜ§¿abcdefghijklmnopqrstuvwxyzäöñüà',
);
/** Each takes two septets. */
const GSM7_EXTENDED = new Set('\f^{}\\[~]|€');

/** Counts units and segments of `text`. An empty text is one segment. */
export function smsSize(text: string): SmsSize {
  const septets = gsm7Septets(text);
  const encoding = septets === null ? 'ucs2' : 'gsm7';
  const units = septets ?? text.length;
  return { encoding, units, segments: units <= SINGLE[encoding] ? 1 : Math.ceil(units / PART[encoding]) };
}

/** Septets of `text`, or null if one of its characters needs UCS-2. */
function gsm7Septets(text: string): number | null {
  let septets = 0;
  for (const char of text) {
    if (GSM7_BASIC.has(char)) septets += 1;
    else if (GSM7_EXTENDED.has(char)) septets += 2;
    else return null;
  }
  return septets;
}

/** `text` in at most `units` UTF-16 units, an ellipsis in place of what is cut; surrogate pairs stay whole. */
export function cut(text: string, units: number): string {
  if (text.length <= units) return text;
  let kept = '';
  for (const char of text) {
    if (kept.length + char.length > units - 1) break;
    kept += char;
  }
  return `${kept.trimEnd()}…`;
}
