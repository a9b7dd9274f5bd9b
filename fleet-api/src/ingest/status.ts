import type { DeviceIdentity } from '@uptally/broker';
import type { StatusMessage } from '@uptally/protocol';
import type { Prepared } from './database.ts';
import type { Anchor } from './placement.ts';

/** A decoded `status` message on its way to the database. */
export interface StatusReport {
  readonly device: DeviceIdentity;
  readonly receivedMs: number;
  readonly status: StatusMessage;
  readonly payload: Uint8Array;
  /** Row that a birth adds to `boot_anchor`. */
  anchor?: Anchor | null;
}

export interface StatusAnswer {
  readonly missing: readonly number[] | null;
}

/**
 * Births, wills and clean ends, at most one a device. Sessions are ordered by number, never by arrival: whatever speaks of a session
 * older than the newest known changes nothing (Sparkplug 3.0 calls it bdSeq). An end that arrives before its birth makes that
 * birth a mere supplement. A clean end ends presence at once; a will only says that the connection is gone.
 */
const TEXT = `with
s as materialized (
  select * from unnest($2::int4[], $3::text[], $4::int4[], $5::int4[], $6::bool[], $7::text[], $8::text[], $9::int4[], $10::int4[],
    $11::timestamptz[], $12::int8[], $13::int8[])
    as s(device_key, kind, session, boot, clean, agent, fw, beat_ms, cfg_rev, rcv, from_mono_ms, offset_ms)),
locked as materialized (
  select device_key, session, online, last_live_at, beat_ms, changed_at
  from device_live where device_key = any ($2::int4[]) order by device_key for update),
j as materialized (
  select s.*, l.session as had, l.online, coalesce(s.session > l.session, true) as is_new, coalesce(s.session >= l.session, true) as counts,
    s.kind = 'on' and coalesce(s.session > l.session, true) and not l.online
      and s.rcv + interval '1 millisecond' * (coalesce(s.beat_ms, l.beat_ms) * 5 / 2) > $1::timestamptz as rises,
    s.kind = 'off' and coalesce(s.clean, false) and coalesce(s.session >= l.session, true) and l.online
      and coalesce(l.last_live_at <= s.rcv, true) as falls
  from s join locked l using (device_key)),
superseded as (
  update device_session d set ended_at = greatest(j.rcv, d.began_at), end_kind = 'superseded'
  from j where d.device_key = j.device_key and j.is_new and d.session < j.session and d.ended_at is null),
begun as (
  insert into device_session (device_key, session, boot, began_at, ended_at, end_kind)
  select device_key, session, boot, rcv, case when kind = 'off' then rcv end,
    case when kind = 'off' then case when clean then 'clean' else 'will' end end
  from j where is_new on conflict do nothing),
ended as (
  update device_session d set ended_at = greatest(j.rcv, d.began_at), end_kind = case when j.clean then 'clean' else 'will' end
  from j where d.device_key = j.device_key and d.session = j.session and j.kind = 'off' and not j.is_new and d.ended_at is null),
anchors as (
  insert into boot_anchor (device_key, boot, from_mono_ms, offset_ms, wall_offset_ms)
  select device_key, boot, from_mono_ms, offset_ms, null from j where offset_ms is not null and boot is not null on conflict do nothing),
live as (
  update device_live l set
    session = greatest(l.session, j.session),
    boot = case when j.kind = 'on' and j.counts then coalesce(j.boot, l.boot) else l.boot end,
    connected = case when j.kind = 'on' and j.is_new then true when j.kind = 'off' and j.counts then false else l.connected end,
    agent = case when j.kind = 'on' and j.counts then coalesce(j.agent, l.agent) else l.agent end,
    fw = case when j.kind = 'on' and j.counts then coalesce(j.fw, l.fw) else l.fw end,
    beat_ms = case when j.kind = 'on' and j.counts then coalesce(j.beat_ms, l.beat_ms) else l.beat_ms end,
    cfg_rev = case when j.kind = 'on' and j.counts then coalesce(j.cfg_rev, l.cfg_rev) else l.cfg_rev end,
    online = (l.online or j.rises) and not j.falls,
    changed_at = case when j.rises or j.falls then greatest(j.rcv, l.changed_at) else l.changed_at end,
    last_live_at = case when j.kind = 'on' and j.is_new then greatest(l.last_live_at, j.rcv) else l.last_live_at end,
    last_rcv_at = greatest(l.last_rcv_at, j.rcv)
  from j where l.device_key = j.device_key),
told as (
  insert into outbox (kind, device_key, region_path, payload)
  select f.kind, f.device_key, g.path, f.fact || jsonb_build_object('deviceId', d.device_id)
  from (
    select 'device.online' as kind, device_key, jsonb_build_object('at', rcv) as fact from j where rises
    union all select 'device.offline', device_key, jsonb_build_object('at', rcv, 'reason', 'clean') from j where falls
    union all select 'device.state', device_key,
      jsonb_strip_nulls(jsonb_build_object('connected', kind = 'on', 'session', session, 'agent', agent, 'fw', fw, 'cfgRev', cfg_rev))
      from j where counts and (is_new or kind = 'off')) f
  join device d using (device_key) left join region g on g.id = d.region_id
  returning 1)
select (select array_agg(device_key) from s where not exists (select from locked l where l.device_key = s.device_key)) as missing,
  (select pg_notify('uptally', '') where exists (select from told))::text as hint`;

/** The statement for these reports; no device may come twice. */
export function statusStatement(reports: readonly StatusReport[], nowMs: number): Prepared {
  const column = <V>(read: (report: StatusReport) => V): readonly V[] => reports.map(read);
  return {
    name: 'uptally_status',
    text: TEXT,
    values: [
      new Date(nowMs).toISOString(),
      column((r) => r.device.deviceKey),
      column((r) => r.status.s),
      column((r) => r.status.session),
      column((r) => r.status.boot ?? null),
      column((r) => r.status.clean ?? false),
      column((r) => r.status.agent ?? null),
      column((r) => r.status.fw ?? null),
      column((r) => r.status.beat_ms ?? null),
      column((r) => r.status.cfg_rev ?? null),
      column((r) => new Date(r.receivedMs).toISOString()),
      column((r) => r.anchor?.fromMonoMs ?? null),
      column((r) => r.anchor?.offsetMs ?? null),
    ],
  };
}
