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

const words = (zh = '', en = ''): Words => ({ zh, en });
const id: Field = { key: 'id', input: 'id' };
const title: Field = { key: 'title', input: 'words', wide: true };
const name: Field = { key: 'name', input: 'words', wide: true };
const source: Field = { key: 'source', input: 'line', wide: true };
const CYCLES = ['once', 'week', 'month', 'quarter', 'half_year', 'year', 'term'] as const;
const cycle: Field = { key: 'cycle', input: 'choice', values: CYCLES };
const effect: Field = { key: 'effect', input: 'choice', values: ['deduct', 'pay'] };
const counting: Field = { key: 'counting', input: 'choice', values: ['whole', 'pro_rata'] };
const of: Field = { key: 'of', input: 'of', wide: true };
const subject: Field = { key: 'subject', input: 'subject', wide: true };
const percent: Field = { key: 'percent', input: 'percent' };
const metric: Field = { key: 'metric', input: 'one', of: 'metrics' };
const BOUNDS: readonly Field[] = [
  { key: 'at_least', input: 'decimal', open: 'bottom' },
  { key: 'below', input: 'decimal', open: 'top' },
];
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

const METRIC_FIELDS: Readonly<Record<string, (entry: Entry) => readonly Field[]>> = {
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
const item =
  (more: Entry) =>
  (n: number): Entry => ({ id: `item_${n}`, title: words(), metric: '', ...more });
const open = { at_least: null, below: null };
const ITEM_FIELDS: Readonly<Record<string, readonly Field[]>> = {
  shortfall: [
    { key: 'worth', input: 'decimal' },
    { key: 'target', input: 'percent' },
    { key: 'per_point', input: 'decimal' },
    { key: 'least', input: 'decimal' },
  ],
  per_event: [
    { key: 'worth', input: 'decimal' },
    { key: 'points_each', input: 'decimal' },
    { key: 'least', input: 'decimal', optional: true },
  ],
  bands: [
    {
      key: 'bands',
      input: 'rows',
      wide: true,
      fresh: { '': () => ({ ...open, points: '0' }) },
      row: () => [...BOUNDS, { key: 'points', input: 'decimal' }],
    },
  ],
  choice: [{ key: 'points', input: 'option_points', wide: true }],
};
const ITEMS: Field = {
  key: 'items',
  input: 'rows',
  wide: true,
  fresh: {
    shortfall: item({ kind: 'shortfall', worth: '100', target: '95', per_point: '1', least: '0' }),
    per_event: item({ kind: 'per_event', worth: '0', points_each: '-1' }),
    bands: item({ kind: 'bands', bands: [{ ...open, points: '0' }] }),
    choice: item({ kind: 'choice', points: {} }),
  },
  row: (row) => [title, metric, ...(ITEM_FIELDS[String(row.kind)] ?? []), id],
};
const CLAUSE_FIELDS: Readonly<Record<string, (entry: Entry) => readonly Field[]>> = {
  share: () => [of, percent],
  tiers: (entry) => [
    effect,
    of,
    { key: 'metrics', input: 'many', of: 'metrics', wide: true },
    {
      key: 'tiers',
      input: 'rows',
      wide: true,
      fresh: { '': (n) => ({ id: `tier_${n}`, ...open, percent: '0' }) },
      row: () => [...BOUNDS, percent, id],
    },
    { key: 'mixed', input: 'choice', values: ['lowest', 'highest', 'listed'] },
    ...(entry.mixed === 'listed' ? [COMBINATIONS] : []),
  ],
  scorecard: () => [
    { key: 'start', input: 'decimal' },
    counting,
    { key: 'floor', input: 'decimal', open: 'none' },
    { key: 'ceiling', input: 'decimal', open: 'none' },
    ITEMS,
  ],
  grade: () => [
    subject,
    { key: 'score_rounding', input: 'choice', values: ['exact', 'half_up', 'down'] },
    of,
    {
      key: 'grades',
      input: 'rows',
      wide: true,
      fresh: {
        '': (n) => ({ id: String.fromCharCode(64 + Math.min(n, 26)), ...open, deduct_percent: '0', delay_months: 0 }),
      },
      row: () => [
        { ...id, label: 'grade' },
        ...BOUNDS,
        { key: 'deduct_percent', input: 'percent' },
        { key: 'delay_months', input: 'whole', unit: 'months' },
      ],
    },
  ],
  per_event: () => [
    effect,
    metric,
    { key: 'fen_each', input: 'money' },
    { key: 'free', input: 'whole', unit: 'times' },
  ],
  beyond_count: () => [
    effect,
    metric,
    { key: 'from', input: 'whole', unit: 'times', label: 'from_count' },
    { key: 'times', input: 'choice', values: ['once', 'each'] },
    percent,
    of,
  ],
  per_point: () => [
    subject,
    { key: 'below', input: 'decimal', label: 'below_points' },
    { key: 'fen_per_point', input: 'money' },
    counting,
  ],
  cap: () => [{ key: 'clauses', input: 'many', of: 'clauses', wide: true }, percent, of],
  termination: () => [
    subject,
    {
      key: 'conditions',
      input: 'rows',
      wide: true,
      fresh: { '': () => ({ below: '60', consecutive: 1 }) },
      row: () => [
        { key: 'below', input: 'decimal', label: 'below_points' },
        { key: 'consecutive', input: 'whole', unit: 'times' },
      ],
    },
  ],
};
const COMBINATIONS: Field = {
  key: 'combinations',
  input: 'rows',
  wide: true,
  optional: true,
  fresh: { '': () => ({ tiers: [], percent: '0' }) },
  row: () => [{ key: 'tiers', input: 'codes', label: 'tiers_in_order' }, percent],
};
const LIMITS = ['respond_ms', 'on_site_ms', 'restore_ms', 'repair_ms', 'replace_ms'];
const DUTY_FIELDS = (entry: Entry): readonly Field[] =>
  entry.kind === 'repair'
    ? [
        { key: 'clock', input: 'choice', values: ['always', 'service_hours'] },
        { key: 'severity', input: 'line', optional: true },
        ...LIMITS.map((key): Field => ({ key, input: 'limit' })),
      ]
    : [cycle];
const clause =
  (form: string, more: Entry) =>
  (n: number): Entry => ({ id: `clause_${n}`, form, title: words(), source: '', ...more });
const metricOf =
  (kind: string, more: Entry = {}) =>
  (n: number): Entry => ({ id: `metric_${n}`, kind, name: words(), ...more });
const duty =
  (kind: string, more: Entry) =>
  (n: number): Entry => ({ id: `duty_${n}`, kind, title: words(), source: '', ...more });
const price = { price: '' };

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
    fresh: {
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
    },
  },
  clauses: {
    fields: (entry) => [title, source, ...(CLAUSE_FIELDS[String(entry.form)]?.(entry) ?? []), id, READINGS],
    fresh: {
      share: clause('share', { of: price, percent: '100' }),
      tiers: clause('tiers', {
        effect: 'pay',
        of: price,
        metrics: [],
        mixed: 'lowest',
        tiers: [
          { id: 'full', at_least: '95', below: null, percent: '100' },
          { id: 'reduced', at_least: null, below: '95', percent: '80' },
        ],
      }),
      scorecard: clause('scorecard', { start: '100', counting: 'whole', floor: '0', ceiling: '100', items: [] }),
      grade: clause('grade', {
        subject: { metric: '' },
        score_rounding: 'exact',
        of: price,
        grades: [
          { id: 'A', at_least: '90', below: null, deduct_percent: '0', delay_months: 0 },
          { id: 'B', at_least: null, below: '90', deduct_percent: '2', delay_months: 0 },
        ],
      }),
      per_event: clause('per_event', { effect: 'deduct', metric: '', fen_each: 0, free: 0 }),
      beyond_count: clause('beyond_count', {
        effect: 'deduct',
        metric: '',
        from: 3,
        times: 'once',
        percent: '3',
        of: price,
      }),
      per_point: clause('per_point', { subject: { metric: '' }, below: '70', fen_per_point: 0, counting: 'whole' }),
      cap: clause('cap', { clauses: [], percent: '20', of: price }),
      termination: clause('termination', { subject: { metric: '' }, conditions: [{ below: '60', consecutive: 1 }] }),
    },
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
