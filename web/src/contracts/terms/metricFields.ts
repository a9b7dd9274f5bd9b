import type { Entry } from './document.ts';
import { type Field, type Fresh, id, name, words } from './field.ts';

const named = (key: string): Field => ({
  key,
  input: 'rows',
  wide: true,
  fresh: { '': (n) => ({ id: `option_${n}`, name: words() }) },
  row: () => [name, id],
});
const duties: Field = { key: 'duties', input: 'many', of: 'duties', wide: true };
const when_none: Field = { key: 'when_none', input: 'choice', values: ['full', 'missing'] };

/** What the platform counts of itself; nothing: both sides agree on the value. */
const takenFrom = (values: readonly string[]): Field => ({
  key: 'taken_from',
  input: 'choice',
  values,
  optional: true,
});

/** Fields of a metric by its kind. */
export const METRIC_FIELDS: Readonly<Record<string, (entry: Entry) => readonly Field[]>> = {
  availability: (entry) => [
    { key: 'dimension', input: 'choice', values: ['equipment', 'network'] },
    { key: 'aggregation', input: 'choice', values: ['time_weighted', 'mean_of_stations', 'daily_count'] },
    ...(entry.aggregation === 'daily_count' ? [{ key: 'max_down_ms', input: 'limit' } as const] : []),
  ],
  repair_timeliness: () => [duties, when_none],
  inspection_rate: () => [duties, when_none],
  share: () => [when_none],
  late_documents: () => [duties],
  complaints: () => [{ key: 'class', input: 'choice', values: ['serious', 'ordinary'], optional: true }],
  count: () => [takenFrom(['recurring_faults', 'resolved_complaints'])],
  rating: () => [{ ...named('items'), optional: true } as Field],
  choice: () => [named('options')],
  list: () => [{ key: 'unit', input: 'choice', values: ['day', 'point'] }, takenFrom(['monthly_ratings'])],
};
const metricOf =
  (kind: string, more: Entry = {}) =>
  (n: number): Entry => ({ id: `metric_${n}`, kind, name: words(), ...more });
/** New metrics by their kind. */
export const METRIC_FRESH: Fresh = {
  availability: metricOf('availability', { dimension: 'equipment', aggregation: 'time_weighted' }),
  repair_timeliness: metricOf('repair_timeliness', { duties: [], when_none: 'full' }),
  inspection_rate: metricOf('inspection_rate', { duties: [], when_none: 'full' }),
  late_documents: metricOf('late_documents', { duties: [] }),
  complaints: metricOf('complaints'),
  rating: metricOf('rating'),
  share: metricOf('share', { when_none: 'missing' }),
  count: metricOf('count'),
  choice: metricOf('choice', {
    options: [
      { id: 'yes', name: words() },
      { id: 'no', name: words() },
    ],
  }),
  list: metricOf('list', { unit: 'day' }),
};
