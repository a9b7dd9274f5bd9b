import type { Entry } from './document.ts';
import { type Field, type Fresh, id, title, words } from './field.ts';

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
const COMBINATIONS: Field = {
  key: 'combinations',
  input: 'rows',
  wide: true,
  optional: true,
  fresh: { '': () => ({ tiers: [], percent: '0' }) },
  row: () => [{ key: 'tiers', input: 'codes', label: 'tiers_in_order' }, percent],
};
/** Fields of a clause by its form. */
export const CLAUSE_FIELDS: Readonly<Record<string, (entry: Entry) => readonly Field[]>> = {
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
const clause =
  (form: string, more: Entry) =>
  (n: number): Entry => ({ id: `clause_${n}`, form, title: words(), source: '', ...more });
const price = { price: '' };
/** New clauses by their form. */
export const CLAUSE_FRESH: Fresh = {
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
};
