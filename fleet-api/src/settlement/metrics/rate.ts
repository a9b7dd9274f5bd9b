import {
  addTallies,
  type Contract,
  type Metric,
  type MetricValue,
  meanOfStations,
  rateOf,
  type Tally,
} from '@uptally/sla';

export type AvailabilityMetric = Extract<Metric, { kind: 'availability' }>;

/** A station's part in a figure of one dimension. */
export interface StationPart {
  readonly tally: Tally;
  /** Station-days that count, and those of them that are intact by the metric's own tolerance. */
  readonly days: { readonly intact: number; readonly counted: number };
}

/** The exact rate of stations together, as the metric puts them together. Pure, as {@link judgeMetric}. */
export function availabilityOf(
  metric: AvailabilityMetric,
  { counting }: Pick<Contract, 'counting'>,
  stations: readonly StationPart[],
): MetricValue {
  const rule = { unknown: counting.unknown, platform: counting.platform };
  const tallies = stations.map(({ tally }) => tally);
  if (metric.aggregation === 'daily_count') {
    const sum = (key: 'intact' | 'counted') => stations.reduce((all, { days }) => all + days[key], 0);
    return rate(sum('counted') === 0 ? null : { num: sum('intact'), den: sum('counted') });
  }
  if (metric.aggregation === 'mean_of_stations') return rate(meanOfStations(tallies, rule));
  return rate(rateOf(addTallies(tallies), rule));
}

const rate = (found: { readonly num: number | bigint; readonly den: number | bigint } | null): MetricValue =>
  found === null ? { missing: 'no counted time' } : { rate: { num: String(found.num), den: String(found.den) } };
