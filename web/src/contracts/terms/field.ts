import type { Entry, Named, Words } from './document.ts';

interface Base {
  /** Under which the value stands. */
  readonly key: string;
  /** Under `terms.field.`, where it is not the key. */
  readonly label?: string;
  readonly wide?: true;
}
/** One value of a form, and how it is asked for and shown. Everything about the document's shape that forms and words need is here. */
export type Field = Base &
  (
    | { readonly input: 'id' | 'words' | 'day' | 'last_day' | 'money' | 'fraction' | 'codes' | 'json' }
    | { readonly input: 'line'; readonly optional?: true }
    /** Text of a decimal; null where it may be left open, said by `open`. */
    | { readonly input: 'decimal' | 'percent'; readonly open?: string; readonly optional?: true }
    | { readonly input: 'whole'; readonly unit: string }
    /** ms; nothing: no limit. */
    | { readonly input: 'limit' }
    | { readonly input: 'choice'; readonly values: readonly string[]; readonly optional?: true }
    | { readonly input: 'one'; readonly of: Named }
    | { readonly input: 'many'; readonly of: Named }
    /** A price, or what clauses come to together; a metric, or the points of a scorecard. */
    | { readonly input: 'of' | 'subject' }
    | { readonly input: 'option_points' }
    | {
        readonly input: 'rows';
        readonly row: (row: Entry) => readonly Field[];
        readonly fresh: Fresh;
        readonly optional?: true;
      }
  );
/** New rows by the name of their kind; one kind has the name ''. */
export type Fresh = Readonly<Record<string, (n: number) => Entry>>;

export const words = (zh = '', en = ''): Words => ({ zh, en });
export const id: Field = { key: 'id', input: 'id' };
export const title: Field = { key: 'title', input: 'words', wide: true };
export const name: Field = { key: 'name', input: 'words', wide: true };
export const source: Field = { key: 'source', input: 'line', wide: true };
const CYCLES = ['once', 'week', 'month', 'quarter', 'half_year', 'year', 'term'] as const;
export const cycle: Field = { key: 'cycle', input: 'choice', values: CYCLES };
const OPTIONS: Field = {
  key: 'options',
  input: 'rows',
  optional: true,
  wide: true,
  fresh: { '': () => ({ value: '', text: words() }) },
  row: () => [
    { key: 'value', input: 'json' },
    { key: 'text', input: 'words', label: 'reading' },
  ],
};
/** Readings of the text where it is silent. */
export const READINGS: Field = {
  key: 'interpretations',
  input: 'rows',
  optional: true,
  wide: true,
  fresh: { '': (n) => ({ id: `reading_${n}`, text: words() }) },
  row: () => [
    { key: 'text', input: 'words', label: 'reading', wide: true },
    id,
    { key: 'field', input: 'line', label: 'reading_of' },
    OPTIONS,
  ],
};
