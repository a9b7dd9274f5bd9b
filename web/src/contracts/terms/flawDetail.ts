/** What is said of a flaw beyond its code: which numbers and which names. The core tells reasons in English; these are its sentences. */
const DETAILS = [
  ['between', /^nothing is said of values from (.+) to (.+)$/],
  ['onFrom', /^nothing is said of values from (.+) on$/],
  ['upTo', /^nothing is said of values up to (.+)$/],
  ['together', /^nothing is said of (.+) with (.+)$/],
  ['inside', /^begins at (.+) inside /],
  ['above', /^(.+) is above (.+)$/],
  ['percent', /^(\d\S*) % is more than all of it$/],
  ['needs', /^(.+) needs (.+), which is not in this instalment$/],
  ['nobody', /^nobody serves from (.+) to (.+)$/],
  ['these', /^there is no (?:[a-z]+ )*(\S+)$/],
  ['these', /^(\S+) is (?:taken|listed twice|no scorecard and has no points)$/],
  ['these', /^no instalment lists (.+)$/],
  ['these', /^(.+): each needs the other's result$/],
  ['these', /^nobody knows (.+)$/],
  ['these', /^\S+ can(?:'t)? be (.+)$/],
] as const;
const ENDS = { 'the bottom': 'bottom', 'the top': 'top' } as const;
const ID = /[a-z][a-z0-9_]*/g;

export interface FlawDetail {
  readonly key: (typeof DETAILS)[number][0];
  readonly a: string;
  readonly b: string;
}

/** Takes a reason apart; null if the core has learnt a new one. `nameOf` gives the name of an id, `endOf` the word for an open end. */
export function detailOf(
  reason: string,
  nameOf: (id: string) => string,
  endOf: (end: 'bottom' | 'top') => string,
): FlawDetail | null {
  const word = (text = ''): string =>
    text === 'the bottom' || text === 'the top' ? endOf(ENDS[text]) : text.replace(ID, nameOf);
  for (const [key, pattern] of DETAILS) {
    const found = pattern.exec(reason);
    if (found !== null) return { key, a: word(found[1]), b: word(found[2]) };
  }
  return null;
}
