import { addTallies, type Contract } from '@uptally/sla';
import { rulesOf } from '../../availability/contracts/rules.ts';
import type { Rules } from '../../availability/contracts/schemas.ts';
import { type ClosedRange, selectClosed, slicesOf } from '../../availability/figures/period.ts';
import { type Sums, sumsByStation, sumsOfAll } from '../../availability/figures/sums-sql.ts';
import type { Queryable } from '../../db/index.ts';
import { digestOf } from '../canonical.ts';
import { type AvailabilityMetric, availabilityOf } from './rate.ts';
import type { FoundValue, GatherAsked } from './types.ts';

/** Rules as the sums of days want them: the document's counting, and the metric's tolerance. */
export function rulesFor({ counting }: Pick<Contract, 'counting'>, maxDownMs: number): Rules {
  const dimension = { unknown: counting.unknown, platform: counting.platform };
  return rulesOf({ network: dimension, equipment: dimension, daily_max_down_ms: maxDownMs });
}

/** Sums of each station over a period, by the tolerance of a day. */
export async function sumsOf(asked: GatherAsked, maxDownMs = 0): Promise<Map<number, Sums>> {
  const { db, contract, document, period } = asked;
  const slices = slicesOf(period, await closedOf(asked));
  return sumsByStation(db, { contractId: contract.id, rules: rulesFor(document, maxDownMs), stationIds: null }, slices);
}

async function closedOf({ db, contract, period, figures }: GatherAsked): Promise<ClosedRange[]> {
  return figures === 'running' ? [] : selectClosed(db, contract.id, period);
}

/** The parts that a metric puts together: each station where it takes their mean, else all in one. */
async function partsOf(
  asked: GatherAsked,
  aggregation: AvailabilityMetric['aggregation'],
  maxDownMs: number,
): Promise<Sums[]> {
  if (aggregation === 'mean_of_stations') return [...(await sumsOf(asked, maxDownMs)).values()];
  const { db, contract, document, period } = asked;
  const slices = slicesOf(period, await closedOf(asked));
  const sums = { contractId: contract.id, rules: rulesFor(document, maxDownMs), stationIds: null };
  return [await sumsOfAll(db, sums, slices, aggregation === 'daily_count' ? 'days' : 'time')];
}

/** Values of metrics of availability from the figures of all stations. */
export async function gatherAvailability(
  asked: GatherAsked,
  metrics: readonly AvailabilityMetric[],
): Promise<FoundValue[]> {
  const closings = await closingsOf(asked.db, await closedOf(asked));
  const known = new Map<string, Sums[]>();
  const found: FoundValue[] = [];
  for (const metric of metrics) {
    const maxDownMs = metric.aggregation === 'daily_count' ? (metric.max_down_ms ?? 0) : 0;
    const key = `${metric.aggregation} ${maxDownMs}`;
    const sums = known.get(key) ?? (await partsOf(asked, metric.aggregation, maxDownMs));
    known.set(key, sums);
    const parts = sums.map((each) => each[metric.dimension]);
    const total = addTallies(parts.map(({ tally }) => tally));
    const stationDays = sums.reduce((all, { rows }) => all + rows, 0);
    found.push({
      metric: metric.id,
      source: 'figures',
      value: availabilityOf(metric, asked.document, parts),
      sha256: digestOf({ closings, total, station_days: stationDays }),
      detail: { dimension: metric.dimension, closings, total: { ...total }, station_days: stationDays },
    });
  }
  return found;
}

interface ClosingRef {
  readonly id: number;
  readonly from_day: string;
  readonly to_day: string;
  readonly figures_sha256: string;
}

async function closingsOf(db: Queryable, closed: readonly ClosedRange[]): Promise<ClosingRef[]> {
  const { rows } = await db.query<ClosingRef>(
    `select id, from_day::text, to_day::text, encode(figures_sha256, 'hex') as figures_sha256 from closed_period
     where id = any ($1::int[]) order by from_day`,
    [closed.map(({ id }) => id)],
  );
  return rows;
}
