import type { CommandOutcome, CommandProgress } from '@uptally/protocol';
import type { Queryable } from '../db/index.ts';

/** What a device said of a command: progress from `ack`, outcome from a `result` record. */
export interface CommandReport {
  readonly commandId: string;
  readonly deviceKey: number;
  readonly state: CommandProgress | CommandOutcome;
  /** When, on the server's clock, Unix ms. */
  readonly atMs: number;
  /** Of an outcome. */
  readonly code?: string | null;
  readonly detail?: unknown;
}

interface Folded {
  readonly id: string;
  readonly deviceKey: number;
  state: CommandReport['state'];
  acceptedAt: Date | null;
  startedAt: Date | null;
  endedAt: Date | null;
  result: string | null;
}

const UUID = /^[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}$/i;
const RANK = { accepted: 1, running: 2, succeeded: 3, failed: 3, expired: 3 } as const;

/**
 * Applies reports in the caller's transaction, in one statement, and tells of every change in the outbox. States only move
 * forward and a final state stays. Unknown ids, foreign devices, repetitions and any order are harmless.
 */
export async function applyCommandReports(db: Queryable, reports: readonly CommandReport[]): Promise<void> {
  const folded = fold(reports);
  if (folded.length === 0) return;
  await db.query(APPLY, [
    folded.map((f) => f.id),
    folded.map((f) => f.deviceKey),
    folded.map((f) => f.state),
    folded.map((f) => f.acceptedAt),
    folded.map((f) => f.startedAt),
    folded.map((f) => f.endedAt),
    folded.map((f) => f.result),
  ]);
}

/** One entry a command: the furthest state, the first outcome, the earliest instant of each step. */
function fold(reports: readonly CommandReport[]): Folded[] {
  const byCommand = new Map<string, Folded>();
  for (const report of reports) {
    if (!UUID.test(report.commandId)) continue;
    const key = `${report.commandId.toLowerCase()}/${report.deviceKey}`;
    const entry = byCommand.get(key) ?? {
      id: report.commandId.toLowerCase(),
      deviceKey: report.deviceKey,
      state: report.state,
      acceptedAt: null,
      startedAt: null,
      endedAt: null,
      result: null,
    };
    byCommand.set(key, entry);
    if (RANK[report.state] > RANK[entry.state]) entry.state = report.state;
    const at = new Date(report.atMs);
    if (report.state === 'accepted') entry.acceptedAt = earliest(entry.acceptedAt, at);
    else if (report.state === 'running') entry.startedAt = earliest(entry.startedAt, at);
    else if (entry.result === null) {
      entry.state = report.state;
      entry.endedAt = at;
      entry.result = JSON.stringify({
        ...(report.code ? { code: report.code } : {}),
        ...(report.detail ? { d: report.detail } : {}),
      });
    }
  }
  return [...byCommand.values()];
}

function earliest(a: Date | null, b: Date): Date {
  return a === null || b < a ? b : a;
}

/** Locks in id order, as every other statement on several commands does. */
const APPLY = `
with input as (
  select * from unnest($1::uuid[], $2::int[], $3::text[], $4::timestamptz[], $5::timestamptz[], $6::timestamptz[], $7::jsonb[])
    as i(id, device_key, state, accepted_at, started_at, ended_at, result)
), locked as (
  select c.id, array_position(array['queued', 'delivered', 'accepted', 'running'], c.state) as rank
  from command c
  where c.id in (select id from input) and c.state in ('queued', 'delivered', 'accepted', 'running')
  order by c.id for update
), changed as (
  update command c set
    state = i.state,
    delivered_at = coalesce(c.delivered_at, i.accepted_at, i.started_at, i.ended_at),
    accepted_at = coalesce(c.accepted_at, i.accepted_at, i.started_at, i.ended_at),
    started_at = coalesce(c.started_at, i.started_at),
    ended_at = i.ended_at,
    result = i.result
  from input i join locked l on l.id = i.id
  where c.id = i.id and c.device_key = i.device_key
    and array_position(array['accepted', 'running', 'succeeded', 'failed', 'expired'], i.state) + 2 > l.rank
  returning c.id, c.batch_id, c.device_key, c.state
)
insert into outbox (kind, device_key, region_path, payload)
select 'command.changed', ch.device_key, r.path,
  jsonb_build_object('id', ch.id, 'batchId', ch.batch_id, 'deviceId', d.device_id, 'state', ch.state,
    'at', to_char(now() at time zone 'UTC', 'YYYY-MM-DD"T"HH24:MI:SS.MS"Z"'))
from changed ch join device d on d.device_key = ch.device_key left join region r on r.id = d.region_id`;
