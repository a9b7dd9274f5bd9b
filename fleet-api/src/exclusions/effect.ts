import type { Queryable } from '../db/index.ts';
import { exactOf } from './exact.ts';
import type { Effect } from './schemas.ts';
import type { TargetIds } from './sql.ts';

/** Station-days that are added up for an answer at most. */
const MAX_STATION_DAYS = 100_000;

/** An exclusion, existing or thought of. */
export interface Subject {
  /** Null if it does not exist yet. */
  readonly exclusionId: number | null;
  readonly contractId: number;
  readonly dimension: string;
  readonly from: Date;
  readonly to: Date;
  readonly at: TargetIds;
}

/** Stations of contract $1 that lie in region $2, site $3 or are station $4. */
const STATIONS = `select st.id from station st join site si on si.id = st.site_id join region r on r.id = si.region_id
  where ($2::int is null or r.path @> array[$2::int]) and ($3::int is null or si.id = $3) and ($4::int is null or st.id = $4)
    and exists (select 1 from contract c where c.id = $1 and (c.is_baseline
      or r.path && array(select region_id from contract_region where contract_id = c.id)))`;

const bind = ({ contractId, at }: Subject): unknown[] => [contractId, at.region_id, at.site_id, at.station_id];

/** Stations of the contract that an exclusion covers. */
export async function coveredStations(db: Queryable, subject: Subject): Promise<number[]> {
  const { rows } = await db.query<{ id: number }>(STATIONS, bind(subject));
  return rows.map(({ id }) => id);
}

/** What an exclusion does to the figures, or would do, as of `nowMs`. */
export async function effectOf(db: Queryable, subject: Subject, nowMs: number): Promise<Effect> {
  const { exclusionId, contractId, dimension, from, to } = subject;
  const stationIds = await coveredStations(db, subject);
  const cut = { exclusionId, contractId, dimension, stationIds, from: from.getTime(), to: to.getTime() };
  return {
    stations: stationIds.length,
    days: await daysOf(db, subject, stationIds.length),
    ...(await exactOf(db, cut, nowMs)),
  };
}

interface DaySums {
  readonly from_day: string;
  readonly to_day: string;
  readonly net_down_ms: number;
  readonly net_unknown_ms: number;
  readonly eq_down_ms: number;
  readonly eq_unknown_ms: number;
}

async function daysOf(db: Queryable, subject: Subject, stations: number): Promise<Effect['days']> {
  const { dimension, from, to } = subject;
  const days = Math.ceil((to.getTime() - from.getTime()) / 86_400_000) + 1;
  if (to <= from || days * stations > MAX_STATION_DAYS) return null;
  const sum = (column: string): string => `coalesce(sum(a.${column}), 0)::bigint as ${column}`;
  const { rows } = await db.query<DaySums>(
    `with touched as (
       select ($5::timestamptz at time zone c.time_zone)::date as from_day,
         ($6::timestamptz - interval '1 millisecond') at time zone c.time_zone as last from contract c where c.id = $1)
     select t.from_day::text, (t.last::date + 1)::text as to_day, ${sum('net_down_ms')}, ${sum('net_unknown_ms')},
       ${sum('eq_down_ms')}, ${sum('eq_unknown_ms')}
     from touched t left join accrual a on a.contract_id = $1 and a.day >= t.from_day and a.day <= t.last::date
       and a.station_id in (${STATIONS})
     group by t.from_day, t.last`,
    [...bind(subject), from, to],
  );
  const row = rows[0];
  if (row === undefined) return null;
  return {
    from_day: row.from_day,
    to_day: row.to_day,
    network: dimension === 'equipment' ? null : { down_ms: row.net_down_ms, unknown_ms: row.net_unknown_ms },
    equipment: dimension === 'network' ? null : { down_ms: row.eq_down_ms, unknown_ms: row.eq_unknown_ms },
  };
}
