import type { Side } from '../../exclusions/parties.ts';

export const WORDS = ['serious', 'ordinary', 'invalid'] as const;
export const COMPLAINT_STATES = ['open', 'disputed', 'valid', 'invalid'] as const;
/** Days that a side has for its word once the other has spoken; silence after that agrees. */
export const ANSWER_DAYS = 10;
export const ANSWER_MS = ANSWER_DAYS * 86_400_000;

/** What a side says of a complaint: valid and of this class, or not valid. */
export type Word = (typeof WORDS)[number];
export type ComplaintState = (typeof COMPLAINT_STATES)[number];

export interface BothWords {
  readonly agency: Word | null;
  readonly contractor: Word | null;
}

export interface Standing {
  readonly state: ComplaintState;
  /** Of a valid one. */
  readonly class: 'serious' | 'ordinary' | null;
}

/** What two words come to: equal ones decide, different ones dispute, and as long as one is missing nothing is decided. */
export function standingOf({ agency, contractor }: BothWords): Standing {
  if (agency === null || contractor === null) return { state: 'open', class: null };
  if (agency !== contractor) return { state: 'disputed', class: null };
  return agency === 'invalid' ? { state: 'invalid', class: null } : { state: 'valid', class: agency };
}

/**
 * Why a side may not say this now, or null. A side speaks once, and for itself alone. Afterwards it can only give way: in a dispute it
 * may take over the other's word. What both agreed on stands.
 */
export function wordRefusal(words: BothWords, side: Side, word: Word): 'said' | 'decided' | null {
  const { state } = standingOf(words);
  if (state === 'valid' || state === 'invalid') return 'decided';
  const own = words[side];
  if (own === null) return null;
  const other = words[side === 'agency' ? 'contractor' : 'agency'];
  return state === 'disputed' && word === other ? null : 'said';
}
