import type { Side } from '../../exclusions/parties.ts';

export const DUE_STATES = ['open', 'submitted', 'accepted', 'returned', 'waived'] as const;
export const DOCUMENT_ACTIONS = ['submit', 'accept', 'return', 'waive'] as const;
export const DOCUMENT_MARKS = ['pending', 'missing', 'on_time', 'late', 'waived'] as const;

export type DueState = (typeof DUE_STATES)[number];
export type DocumentAction = (typeof DOCUMENT_ACTIONS)[number];
export type DocumentMark = (typeof DOCUMENT_MARKS)[number];

/** States in which an act is possible, and whose act it is: the contractor owes, the agency takes. */
const RULES: Readonly<Record<DocumentAction, { readonly side: Side; readonly from: readonly DueState[] }>> = {
  submit: { side: 'contractor', from: ['open', 'submitted', 'returned'] },
  accept: { side: 'agency', from: ['submitted'] },
  return: { side: 'agency', from: ['submitted'] },
  waive: { side: 'agency', from: ['open', 'returned'] },
};

/** Why not, or null: it is the other side's act, or the document stands in another state. */
export function documentRefusal(action: DocumentAction, state: DueState, side: Side): 'other_side' | 'state' | null {
  const rule = RULES[action];
  if (rule.side !== side) return 'other_side';
  return rule.from.includes(state) ? null : 'state';
}

/**
 * The instant that counts after handing in: the first time of a run that nobody returned. To add a page to what is handed in already
 * costs nothing; after a return the clock of the new one counts.
 */
export function standingSince(state: DueState, submittedAt: number | null, nowMs: number): number {
  return state === 'submitted' && submittedAt !== null ? submittedAt : nowMs;
}

/** What a document counts as, as in the figures. */
export function documentMark(
  { state, dueAt, submittedAt }: { state: DueState; dueAt: number; submittedAt: number | null },
  nowMs: number,
): DocumentMark {
  if (state === 'waived') return 'waived';
  if (submittedAt !== null) return submittedAt <= dueAt ? 'on_time' : 'late';
  return nowMs > dueAt ? 'missing' : 'pending';
}
