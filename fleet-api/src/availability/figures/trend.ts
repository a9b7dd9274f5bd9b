import { dayBounds } from '@uptally/sla';
import { getStation } from '../../registry/stations/service.ts';
import { type Asked, type Found, find, headOf } from './asked.ts';
import { figuresFrom, type Means } from './figure.ts';
import { meansByDay } from './means-sql.ts';
import type { ScopeQuery, StationFigures, StationFiguresQuery, Trend, TrendDay } from './schemas.ts';
import { totalOf } from './service.ts';
import { sumsByDay } from './sums-sql.ts';

const NO_MEANS: Means = { network: null, equipment: null };

/** Figures day by day. Days without any are left out. @throws ApiError as {@link find} */
export async function trendOf(asked: Asked, query: ScopeQuery): Promise<Trend> {
  const found = await find(asked, query);
  return { ...headOf(found), days: await daysOf(asked, found) };
}

/** Figures of one station. @throws ApiError `not_found`, and as {@link find} */
export async function stationFiguresOf(
  asked: Asked,
  stationId: number,
  query: StationFiguresQuery,
): Promise<StationFigures> {
  const { id, code, name, commissioned_at, decommissioned_at } = await getStation(
    asked.db,
    asked.viewer.scope,
    stationId,
  );
  const found = await find(asked, { ...query, station: id });
  return {
    ...headOf(found),
    station: { id, code, name, commissioned_at, decommissioned_at },
    total: totalOf(found).pair,
    days: await daysOf(asked, found),
  };
}

async function daysOf({ db }: Asked, found: Found): Promise<TrendDay[]> {
  const { contract, sumsAsked, slices } = found;
  const days = await sumsByDay(db, sumsAsked, slices);
  const isMean = contract.rules.aggregation === 'mean_of_stations';
  const network = isMean ? await meansByDay(db, sumsAsked, slices, 'network') : null;
  const equipment = isMean ? await meansByDay(db, sumsAsked, slices, 'equipment') : null;
  return days.map(({ day, closed, sums }) => {
    const means = isMean ? { network: network?.get(day) ?? null, equipment: equipment?.get(day) ?? null } : NO_MEANS;
    return {
      day,
      stations: sums.rows,
      ...figuresFrom(sums, means, contract.rules).pair,
      closed,
      final: closed || (sums.computedTo !== null && sums.computedTo >= dayBounds(contract.time_zone, day).to),
    };
  });
}
