import type { Queryable } from '../db/index.ts';
import { cursorFrom, type PageOf, pageOf } from '../http/paging.ts';
import type { Suspension } from './schemas.ts';

type Scope = readonly number[] | null;

const COLUMNS = `x.id, x.from_at as "from", x.to_at as "to", x.reason, x.created_at,
  json_build_object('id', st.id, 'code', st.code, 'name', st.name) as station,
  (select json_build_object('id', u.id, 'name', u.name) from app_user u where u.id = x.created_by) as created_by`;
const SORT = 'id-';

export interface SuspensionRow extends Suspension {
  readonly from: Date;
  readonly to: Date | null;
}

/** Suspensions of a station, the one entered last first. The caller has checked that the station is in scope. */
export async function selectSuspensions(
  db: Queryable,
  stationId: number,
  { cursor, limit }: { readonly cursor: string | undefined; readonly limit: number },
): Promise<PageOf<Suspension>> {
  const { rows } = await db.query<SuspensionRow>(
    `select ${COLUMNS} from station_suspension x join station st on st.id = x.station_id
     where x.station_id = $1 and ($2::bigint is null or x.id < $2) order by x.id desc limit $3`,
    [stationId, cursorFrom(cursor, SORT, 1)?.[0] ?? null, limit + 1],
  );
  return pageOf(rows, limit, SORT, (row) => [row.id]);
}

/** One suspension of a station in scope, or null. */
export async function selectSuspension(db: Queryable, scope: Scope, id: number): Promise<SuspensionRow | null> {
  const { rows } = await db.query<SuspensionRow>(
    `select ${COLUMNS} from station_suspension x join station st on st.id = x.station_id join site si on si.id = st.site_id
     join region r on r.id = si.region_id where x.id = $1 and ($2::int[] is null or r.path && $2::int[])`,
    [id, scope],
  );
  return rows[0] ?? null;
}

export interface LockedStation {
  readonly id: number;
  readonly code: string;
  readonly region_id: number;
}

/**
 * Locks a station in scope against other changes of its suspensions, then its contracts against the closing of a period, until the
 * end of the transaction. Null if there is no such station.
 */
export async function lockStation(db: Queryable, scope: Scope, id: number): Promise<LockedStation | null> {
  const { rows } = await db.query<LockedStation>(
    `select st.id, st.code, si.region_id from station st join site si on si.id = st.site_id join region r on r.id = si.region_id
     where st.id = $1 and ($2::int[] is null or r.path && $2::int[]) for no key update of st`,
    [id, scope],
  );
  const station = rows[0];
  if (station === undefined) return null;
  await db.query(`select 1 from contract c where ${HOLDS_STATION} order by c.id for share of c`, [station.id]);
  return station;
}

/** Predicate: contract `c` holds station $1. */
const HOLDS_STATION = `(c.is_baseline or exists (select 1 from contract_region cr
  join region r on r.path @> array[cr.region_id] join site si on si.region_id = r.id join station st on st.site_id = si.id
  where cr.contract_id = c.id and st.id = $1))`;

/** The first closed period, of any contract that holds the station, that shares time with `[from, to)`; null if none does. */
export async function closedPeriod(
  db: Queryable,
  stationId: number,
  { from, to }: Stretch,
): Promise<{ readonly code: string; readonly from_day: string; readonly to_day: string } | null> {
  const { rows } = await db.query<{ code: string; from_day: string; to_day: string }>(
    `select c.code, p.from_day::text, p.to_day::text from closed_period p join contract c on c.id = p.contract_id
     where ${HOLDS_STATION} and p.to_day::timestamp at time zone c.time_zone > $2
       and ($3::timestamptz is null or p.from_day::timestamp at time zone c.time_zone < $3)
     order by p.from_day, c.id limit 1`,
    [stationId, from, to],
  );
  return rows[0] ?? null;
}

/** A stretch of time; without an end it goes on. */
export interface Stretch {
  readonly from: Date;
  readonly to: Date | null;
}

/** Another suspension of the station that shares time with the stretch, or null. */
export async function overlapping(
  db: Queryable,
  stationId: number,
  { from, to }: Stretch,
  exceptId: number | null,
): Promise<Stretch | null> {
  const { rows } = await db.query<Stretch>(
    `select from_at as "from", to_at as "to" from station_suspension where station_id = $1 and id is distinct from $4
       and (to_at is null or to_at > $2) and ($3::timestamptz is null or from_at < $3) order by from_at limit 1`,
    [stationId, from, to, exceptId],
  );
  return rows[0] ?? null;
}

/** Id of the new row. */
export async function insertSuspension(
  db: Queryable,
  row: Stretch & {
    readonly stationId: number;
    readonly reason: string;
    readonly userId: number | null;
    readonly at: Date;
  },
): Promise<number> {
  const { rows } = await db.query<{ id: number }>(
    `insert into station_suspension (station_id, from_at, to_at, reason, created_by, created_at)
     values ($1, $2, $3, $4, $5, $6) returning id`,
    [row.stationId, row.from, row.to, row.reason, row.userId, row.at],
  );
  return (rows[0] as { id: number }).id;
}

/** Changes a suspension. */
export async function updateSuspension(
  db: Queryable,
  id: number,
  { from, to, reason }: Stretch & { readonly reason: string },
): Promise<void> {
  await db.query('update station_suspension set from_at = $2, to_at = $3, reason = $4 where id = $1', [
    id,
    from,
    to,
    reason,
  ]);
}

/** Deletes a suspension. */
export async function deleteSuspension(db: Queryable, id: number): Promise<void> {
  await db.query('delete from station_suspension where id = $1', [id]);
}
