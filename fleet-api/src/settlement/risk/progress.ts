import { addDays, type Contract, type Counted, counted, dayOf, type Metric, type PeriodProgress } from '@uptally/sla';
import type { Contract as ContractRow } from '../../availability/contracts/schemas.ts';
import { type Found, findIn, type StationFigure } from '../../availability/figures/asked.ts';
import { daysBetween, nameOfDays, overlapDays, slicesOf } from '../../availability/figures/period.ts';
import { addSums, EMPTY_SUMS, type Sums, sumsByStation } from '../../availability/figures/sums-sql.ts';
import { requiredToCome } from '../../availability/figures/to-come.ts';
import type { Queryable } from '../../db/index.ts';
import { rulesFor } from '../metrics/availability.ts';
import type { AvailabilityMetric } from '../metrics/rate.ts';
import { periodIn } from '../statements/evaluate.ts';
import type { RunningClause } from './running.ts';

/** Days whose pace the forecast continues. */
const RECENT_DAYS = 7;
const EVERYTHING = { scope: null, orgId: 0, seesAll: true } as const;

export interface Progress {
  readonly found: Found;
  readonly byMetric: Readonly<Record<string, PeriodProgress>>;
}

/** Where the metrics of a clause stand in their running period. */
export async function progressOf(
  db: Queryable,
  contract: ContractRow,
  document: Contract,
  running: RunningClause,
  nowMs: number,
): Promise<Progress> {
  const { fromDay, toDay } = running;
  const metrics = availabilityMetrics(document, running);
  const maxDownMs = metrics.find(({ aggregation }) => aggregation === 'daily_count')?.max_down_ms ?? 0;
  const rules = rulesFor(document, maxDownMs);
  const period = { ...periodIn(document, fromDay, toDay), name: nameOfDays({ fromDay, toDay }) };
  const found = await findIn({ db, viewer: EVERYTHING, nowMs }, { ...contract, rules }, period, {});
  const total = sumUp(found.stations.map(({ sums }) => sums));
  const recent = await recentSums(db, contract, document, running, maxDownMs, nowMs);
  const toComeMs = await requiredToCome(db, found, nowMs);
  const byMetric = Object.fromEntries(
    metrics.map((metric): [string, PeriodProgress] => {
      const isDaily = metric.aggregation === 'daily_count';
      return [
        metric.id,
        {
          counted: countedOf(total, metric, document),
          toCome: isDaily ? daysToCome(found, document.time_zone, nowMs) : toComeMs,
          recent: countedOf(recent, metric, document),
        },
      ];
    }),
  );
  return { found, byMetric };
}

export function availabilityMetrics(document: Contract, { clause }: RunningClause): AvailabilityMetric[] {
  return document.metrics.filter(
    (metric: Metric): metric is AvailabilityMetric =>
      metric.kind === 'availability' && clause.metrics.includes(metric.id),
  );
}

export function countedOf(sums: Sums, metric: AvailabilityMetric, { counting }: Contract): Counted {
  const { tally, days } = sums[metric.dimension];
  if (metric.aggregation === 'daily_count') return { up: days.intact, down: days.counted - days.intact };
  const { up, down } = counted(tally, { unknown: counting.unknown, platform: counting.platform });
  return { up, down };
}

const sumUp = (sums: readonly Sums[]): Sums => sums.reduce(addSums, EMPTY_SUMS);

async function recentSums(
  db: Queryable,
  contract: ContractRow,
  document: Contract,
  { fromDay, toDay }: RunningClause,
  maxDownMs: number,
  nowMs: number,
): Promise<Sums> {
  const today = dayOf(document.time_zone, nowMs);
  const range = overlapDays({ fromDay: addDays(today, -RECENT_DAYS), toDay: today }, { fromDay, toDay });
  const asked = { contractId: contract.id, rules: rulesFor(document, maxDownMs), stationIds: null };
  return sumUp([...(await sumsByStation(db, asked, slicesOf(range, []))).values()]);
}

/** Station-days of the period after today. */
function daysToCome({ stations, period }: Found, timeZone: string, nowMs: number): number {
  const rest = { fromDay: addDays(dayOf(timeZone, nowMs), 1), toDay: period.toDay };
  return stations.reduce((sum, { station }: StationFigure) => {
    if (station.from_day === null) return sum;
    const { fromDay, toDay } = overlapDays(rest, { fromDay: station.from_day, toDay: station.to_day ?? '9999-12-31' });
    return sum + daysBetween(fromDay, toDay);
  }, 0);
}
