import type { Interval } from '@uptally/sla';
import type { Queryable } from '../../db/index.ts';
import { iso } from './times.ts';

/** The newest stretch of time for which a station's figures have to be made again. */
export interface Due extends Interval {
  readonly stationId: number;
}

/**
 * The stations that wait longest, each with its newest stretch: not before its commissioning and the first term, or its first figures if
 * those are earlier, not after the present, at most $3 ms long. Widened to whole ms.
 */
const CLAIM = `select d.station_id as "stationId",
  floor(extract(epoch from greatest(x.lo, x.hi - interval '1 millisecond' * $3::int8)) * 1000)::int8 as "from",
  ceil(extract(epoch from x.hi) * 1000)::int8 as "to"
from (
  select station_id, due, since from accrual_due where since <= $2 or since > $2::timestamptz + interval '1 hour'
  order by since, station_id limit $1) d
join station t on t.id = d.station_id
cross join lateral (
  select least(case when t.commissioned_at is not null then greatest(t.commissioned_at, min(c.term_from)::timestamptz - interval '1 day') end,
    min(a.day)::timestamptz - interval '1 day') as at
  from contract c left join lateral (
    select day from accrual a where a.contract_id = c.id and a.station_id = d.station_id order by day limit 1) a on true) first
left join lateral (
  select lower(r) as lo, upper(r) as hi from unnest(d.due * tstzmultirange(tstzrange(first.at, $2::timestamptz, '[]'))) r
  where first.at <= $2::timestamptz
  order by r desc limit 1) x on true`;

interface Claimed {
  readonly stationId: number;
  readonly from: number | null;
  readonly to: number | null;
}

/** Which stations to take up, and what there is to do for them: for some nothing, as they were never commissioned. */
export async function claimDue(
  db: Queryable,
  options: { readonly stations: number; readonly nowMs: number; readonly stretchMs: number },
): Promise<{ readonly stationIds: readonly number[]; readonly due: readonly Due[] }> {
  const { stations, nowMs, stretchMs } = options;
  const { rows } = await db.query<Claimed>(CLAIM, [stations, iso(nowMs), stretchMs]);
  return {
    stationIds: rows.map(({ stationId }) => stationId),
    due: rows.flatMap(({ stationId, from, to }) => (from === null || to === null ? [] : [{ stationId, from, to }])),
  };
}

const SETTLE = `with
done as (select * from unnest($1::int4[], $2::timestamptz[], $3::timestamptz[]) as done(station_id, lo, hi)),
rest as materialized (
  select d.station_id, d.due - tstzmultirange(tstzrange($4::timestamptz, null, '(]'))
    - case when lo is null then tstzmultirange(tstzrange(null, null)) else tstzmultirange(tstzrange(lo, hi, '[]')) end as due
  from accrual_due d left join done using (station_id) where d.station_id = any ($5::int4[])),
gone as (delete from accrual_due d using rest where d.station_id = rest.station_id and isempty(rest.due))
update accrual_due d set due = rest.due from rest where d.station_id = rest.station_id and not isempty(rest.due)`;

/** Strikes out what was made again; what lies in the future comes with time, and a station without a stretch is done. */
export async function settleDue(
  db: Queryable,
  stationIds: readonly number[],
  done: readonly Due[],
  nowMs: number,
): Promise<void> {
  await db.query(SETTLE, [
    done.map(({ stationId }) => stationId),
    done.map(({ from }) => iso(from)),
    done.map(({ to }) => iso(to)),
    iso(nowMs),
    stationIds,
  ]);
}

/** Has stations wait until an instant. One that lies an hour ahead or more is that of a clock put back, and is not waited for. */
export async function postponeDue(db: Queryable, stationIds: readonly number[], untilMs: number): Promise<void> {
  await db.query('update accrual_due set since = $2 where station_id = any ($1::int4[])', [stationIds, iso(untilMs)]);
}

const ADD = `insert into accrual_due as d (station_id, due, since)
select x.station_id, range_agg(tstzrange(lo, hi, '[]')), $4::timestamptz
from unnest($1::int4[], $2::timestamptz[], $3::timestamptz[]) as x(station_id, lo, hi) join station t on t.id = x.station_id
where lo <= hi group by x.station_id
on conflict (station_id) do update set due = d.due + excluded.due`;

/** Has figures made again, whatever marks say. */
export async function addDue(db: Queryable, due: readonly Due[], nowMs: number): Promise<void> {
  await db.query(ADD, [
    due.map(({ stationId }) => stationId),
    due.map(({ from }) => iso(from)),
    due.map(({ to }) => iso(to)),
    iso(nowMs),
  ]);
}
