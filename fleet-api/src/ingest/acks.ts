import type { DeviceIdentity } from '@uptally/broker';
import type { AckMessage } from '@uptally/protocol';
import type { Prepared } from './database.ts';

/** A decoded `ack` message: how far a device got with a command. */
export interface AckReport {
  readonly device: DeviceIdentity;
  readonly receivedMs: number;
  readonly ack: AckMessage;
}

/**
 * States only move forward (queued, delivered, accepted, running, then a final one that never changes), so acknowledgements
 * may arrive twice, late or in any order. One for a command of another device, or of none, changes nothing.
 */
const TEXT = `with
a as (select * from unnest($1::uuid[], $2::int4[], $3::bool[], $4::timestamptz[]) as a(id, device_key, running, at)),
open_command as materialized (
  select c.id, c.state from command c join a on a.id = c.id and a.device_key = c.device_key
  where c.state in ('queued', 'delivered') or (c.state = 'accepted' and a.running) order by c.id for update of c),
changed as (
  update command c set
    state = case when a.running then 'running' else 'accepted' end,
    accepted_at = coalesce(c.accepted_at, a.at),
    started_at = case when a.running then a.at else c.started_at end
  from a join open_command o on o.id = a.id
  where c.id = o.id and (c.state in ('queued', 'delivered') or (c.state = 'accepted' and a.running))
  returning c.id, c.batch_id, c.device_key, c.state, a.at),
told as (
  insert into outbox (kind, device_key, region_path, payload)
  select 'command.changed', x.device_key, g.path,
    jsonb_build_object('id', x.id, 'batchId', x.batch_id, 'deviceId', d.device_id, 'state', x.state, 'at', x.at)
  from changed x join device d using (device_key) left join region g on g.id = d.region_id
  returning 1)
select (select pg_notify('uptally', '') where exists (select from told))::text as hint`;

const UUID = /^[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}$/i;

/** The statement for these reports, the furthest of each command counting; null if none names a command of ours. */
export function ackStatement(reports: readonly AckReport[]): Prepared | null {
  const furthest = new Map<string, AckReport>();
  for (const report of reports) {
    const { cmd, state } = report.ack;
    if (!UUID.test(cmd)) continue;
    const key = `${report.device.deviceKey}/${cmd.toLowerCase()}`;
    if (!furthest.has(key) || state === 'running') furthest.set(key, report);
  }
  if (furthest.size === 0) return null;
  const rows = [...furthest.values()];
  return {
    name: 'uptally_acks',
    text: TEXT,
    values: [
      rows.map((r) => r.ack.cmd),
      rows.map((r) => r.device.deviceKey),
      rows.map((r) => r.ack.state === 'running'),
      rows.map((r) => new Date(r.receivedMs).toISOString()),
    ],
  };
}
