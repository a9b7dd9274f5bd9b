import type { Queryable } from '../db/index.ts';
import { receivingFrom } from '../platform/index.ts';

/** Advisory lock that lets one process sweep at a time; any number that nobody else uses. */
const LOCK_KEY = 7_227_700_002;
/** Devices that one sweep turns at most; the next one takes the rest. */
const MAX_DEVICES = 20_000;

export interface Swept {
  /** Another process sweeps now, or nobody is able to receive: nothing can be said of silence. */
  readonly idle: boolean;
  readonly offline: number;
}

/**
 * Ends the presence of devices whose newest live sample is older than L. Silence counts only from the moment that ingest was
 * able to receive again: after an outage of the platform every device gets its L anew, and `after_outage` says so.
 */
const SWEEP = `with
leader as materialized (select pg_try_advisory_xact_lock(${LOCK_KEY}) as mine),
cover as materialized (${receivingFrom('$1::timestamptz')}),
silent as materialized (
  select l.device_key, greatest(l.last_live_at, c.since) + interval '1 millisecond' * (l.beat_ms * 5 / 2) as at,
    c.since > l.last_live_at as after_outage
  from device_live l, cover c
  where l.online and (select mine from leader)
    and greatest(l.last_live_at, c.since) + interval '1 millisecond' * (l.beat_ms * 5 / 2) <= $1::timestamptz
  order by l.device_key limit ${MAX_DEVICES} for update of l),
turned as (
  update device_live l set online = false, changed_at = s.at from silent s where l.device_key = s.device_key returning 1),
told as (
  insert into outbox (kind, device_key, region_path, payload)
  select 'device.offline', s.device_key, g.path, jsonb_build_object('deviceId', d.device_id, 'at', s.at, 'reason', 'silent')
    || case when s.after_outage then '{"after_outage": true}'::jsonb else '{}' end
  from silent s join device d using (device_key) left join region g on g.id = d.region_id
  order by s.at, s.device_key
  returning 1)
select (select count(*)::int from turned) as offline,
  not ((select mine from leader) and exists (select from cover)) as idle,
  (select pg_notify('uptally', '') where exists (select from told))::text as hint`;

/** Sweeps once, as of `nowMs`. */
export async function sweep(db: Queryable, nowMs: number): Promise<Swept> {
  const { rows } = await db.query<Swept>({
    name: 'uptally_sweep',
    text: SWEEP,
    values: [new Date(nowMs).toISOString()],
  });
  return { idle: rows[0]?.idle ?? true, offline: rows[0]?.offline ?? 0 };
}

/** No broker of ours holds a session yet: called once when the only broker starts. */
export async function forgetConnections(db: Queryable): Promise<void> {
  await db.query(
    `with locked as materialized (select device_key from device_live where connected order by device_key for update)
     update device_live l set connected = false from locked where l.device_key = locked.device_key`,
  );
}
