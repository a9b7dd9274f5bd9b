import { ms } from '../../availability/ledger/times.ts';
import type { Queryable } from '../../db/index.ts';
import type { DayFigures, FiveNumbers, PeriodCase, StationCase } from './types.ts';

/** Stations of a case: those that the contract is about, narrowed to one region, site or station. */
export interface StationScope {
  readonly contractId: number;
  readonly regionId?: number | null;
  readonly siteId?: number | null;
  readonly stationId?: number | null;
  /** Regions that the caller may see; null: all. */
  readonly visible?: readonly number[] | null;
}

/** $1 contract, $2 region, $3 site, $4 station, $5 visible regions. */
const IN_SCOPE = `from station t join site s on s.id = t.site_id join region g on g.id = s.region_id join contract k on k.id = $1
where (k.is_baseline or exists (select from contract_region c where c.contract_id = k.id and c.region_id = any (g.path)))
  and ($2::int is null or g.path @> array[$2::int]) and ($3::int is null or s.id = $3) and ($4::int is null or t.id = $4)
  and ($5::int[] is null or g.path && $5::int[])`;

const values = (scope: StationScope): unknown[] => [
  scope.contractId,
  scope.regionId ?? null,
  scope.siteId ?? null,
  scope.stationId ?? null,
  scope.visible ?? null,
];

/** Their ids, in order. */
export async function stationIdsOf(db: Queryable, scope: StationScope): Promise<number[]> {
  const { rows } = await db.query<{ id: number }>(`select t.id ${IN_SCOPE} order by t.id`, values(scope));
  return rows.map(({ id }) => id);
}

const STATION = `select t.id, t.code, t.name, json_build_object('id', s.id, 'code', s.code, 'name', s.name) as site,
  (select json_agg(json_build_object('id', r.id, 'name', r.name) order by array_position(g.path, r.id)) from region r where r.id = any (g.path)) as regions,
  ${ms('t.commissioned_at')} as "commissionedAt", ${ms('t.decommissioned_at')} as "decommissionedAt",
  coalesce((select json_agg(json_build_object('from', ${ms('u.from_at')}, 'to', ${ms('u.to_at')}, 'reason', u.reason) order by u.from_at)
    from station_suspension u where u.station_id = t.id), '[]') as suspensions,
  coalesce((select json_agg(json_build_object('deviceKey', i.device_key, 'deviceId', d.device_id, 'from', ${ms('i.from_at')}, 'to', ${ms('i.to_at')})
      order by i.from_at)
    from installation i join device d using (device_key) where i.station_id = t.id), '[]') as installations
from station t join site s on s.id = t.site_id join region g on g.id = s.region_id where t.id = $1`;

/** One station with everything of people's making that bears on it. */
export async function readStation(db: Queryable, stationId: number): Promise<StationCase> {
  const { rows } = await db.query<StationCase>(STATION, [stationId]);
  const [station] = rows;
  if (station === undefined) throw new Error(`station ${stationId} is not in the registry`);
  return station;
}

interface FigureRow extends Record<`${'net' | 'eq'}_${keyof FiveNumbers}_ms`, number> {
  readonly day: string;
  readonly computed_to: number;
  readonly required_ms: number;
}

/** The figures that the platform keeps for a station, day by day. */
export async function readFigures(
  db: Queryable,
  contractId: number,
  stationId: number,
  period: PeriodCase,
): Promise<DayFigures[]> {
  const { rows } = await db.query<FigureRow>(
    `select to_char(day, 'YYYY-MM-DD') as day, ${ms('computed_to')} as computed_to, required_ms,
       net_up_ms, net_down_ms, net_unknown_ms, net_platform_ms, net_excluded_ms,
       eq_up_ms, eq_down_ms, eq_unknown_ms, eq_platform_ms, eq_excluded_ms
     from accrual where contract_id = $1 and station_id = $2 and day >= $3::date and day < $4::date order by day`,
    [contractId, stationId, period.fromDay, period.toDay],
  );
  return rows.map(present);
}

/** The figures of a station as they were closed, day by day; each counts to the end of its day. */
export async function readClosedFigures(
  db: Queryable,
  closedIds: readonly number[],
  stationId: number,
  period: PeriodCase,
): Promise<DayFigures[]> {
  const { rows } = await db.query<FigureRow>(
    `select to_char(f.day, 'YYYY-MM-DD') as day, ${ms('(f.day + 1)::timestamp at time zone c.time_zone')} as computed_to, f.required_ms,
       f.net_up_ms, f.net_down_ms, f.net_unknown_ms, f.net_platform_ms, f.net_excluded_ms,
       f.eq_up_ms, f.eq_down_ms, f.eq_unknown_ms, f.eq_platform_ms, f.eq_excluded_ms
     from closed_accrual f join closed_period p on p.id = f.closed_id join contract c on c.id = p.contract_id
     where f.closed_id = any ($1::int[]) and f.station_id = $2 and f.day >= $3::date and f.day < $4::date order by f.day`,
    [closedIds, stationId, period.fromDay, period.toDay],
  );
  return rows.map(present);
}

/** Stations of closings, also those that the contract is no longer about. */
export async function closedStationIds(db: Queryable, closedIds: readonly number[]): Promise<number[]> {
  const { rows } = await db.query<{ id: number }>(
    `select s.id from station s where exists (select from closed_accrual f where f.closed_id = any ($1::int[]) and f.station_id = s.id)
     order by s.id`,
    [closedIds],
  );
  return rows.map(({ id }) => id);
}

function present(row: FigureRow): DayFigures {
  return {
    day: row.day,
    computedTo: row.computed_to,
    required: row.required_ms,
    network: five(row, 'net'),
    equipment: five(row, 'eq'),
  };
}

function five(row: FigureRow, of: 'net' | 'eq'): FiveNumbers {
  return {
    up: row[`${of}_up_ms`],
    down: row[`${of}_down_ms`],
    unknown: row[`${of}_unknown_ms`],
    platform: row[`${of}_platform_ms`],
    excluded: row[`${of}_excluded_ms`],
  };
}
