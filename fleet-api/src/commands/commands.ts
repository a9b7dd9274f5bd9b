import type { CommandOp, CommandOutcome } from '@uptally/protocol';
import { inScope } from '../auth/scope.ts';
import type { Queryable } from '../db/index.ts';
import type { COMMAND_STATES } from './schemas.ts';

export interface CommandRow {
  readonly id: string;
  readonly batch_id: string;
  readonly device_id: string;
  readonly serial: string;
  readonly site_name: string | null;
  readonly station_name: string | null;
  readonly op: CommandOp;
  readonly args: Record<string, unknown>;
  readonly state: (typeof COMMAND_STATES)[number];
  readonly created_at: Date;
  readonly cursor_at: string;
  readonly expires_at: Date;
  readonly deliveries: number;
  readonly delivered_at: Date | null;
  readonly accepted_at: Date | null;
  readonly started_at: Date | null;
  readonly ended_at: Date | null;
  readonly result: unknown;
  /** Reported after the command had ended without the device. */
  readonly late: { outcome: CommandOutcome; code: string | null; at: string } | null;
  readonly created_by_name: string | null;
}

const COLUMNS = `
  c.id, c.batch_id, d.device_id, d.serial, si.name as site_name, st.name as station_name, c.op, c.args, c.state,
  c.created_at, to_char(c.created_at at time zone 'UTC', 'YYYY-MM-DD"T"HH24:MI:SS.US"Z"') as cursor_at, c.expires_at,
  c.deliveries, c.delivered_at, c.accepted_at, c.started_at, c.ended_at, c.result,
  case when c.state in ('expired', 'cancelled') then (
    select jsonb_build_object('outcome', rr.state, 'code', rr.code, 'at', rr.ts) from rec_result rr
    where rr.cmd = c.id::text and rr.device_key = c.device_key and c.result is null order by rr.seq limit 1) end as late,
  u.name as created_by_name
from command c
join command_batch b on b.id = c.batch_id
join device d on d.device_key = c.device_key
left join region r on r.id = d.region_id
left join installation i on i.device_key = d.device_key and i.to_at is null
left join station st on st.id = i.station_id
left join site si on si.id = st.site_id
left join app_user u on u.id = b.created_by`;

/** Commands of a batch by device id, within scope. `after`: device id and command id of the last row seen. */
export async function listBatchCommands(
  db: Queryable,
  scope: readonly number[] | null,
  query: { batchId: string; state: string | null; after: readonly [string, string] | null; limit: number },
): Promise<readonly CommandRow[]> {
  const { rows } = await db.query<CommandRow>(
    `select ${COLUMNS}
     where c.batch_id = $2 and ${inScope('r.path', '$1')} and ($3::text is null or c.state = $3)
       and ($4::text is null or (d.device_id collate "C", c.id) > ($4, $5::uuid))
     order by d.device_id collate "C", c.id limit $6`,
    [scope, query.batchId, query.state, query.after?.[0] ?? null, query.after?.[1] ?? null, query.limit],
  );
  return rows;
}

/** Commands to one device, newest first, within scope. */
export async function listDeviceCommands(
  db: Queryable,
  scope: readonly number[] | null,
  query: { deviceId: string; state: string | null; before: readonly [string, string] | null; limit: number },
): Promise<readonly CommandRow[]> {
  const { rows } = await db.query<CommandRow>(
    `select ${COLUMNS}
     where d.device_id = $2 and ${inScope('r.path', '$1')} and ($3::text is null or c.state = $3)
       and ($4::timestamptz is null or (c.created_at, c.id) < ($4, $5::uuid))
     order by c.created_at desc, c.id desc limit $6`,
    [scope, query.deviceId, query.state, query.before?.[0] ?? null, query.before?.[1] ?? null, query.limit],
  );
  return rows;
}

/** True if the caller may see the device. */
export async function deviceInScope(
  db: Queryable,
  scope: readonly number[] | null,
  deviceId: string,
): Promise<boolean> {
  const { rowCount } = await db.query(
    `select 1 from device d left join region r on r.id = d.region_id where d.device_id = $2 and ${inScope('r.path', '$1')}`,
    [scope, deviceId],
  );
  return rowCount === 1;
}
