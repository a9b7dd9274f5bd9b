/** A contract document as an editor holds it: what is there may be wrong, so nothing is taken for granted but that it is an object. */
export type Draft = Record<string, unknown>;
export type Entry = Record<string, unknown>;
export type Words = { zh: string; en: string };
/** Lists of the document whose entries are named by others. */
export const NAMED = ['parties', 'sub_periods', 'prices', 'duties', 'metrics', 'clauses', 'schedule'] as const;
export type Named = (typeof NAMED)[number];

export const isEntry = (value: unknown): value is Entry =>
  typeof value === 'object' && value !== null && !Array.isArray(value);
export const entriesOf = (draft: Draft, list: string): Entry[] => {
  const value = draft[list];
  return Array.isArray(value) ? value.filter(isEntry) : [];
};

/** Plain data from behind Vue's proxies, which `structuredClone` refuses. */
export function plain<T>(value: T): T {
  return JSON.parse(JSON.stringify(value)) as T;
}
/** A document of the API, which passes it as JSON. */
export const draftOf = (document: unknown): Draft => (isEntry(document) ? plain(document) : {});

/** Steps of a JSON pointer (RFC 6901). */
export function stepsOf(pointer: string): string[] {
  return pointer
    .split('/')
    .slice(1)
    .map((step) => step.replaceAll('~1', '/').replaceAll('~0', '~'));
}
export const pointer = (...steps: readonly (string | number)[]): string =>
  steps.map((step) => `/${String(step).replaceAll('~', '~0').replaceAll('/', '~1')}`).join('');

export function at(value: unknown, path: string): unknown {
  let here = value;
  for (const step of stepsOf(path)) {
    if (typeof here !== 'object' || here === null) return undefined;
    here = (here as Record<string, unknown>)[step];
  }
  return here;
}

/** What an entry is called: its words, else its id. */
export function nameOf(entry: unknown, language: keyof Words): string {
  if (!isEntry(entry)) return '';
  for (const words of [entry.title, entry.name, entry.text]) {
    if (isEntry(words) && typeof words[language] === 'string' && words[language] !== '') return words[language];
  }
  return typeof entry.id === 'string' ? entry.id : '';
}
