import { addTallies, type Contract } from '@uptally/sla';
import { rulesOf } from '../../availability/contracts/rules.ts';
import type { Rules } from '../../availability/contracts/schemas.ts';
import { type ClosedRange, selectClosed, slicesOf } from '../../availability/figures/period.ts';
import { type Sums, sumsByStation } from '../../availability/figures/sums-sql.ts';
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

/** Values of metrics of availability from the figures of all stations. */
export async function gatherAvailability(
  asked: GatherAsked,
  metrics: readonly AvailabilityMetric[],
): Promise<FoundValue[]> {
  const closings = await closingsOf(asked.db, await closedOf(asked));
  const known = new Map<number, Map<number, Sums>>();
  const found: FoundValue[] = [];
  for (const metric of metrics) {
    const maxDownMs = metric.aggregation === 'daily_count' ? (metric.max_down_ms ?? 0) : 0;
    const sums = known.get(maxDownMs) ?? (await sumsOf(asked, maxDownMs));
    known.set(maxDownMs, sums);
    const stations = [...sums.values()].map((each) => each[metric.dimension]);
    const total = addTallies(stations.map(({ tally }) => tally));
    found.push({
      metric: metric.id,
      source: 'figures',
      value: availabilityOf(metric, asked.document, stations),
      sha256: digestOf({ closings, total, stations: stations.length }),
      detail: { closings, total: { ...total }, stations: stations.length },
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
