import { CLAUSE_FIELDS, CLAUSE_FRESH } from './clauseFields.ts';
import type { Entry, Named } from './document.ts';
import { cycle, type Field, type Fresh, id, name, READINGS, source, title, words } from './field.ts';
import { METRIC_FIELDS, METRIC_FRESH } from './metricFields.ts';

const LIMITS = ['respond_ms', 'on_site_ms', 'restore_ms', 'repair_ms', 'replace_ms'];
const DUTY_FIELDS = (entry: Entry): readonly Field[] =>
  entry.kind === 'repair'
    ? [
        { key: 'clock', input: 'choice', values: ['always', 'service_hours'] },
        { key: 'severity', input: 'line', optional: true },
        ...LIMITS.map((key): Field => ({ key, input: 'limit' })),
      ]
    : [cycle];
const duty =
  (kind: string, more: Entry) =>
  (n: number): Entry => ({ id: `duty_${n}`, kind, title: words(), source: '', ...more });
/** Lists of the document: the fields of an entry and what a new one begins with. */
export const LISTS: Readonly<
  Record<Named, { readonly fields: (entry: Entry) => readonly Field[]; readonly fresh: Fresh }>
> = {
  parties: {
    fields: () => [{ key: 'role', input: 'choice', values: ['agency', 'contractor'] }, id, name],
    fresh: { '': (n) => ({ id: `party_${n}`, role: 'contractor', name: words() }) },
  },
  sub_periods: {
    fields: () => [
      { key: 'from', input: 'day' },
      { key: 'to', input: 'last_day' },
      { key: 'contractor', input: 'one', of: 'parties' },
      { key: 'part', input: 'fraction' },
      id,
    ],
    fresh: { '': (n) => ({ id: `part_${n}`, from: '', to: '', contractor: '' }) },
  },
  prices: {
    fields: () => [name, { key: 'amount_fen', input: 'money' }, id, source],
    fresh: { '': (n) => ({ id: `price_${n}`, name: words(), source: '', amount_fen: 0 }) },
  },
  duties: {
    fields: (entry) => [title, ...DUTY_FIELDS(entry), id, source],
    fresh: {
      repair: duty('repair', { clock: 'always' }),
      inspection: duty('inspection', { cycle: 'quarter' }),
      document: duty('document', { cycle: 'quarter' }),
    },
  },
  metrics: {
    fields: (entry) => [name, ...(METRIC_FIELDS[String(entry.kind)]?.(entry) ?? []), id, READINGS],
    fresh: METRIC_FRESH,
  },
  clauses: {
    fields: (entry) => [title, source, ...(CLAUSE_FIELDS[String(entry.form)]?.(entry) ?? []), id, READINGS],
    fresh: CLAUSE_FRESH,
  },
  schedule: {
    fields: () => [title, cycle, id, source, { key: 'clauses', input: 'many', of: 'clauses', wide: true }],
    fresh: { '': (n) => ({ id: `payment_${n}`, title: words(), source: '', cycle: 'month', clauses: [] }) },
  },
};
/** What is about the whole. */
export const HEAD: readonly Field[] = [
  { key: 'name', input: 'words', wide: true },
  { key: 'code', input: 'line' },
  { key: 'time_zone', input: 'line' },
];
export const TERM: readonly Field[] = [
  { key: 'from', input: 'day' },
  { key: 'to', input: 'last_day' },
];
export const SCOPE: readonly Field[] = [{ key: 'regions', input: 'codes', wide: true }];
export const COUNTING: readonly Field[] = [
  { key: 'unknown', input: 'choice', values: ['down', 'up', 'excluded'] },
  { key: 'platform', input: 'choice', values: ['excluded', 'down', 'up'] },
  { key: 'grace_days', input: 'whole', unit: 'days' },
  {
    key: 'exclusions',
    input: 'rows',
    wide: true,
    fresh: { '': (n) => ({ id: `reason_${n}`, text: words() }) },
    row: () => [{ key: 'text', input: 'words', label: 'reason' }, id],
  },
];
