import { compareFractions, showPercent } from '../../rates.ts';
import { type Exact, exact, mean, type Quantity, quantity, showExact, type Whole, whole } from '../exact.ts';
import { type Measure, type Metric, measureOf } from '../language/metrics.ts';
import type { Text } from '../language/parts.ts';
import { type Step, step } from './words.ts';

/** What was found of a metric over the period. Only what is exact: no doubles but whole numbers. */
export type MetricValue =
  /** Done of due; 0 of 0 if nothing was due. */
  | { readonly rate: { readonly num: Whole; readonly den: Whole } }
  | { readonly count: Whole }
  | { readonly rating: Quantity }
  /** By item; the rating is their mean. */
  | { readonly ratings: Readonly<Record<string, Quantity>> }
  | { readonly list: readonly Quantity[] }
  | { readonly choice: string }
  /** There is no figure; why, in words that the statement prints. */
  | { readonly missing: string };

/** A metric with its value, as clauses read it. `rate` is of one, not of a hundred. */
export type Reading = { readonly metric: Metric; readonly steps: readonly Step[] } & (
  | { readonly measure: 'rate'; readonly rate: Exact; readonly isNothingDue: boolean }
  | { readonly measure: 'count'; readonly count: bigint }
  | { readonly measure: 'rating'; readonly points: Exact }
  | { readonly measure: 'list'; readonly list: readonly Exact[] }
  | { readonly measure: 'choice'; readonly choice: string; readonly name: Text }
);

/** Why a clause has no result. */
export interface Lack {
  readonly code: 'no_value' | 'nothing_due' | 'items_missing' | 'depends_on';
  /** The metric or clause that lacks a value. */
  readonly of: string;
  readonly detail: string;
}

/** A value that can't be that of its metric: a programming error upstream, never a matter of the parties. */
export class MetricValueError extends Error {
  readonly metric: string;
  constructor(metric: string, message: string, options?: ErrorOptions) {
    super(`${metric}: ${message}`, options);
    this.name = 'MetricValueError';
    this.metric = metric;
  }
}

/** Reads the value of a metric. @throws MetricValueError */
export function readMetric(metric: Metric, value: MetricValue | undefined): Reading | Lack {
  if (value === undefined) return { code: 'no_value', of: metric.id, detail: '' };
  if ('missing' in value) return { code: 'no_value', of: metric.id, detail: value.missing };
  try {
    return read(metric, measureOf(metric), value);
  } catch (cause) {
    if (cause instanceof RangeError) throw new MetricValueError(metric.id, cause.message, { cause });
    throw cause;
  }
}

export function isLack(reading: Reading | Lack): reading is Lack {
  return 'code' in reading;
}

function read(metric: Metric, measure: Measure, value: Exclude<MetricValue, { missing: string }>): Reading | Lack {
  if (measure === 'rate' && 'rate' in value) return readRate(metric, whole(value.rate.num), whole(value.rate.den));
  if (measure === 'count' && 'count' in value) {
    const count = whole(value.count);
    if (count < 0n) throw new RangeError('a count is never negative');
    return { metric, measure, count, steps: [step('count', { metric: metric.name, count })] };
  }
  if (measure === 'rating' && 'rating' in value) {
    const points = rated(quantity(value.rating));
    return { metric, measure, points, steps: [step('rating', { metric: metric.name, points: showExact(points) })] };
  }
  if (metric.kind === 'rating' && 'ratings' in value) return readRatings(metric, value.ratings);
  if (measure === 'list' && 'list' in value) {
    const list = value.list.map(quantity);
    if (list.some(({ num }) => num < 0n)) throw new RangeError('a value of the list is negative');
    const values = list.map((one) => showExact(one)).join(', ') || '—';
    return { metric, measure, list, steps: [step('list', { metric: metric.name, values })] };
  }
  if (metric.kind === 'choice' && 'choice' in value) {
    const option = metric.options.find(({ id }) => id === value.choice);
    if (option === undefined) throw new RangeError(`${value.choice} is not an option`);
    const steps = [step('choice', { metric: metric.name, choice: option.name })];
    return { metric, measure: 'choice', choice: option.id, name: option.name, steps };
  }
  throw new RangeError(`a ${measure} is wanted, not ${Object.keys(value).join(', ')}`);
}

/** What a rate counts: time, station-days, or things. */
function codeOf(metric: Metric): 'rate' | 'rate_ms' | 'rate_days' {
  if (metric.kind !== 'availability') return 'rate';
  if (metric.aggregation === 'time_weighted') return 'rate_ms';
  return metric.aggregation === 'daily_count' ? 'rate_days' : 'rate';
}

function readRate(metric: Metric, num: bigint, den: bigint): Reading | Lack {
  if (den < 0n || num < 0n || num > den) throw new RangeError(`${num} of ${den} is no rate`);
  const measure = 'rate';
  if (den > 0n) {
    const shown = showPercent({ num, den }, 4);
    const steps = [step(codeOf(metric), { metric: metric.name, num, den, shown })];
    return { metric, measure, rate: exact(num, den), isNothingDue: false, steps };
  }
  if (!('when_none' in metric) || metric.when_none === 'missing') {
    return { code: 'nothing_due', of: metric.id, detail: '' };
  }
  return {
    metric,
    measure,
    rate: exact(1n),
    isNothingDue: true,
    steps: [step('nothing_due', { metric: metric.name })],
  };
}

function readRatings(
  metric: Extract<Metric, { kind: 'rating' }>,
  ratings: Readonly<Record<string, Quantity>>,
): Reading | Lack {
  const items = metric.items ?? [];
  const stranger = Object.keys(ratings).find((id) => !items.some((item) => item.id === id));
  if (stranger !== undefined) throw new RangeError(`${stranger} is not an item`);
  const lacking = items.filter(({ id }) => !Object.hasOwn(ratings, id)).map(({ id }) => id);
  if (lacking.length > 0) return { code: 'items_missing', of: metric.id, detail: lacking.join(', ') };
  const each = items.map(({ id }) => rated(quantity(ratings[id] ?? 0)));
  const points = mean(each);
  if (points === null) throw new RangeError('the metric has no items');
  const sum = each.map((one) => showExact(one)).join(' + ');
  const values = { metric: metric.name, sum, count: each.length, points: showExact(points) };
  return { metric, measure: 'rating', points, steps: [step('rating_mean', values)] };
}

function rated(points: Exact): Exact {
  if (points.num < 0n || compareFractions(points, { num: 100, den: 1 }) > 0) {
    throw new RangeError(`a rating lies between 0 and 100: ${showExact(points)}`);
  }
  return points;
}
