import { RECOVERY_MS } from '@uptally/sla';
import type { Queryable } from '../../db/index.ts';
import { groupBy } from './groups.ts';
import { iso, MAX_LIVENESS_MS } from './times.ts';

/** Marks taken up at once: few enough for one short transaction. */
const MARKS = 400;

interface Mark {
  readonly id: number;
  readonly device_key: number | null;
  readonly station_id: number | null;
  readonly contract_id: number | null;
  readonly components: readonly string[] | null;
  readonly lo_seq: number | null;
}

/** Stations that marks come to, added to what is due. Each statement of {@link spreadMarks} ends in this. */
const ADD = `insert into accrual_due as d (station_id, due, since)
select x.station_id, range_agg(tstzrange(x.lo, x.hi, '[]')), $1::timestamptz
from hit x join station t on t.id = x.station_id where x.lo <= x.hi group by x.station_id
on conflict (station_id) do update set due = d.due + excluded.due`;

/** Runs of a device, the open one included. */
const RUNS_OF_M = `(
    select from_at, to_at, from_seq, to_seq from beat_run r where r.device_key = m.device_key
    union all select run_from, run_to, run_from_seq, run_to_seq from device_live l where l.device_key = m.device_key and run_from is not null)`;

const AT_STATIONS = `hit as (
  select i.station_id, greatest(i.from_at, w.lo) as lo, least(coalesce(i.to_at, 'infinity'), w.hi) as hi
  from wide w join installation i on i.device_key = w.device_key and i.from_at <= w.hi and coalesce(i.to_at, 'infinity') >= w.lo)`;

/**
 * Evidence of a device bears on the silence that it falls into, as far as the neighbouring beats, and on what a beat covers after it.
 * What lies inside a run falls into no silence.
 */
const DEVICE_MARKS = `with
m as materialized (select * from evidence_mark where id = any ($2::int8[])),
wide as (
  select m.device_key,
    case when s.covers_from then m.from_at else coalesce(s.before, m.from_at) end as lo,
    greatest(m.to_at + interval '${MAX_LIVENESS_MS} ms', case when not s.covers_to then s.after end) as hi
  from m cross join lateral (
    select coalesce(bool_or(from_at < m.from_at and to_at >= m.from_at), false) as covers_from,
      coalesce(bool_or(from_at <= m.to_at and to_at > m.to_at), false) as covers_to,
      max(to_at) filter (where to_at < m.from_at) as before, min(from_at) filter (where from_at > m.to_at) as after
    from ${RUNS_OF_M} r) s),
${AT_STATIONS}
${ADD}`;

/** Numbers that arrived out of order may complete the records of any silence between the beats before and after them. */
const SEQUENCE_MARKS = `with
m as materialized (select * from evidence_mark where id = any ($2::int8[])),
wide as (
  select m.device_key, s.lo, s.hi from m cross join lateral (
    select max(to_at) filter (where to_seq < m.lo_seq) as lo, min(from_at) filter (where from_seq >= m.hi_seq) as hi,
      coalesce(bool_or(from_seq < m.lo_seq and to_seq >= m.hi_seq), false) as inside
    from ${RUNS_OF_M} r) s
  where not s.inside and s.lo is not null and s.hi is not null),
${AT_STATIONS}
${ADD}`;

/**
 * A report holds until the component's next one, or until now. The next one may have been left out as a repetition of what came
 * before; now that something lies between, it is kept.
 */
const REPORT_MARKS = `with
m as materialized (
  select m.id, m.device_key, m.from_at, c.component from evidence_mark m cross join unnest(m.components) c(component) where m.id = any ($2::int8[])),
next as materialized (
  select m.*, n.ts, n.seq, n.components->m.component->>'s' as state, n.ts > m.from_at as is_later
  from m left join lateral (
    (select ts, seq, components from rec_health h where h.device_key = m.device_key and h.ts = m.from_at and h.ts >= $3 and h.components ? m.component)
    union all
    (select ts, seq, components from rec_health h where h.device_key = m.device_key and h.ts > m.from_at and h.ts >= $3
      and h.components->m.component->>'s' in ('ok', 'warn', 'fault')
     order by ts, seq limit 1)) n on true),
kept as (
  insert into component_report (device_key, component, at, seq, state)
  select distinct device_key, component, ts, seq, state from next where state in ('ok', 'warn', 'fault') on conflict do nothing),
wide as (
  select device_key, min(from_at) as lo, max(hi) as hi from (
    select id, device_key, component, from_at, coalesce(min(ts) filter (where is_later), 'infinity') as hi
    from next group by id, device_key, component, from_at) c
  group by id, device_key),
${AT_STATIONS}
${ADD}`;

const STATION_MARKS = `with hit as (
  select station_id, from_at as lo, to_at as hi from evidence_mark where id = any ($2::int8[]))
${ADD}`;

/** Stations that a contract is about now, and those that have figures of it from before. */
const CONTRACT_MARKS = `with
m as materialized (
  select contract_id, min(from_at) as lo, max(to_at) as hi from evidence_mark where id = any ($2::int8[]) group by contract_id),
hit as (
  select t.id as station_id, m.lo, m.hi from m join contract c on c.id = m.contract_id cross join station t
  join site s on s.id = t.site_id join region g on g.id = s.region_id
  where c.is_baseline or g.path && array(select region_id from contract_region r where r.contract_id = c.id)
  union
  select a.station_id, m.lo, m.hi from m join accrual a on a.contract_id = m.contract_id)
${ADD}`;

/** Holidays and outages of the platform concern every station; after an outage, devices have a while to find back. */
const GLOBAL_MARKS = `with hit as (
  select t.id as station_id, m.from_at as lo, m.to_at + interval '${RECOVERY_MS} ms' as hi
  from evidence_mark m cross join station t where m.id = any ($2::int8[]))
${ADD}`;

/**
 * Turns the oldest marks into stretches of time of stations, and removes them. Runs in the caller's transaction, which must hold the
 * ledger's lock. Returns how many it took.
 */
export async function spreadMarks(db: Queryable, nowMs: number): Promise<number> {
  const { rows: marks } = await db.query<Mark>(
    'select id, device_key, station_id, contract_id, components, lo_seq from evidence_mark order by id limit $1',
    [MARKS],
  );
  if (marks.length === 0) return 0;
  for (const [text, group] of groupBy(marks, statementOf)) {
    const values: unknown[] = [iso(nowMs), group.map(({ id }) => id)];
    if (text === REPORT_MARKS) values.push(await earliest(db, group));
    await db.query(text, values);
  }
  await db.query('delete from evidence_mark where id = any ($1::int8[])', [marks.map(({ id }) => id)]);
  return marks.length;
}

function statementOf({ device_key, station_id, contract_id, components, lo_seq }: Mark): string {
  if (device_key !== null) {
    if (components !== null) return REPORT_MARKS;
    return lo_seq === null ? DEVICE_MARKS : SEQUENCE_MARKS;
  }
  if (station_id !== null) return STATION_MARKS;
  return contract_id === null ? GLOBAL_MARKS : CONTRACT_MARKS;
}

/** No record before this matters: known beforehand, it spares planning for chunks of other times. */
async function earliest(db: Queryable, marks: readonly Mark[]): Promise<Date> {
  const { rows } = await db.query<{ at: Date }>(
    'select min(from_at) as at from evidence_mark where id = any ($1::int8[])',
    [marks.map(({ id }) => id)],
  );
  return rows[0]?.at ?? new Date(0);
}
