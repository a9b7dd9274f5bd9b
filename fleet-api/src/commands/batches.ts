import { randomUUID } from 'node:crypto';
import type { CommandOp } from '@uptally/protocol';
import { inScope } from '../auth/scope.ts';
import { type PoolClient, type Queryable, writeOutbox } from '../db/index.ts';
import { COMMAND_STATES } from './schemas.ts';
import type { Selection, Target } from './selection.ts';

export interface BatchRow {
  readonly id: string;
  readonly op: CommandOp;
  readonly args: Record<string, unknown>;
  readonly ttl_s: number;
  readonly created_at: Date;
  /** RFC 3339 with microseconds, for cursors. */
  readonly cursor_at: string;
  readonly expires_at: Date;
  readonly created_by: { id: number; name: string } | null;
  readonly selection: unknown;
  readonly total: number;
  readonly counts: Record<(typeof COMMAND_STATES)[number], number>;
  readonly open: number;
}

export interface NewBatch {
  readonly op: CommandOp;
  readonly args: Record<string, unknown>;
  readonly ttlMs: number;
  readonly createdBy: number | null;
  readonly createdAtMs: number;
  readonly selection: Selection;
  readonly targets: readonly Target[];
}

/** Writes a batch, its commands and the event that wakes the dispatcher, in the caller's transaction. */
export async function insertBatch(client: PoolClient, batch: NewBatch): Promise<string> {
  const id = randomUUID();
  const createdAt = new Date(batch.createdAtMs);
  await client.query(
    `insert into command_batch (id, op, args, ttl_ms, created_by, created_at, selection, total)
     values ($1, $2, $3, $4, $5, $6, $7, $8)`,
    [id, batch.op, batch.args, batch.ttlMs, batch.createdBy, createdAt, batch.selection, batch.targets.length],
  );
  await client.query(
    `insert into command (id, batch_id, device_key, op, args, created_at, expires_at)
     select gen_random_uuid(), $1, k, $2, $3, $4, $5 from unnest($6::int[]) k`,
    [
      id,
      batch.op,
      batch.args,
      createdAt,
      new Date(batch.createdAtMs + batch.ttlMs),
      batch.targets.map((target) => target.device_key),
    ],
  );
  await writeOutbox(client, [
    { kind: 'command.created', payload: { batchId: id, op: batch.op, total: batch.targets.length } },
  ]);
  return id;
}

/**
 * Cancels what no device has accepted yet; returns how many. A command that was handed over but not accepted may still run if
 * its acceptance is on the way: the device's report is then kept as a late result.
 */
export async function cancelBatch(
  client: PoolClient,
  scope: readonly number[] | null,
  id: string,
  atMs: number,
): Promise<number> {
  const { rowCount } = await client.query(CANCEL, [scope, id, new Date(atMs)]);
  return rowCount ?? 0;
}

/** Batches with at least one command in scope, newest first; counts are of the commands in scope. */
export async function listBatches(
  db: Queryable,
  scope: readonly number[] | null,
  query: { op: string | null; before: readonly [string, string] | null; limit: number },
): Promise<readonly BatchRow[]> {
  const { rows } = await db.query<BatchRow>(`${BATCHES} order by b.created_at desc, b.id desc limit $6`, [
    scope,
    null,
    query.op,
    query.before?.[0] ?? null,
    query.before?.[1] ?? null,
    query.limit,
  ]);
  return rows.map(withAllCounts);
}

/** One batch as its caller may see it, or null. */
export async function findBatch(db: Queryable, scope: readonly number[] | null, id: string): Promise<BatchRow | null> {
  const { rows } = await db.query<BatchRow>(`${BATCHES} limit $6`, [scope, id, null, null, null, 1]);
  return rows[0] === undefined ? null : withAllCounts(rows[0]);
}

function withAllCounts(row: BatchRow): BatchRow {
  const counts = { ...row.counts };
  for (const state of COMMAND_STATES) counts[state] ??= 0;
  return { ...row, counts };
}

const BATCHES = `
select b.id, b.op, b.args, (b.ttl_ms / 1000)::int as ttl_s, b.created_at,
  to_char(b.created_at at time zone 'UTC', 'YYYY-MM-DD"T"HH24:MI:SS.US"Z"') as cursor_at,
  b.created_at + b.ttl_ms * interval '1 ms' as expires_at,
  case when u.id is not null then jsonb_build_object('id', u.id, 'name', u.name) end as created_by,
  b.selection, t.total, t.counts, t.open
from command_batch b
left join app_user u on u.id = b.created_by
cross join lateral (
  select sum(n)::int as total, jsonb_object_agg(s.state, s.n) as counts,
    coalesce(sum(n) filter (where s.state in ('queued', 'delivered', 'accepted', 'running')), 0)::int as open
  from (
    select c.state, count(*)::int as n from command c
    join device d on d.device_key = c.device_key left join region r on r.id = d.region_id
    where c.batch_id = b.id and ${inScope('r.path', '$1')}
    group by c.state
  ) s
) t
where t.total > 0
  and ($2::uuid is null or b.id = $2)
  and ($3::text is null or b.op = $3)
  and ($4::timestamptz is null or (b.created_at, b.id) < ($4, $5::uuid))`;

const CANCEL = `
with locked as (
  select c.id, r.path from command c
  join device d on d.device_key = c.device_key left join region r on r.id = d.region_id
  where c.batch_id = $2 and c.state in ('queued', 'delivered') and ${inScope('r.path', '$1')}
  order by c.id for update of c
), changed as (
  update command c set state = 'cancelled', ended_at = $3
  from locked l where l.id = c.id and c.state in ('queued', 'delivered')
  returning c.id, c.batch_id, c.device_key, l.path
)
insert into outbox (kind, device_key, region_path, payload)
select 'command.changed', ch.device_key, ch.path,
  jsonb_build_object('id', ch.id, 'batchId', ch.batch_id, 'deviceId', d.device_id, 'state', 'cancelled',
    'at', to_char($3::timestamptz at time zone 'UTC', 'YYYY-MM-DD"T"HH24:MI:SS.MS"Z"'))
from changed ch join device d on d.device_key = ch.device_key`;
