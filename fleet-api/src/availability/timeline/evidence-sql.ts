import type { Queryable } from '../../db/index.ts';
import { DEFAULT_LIVENESS_MS } from '../ledger/index.ts';

/** A record as it was stored. */
export interface RecordRow {
  readonly at: Date;
  readonly received_at: Date;
  readonly seq: number;
  readonly live: boolean;
}

type Side = 'before' | 'after';

/** The beat nearest to an instant, at it or on one side; only live ones if asked. Null if there is none. */
export async function nearestBeat(
  db: Queryable,
  asked: { readonly deviceKey: number; readonly at: number; readonly side: Side; readonly liveOnly: boolean },
): Promise<(RecordRow & { readonly live_ms: number }) | null> {
  const before = asked.side === 'before';
  const { rows } = await db.query<RecordRow & { live_ms: number }>(
    `select ts as at, rcv_at as received_at, seq, flags & 1 <> 0 as live,
       coalesce(live_ms, ${DEFAULT_LIVENESS_MS}) as live_ms
     from rec_beat
     where device_key = $1 and ts ${before ? '<=' : '>='} $2 ${asked.liveOnly ? 'and flags & 1 <> 0' : ''}
     order by ts ${before ? 'desc, seq desc' : ', seq'} limit 1`,
    [asked.deviceKey, new Date(asked.at)],
  );
  return rows[0] ?? null;
}

/** The health record that said something of a component at an instant, with what it said. */
export async function healthOf(
  db: Queryable,
  deviceKey: number,
  component: string,
  at: number,
): Promise<(RecordRow & { readonly report: unknown }) | null> {
  const { rows } = await db.query<RecordRow & { report: unknown }>(
    `select ts as at, rcv_at as received_at, seq, flags & 1 <> 0 as live, components -> $3 as report from rec_health
     where device_key = $1 and ts = $2 and components ? $3 order by seq limit 1`,
    [deviceKey, new Date(at), component],
  );
  return rows[0] ?? null;
}

/** The report that a component's fault began with, seen from an instant within, and the one that ended it. */
export async function selectFault(
  db: Queryable,
  deviceKey: number,
  component: string,
  at: number,
): Promise<{ readonly began: Date | null; readonly ended: Date | null }> {
  const { rows } = await db.query<{ began: Date | null; ended: Date | null }>(
    `with well as (
       select max(at) as at from component_report where device_key = $1 and component = $2 and at <= $3 and state <> 'fault')
     select (select min(r.at) from component_report r where r.device_key = $1 and r.component = $2 and r.at <= $3
         and r.state = 'fault' and r.at > coalesce((select at from well), '-infinity')) as began,
       (select min(r.at) from component_report r where r.device_key = $1 and r.component = $2 and r.at > $3
         and r.state <> 'fault') as ended`,
    [deviceKey, component, new Date(at)],
  );
  return rows[0] ?? { began: null, ended: null };
}

export interface SessionRow {
  readonly session: number;
  readonly began_at: Date;
  readonly ended_at: Date;
  readonly end_kind: string;
}

/** The session whose clean end lies at an instant. */
export async function sessionEndedAt(db: Queryable, deviceKey: number, at: number): Promise<SessionRow | null> {
  const { rows } = await db.query<SessionRow>(
    `select session, began_at, ended_at, end_kind from device_session
     where device_key = $1 and ended_at = $2 and end_kind in ('clean', 'revoked') order by session desc limit 1`,
    [deviceKey, new Date(at)],
  );
  return rows[0] ?? null;
}

export interface BootRow {
  readonly at: Date;
  readonly boot: number | null;
  readonly received_at: Date | null;
  readonly seq: number | null;
}

/** The first boot that began after one instant and not after another: as the connection told it, and the device's own record of it. */
export async function bootBetween(
  db: Queryable,
  deviceKey: number,
  after: number,
  until: number,
): Promise<BootRow | null> {
  const { rows } = await db.query<BootRow>(
    `select * from (
       select timestamptz 'epoch' + interval '1 millisecond' * offset_ms as at, boot, null::timestamptz as received_at, null::bigint as seq
       from boot_anchor where device_key = $1 and from_mono_ms = 0 and offset_ms > $4 and offset_ms <= $5
       union all
       select ts, null, rcv_at, seq from rec_event where device_key = $1 and code = 'boot' and ts > $2 and ts <= $3) b
     order by seq is null, at limit 1`,
    [deviceKey, new Date(after), new Date(until), after, until],
  );
  return rows[0] ?? null;
}

/** Numbers of records between two beats that have not arrived: how many, and the first of them. */
export async function missingBetween(
  db: Queryable,
  deviceKey: number,
  afterSeq: number,
  beforeSeq: number,
): Promise<{ readonly count: number; readonly first: number | null }> {
  if (afterSeq + 1 >= beforeSeq) return { count: 0, first: null };
  const { rows } = await db.query<{ count: number; first: number | null }>(
    `select coalesce(sum(upper(r) - lower(r)), 0)::bigint as count, min(lower(r)) as first
     from device_live l cross join unnest(int8multirange(int8range($2, $3)) - l.seqs) r where l.device_key = $1`,
    [deviceKey, afterSeq + 1, beforeSeq],
  );
  return rows[0] ?? { count: 0, first: null };
}

/** The installations at a station on both sides of an instant at which nothing stood there. */
export async function installationsAround(
  db: Queryable,
  stationId: number,
  at: number,
): Promise<
  readonly { readonly side: Side; readonly device_id: string; readonly from: Date; readonly to: Date | null }[]
> {
  const { rows } = await db.query<{ side: Side; device_id: string; from: Date; to: Date | null }>(
    `(select 'before' as side, d.device_id, i.from_at as "from", i.to_at as "to" from installation i join device d using (device_key)
       where i.station_id = $1 and i.to_at <= $2 order by i.to_at desc limit 1)
     union all
     (select 'after', d.device_id, i.from_at, i.to_at from installation i join device d using (device_key)
       where i.station_id = $1 and i.from_at > $2 order by i.from_at limit 1)`,
    [stationId, new Date(at)],
  );
  return rows;
}
