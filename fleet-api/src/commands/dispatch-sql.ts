import type { CommandOp } from '@uptally/protocol';
import type { PoolClient, Queryable } from '../db/index.ts';

/** Statements of the dispatcher. Those that touch several commands lock them in id order, as ingest does. */

export interface DueCommand {
  readonly id: string;
  readonly device_id: string;
  readonly op: CommandOp;
  readonly args: Record<string, unknown>;
  readonly expires_at: Date;
}

/**
 * Takes commands that connected devices have yet to accept: never sent, sent before the present session began (the device may
 * have lost them), or unanswered for `redeliverMs`, doubled each time. Commands that another dispatcher has are passed by.
 */
export async function claimCommands(
  db: Queryable,
  nowMs: number,
  redeliverMs: number,
  limit: number,
): Promise<readonly DueCommand[]> {
  const { rows } = await db.query<DueCommand>(
    `with due as (
       select c.id from command c
       join device_live l on l.device_key = c.device_key
       join device d on d.device_key = c.device_key
       left join device_session s on s.device_key = l.device_key and s.session = l.session
       where c.state in ('queued', 'delivered') and c.expires_at > $1 and l.connected and d.revoked_at is null
         and (c.sent_at is null or s.began_at > c.sent_at
           or c.sent_at < $1::timestamptz - interval '1 ms' * ($2::int * (1 << least(c.deliveries - 1, 5))))
       order by c.created_at, c.id limit $3 for update of c skip locked
     )
     update command c set sent_at = $1, deliveries = c.deliveries + 1
     from due, device d where due.id = c.id and d.device_key = c.device_key
     returning c.id, d.device_id, c.op, c.args, c.expires_at`,
    [new Date(nowMs), redeliverMs, limit],
  );
  return rows;
}

const TELL = `
insert into outbox (kind, device_key, region_path, payload)
select 'command.changed', ch.device_key, r.path,
  jsonb_build_object('id', ch.id, 'batchId', ch.batch_id, 'deviceId', d.device_id, 'state', ch.state,
    'at', to_char($1::timestamptz at time zone 'UTC', 'YYYY-MM-DD"T"HH24:MI:SS.MS"Z"'))
from changed ch join device d on d.device_key = ch.device_key left join region r on r.id = d.region_id`;

/** Notes that commands were handed to a connected session. What has gone further in the meantime stays there. */
export async function markDelivered(db: Queryable, ids: readonly string[], nowMs: number): Promise<void> {
  await db.query(
    `with locked as (
       select id from command where id = any ($2) and state = 'queued' order by id for update
     ), changed as (
       update command c set state = 'delivered', delivered_at = $1 from locked l where l.id = c.id and c.state = 'queued'
       returning c.id, c.batch_id, c.device_key, c.state
     ) ${TELL}`,
    [new Date(nowMs), ids],
  );
}

/** Any 64-bit number that nobody else uses for an advisory lock. */
const SWEEP_LOCK = 7_227_700_011;

export interface ExpiryGrace {
  /** For a word that is on its way from a device that did get the command, ms. */
  readonly deliveredMs: number;
  /** For a device that took the command and was not heard of again, ms. */
  readonly acceptedMs: number;
}

/** Ends commands whose time is over; returns how many. Null if another process is doing that now. */
export async function expireCommands(
  client: PoolClient,
  nowMs: number,
  grace: ExpiryGrace,
  limit: number,
): Promise<number | null> {
  const { rows } = await client.query<{ mine: boolean }>('select pg_try_advisory_xact_lock($1) as mine', [SWEEP_LOCK]);
  if (rows[0]?.mine !== true) return null;
  const { rowCount } = await client.query(
    `with locked as (
       select id from command
       where expires_at <= $1 and (state = 'queued'
         or (state = 'delivered' and expires_at <= $1::timestamptz - interval '1 ms' * $2::bigint)
         or (state in ('accepted', 'running') and expires_at <= $1::timestamptz - interval '1 ms' * $3::bigint))
       order by id limit $4 for update skip locked
     ), changed as (
       update command c set state = 'expired', ended_at = $1 from locked l where l.id = c.id
       returning c.id, c.batch_id, c.device_key, c.state
     ) ${TELL}`,
    [new Date(nowMs), grace.deliveredMs, grace.acceptedMs, limit],
  );
  return rowCount ?? 0;
}

export interface OutdatedDevice {
  readonly device_key: number;
  readonly device_id: string;
  readonly session: number | null;
}

export interface DeviceConfig {
  readonly rev: number;
  readonly value: Record<string, unknown>;
}

/** The configuration that devices should have: setting `device_config`, its version being the revision. */
export async function deviceConfig(db: Queryable): Promise<DeviceConfig | null> {
  const { rows } = await db.query<DeviceConfig>(
    `select version as rev, value from setting where key = 'device_config' and jsonb_typeof(value) = 'object'`,
  );
  return rows[0] ?? null;
}

/** Connected devices whose configuration is older than `rev`, after `afterKey`. */
export async function outdatedDevices(
  db: Queryable,
  rev: number,
  afterKey: number,
  limit: number,
): Promise<readonly OutdatedDevice[]> {
  const { rows } = await db.query<OutdatedDevice>(
    `select l.device_key, d.device_id, l.session from device_live l join device d using (device_key)
     where l.connected and coalesce(l.cfg_rev, 0) < $1 and l.device_key > $2 order by l.device_key limit $3`,
    [rev, afterKey, limit],
  );
  return rows;
}
