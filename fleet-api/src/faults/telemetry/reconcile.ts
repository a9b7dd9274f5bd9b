import type { PoolClient } from '../../db/index.ts';
import { appendEach } from '../append.ts';
import { tellFaults } from '../tell.ts';

/** How long after a person's click telemetry has to contradict it before the fault is reopened, ms: a terminal needs to start. */
const CONTRADICTED_MS = 900_000;
/** Faults looked at in one go. */
const CHUNK = 200;

/**
 * Ends what lasts at stations whose device was replaced by one that works: the replaced one will not tell of it. The end is when the
 * new device stood there and was well.
 */
export async function endReplaced(client: PoolClient, nowMs: number): Promise<number> {
  const { rowCount } = await client.query(
    `update fault_episode e set until_at = greatest(e.since, q.at), due_at = $1, state = 'ending'
     from (
       select e.id, greatest(i.from_at, case when e.cause = 'offline' then l.changed_at
         else (l.components -> e.cause ->> 'since')::timestamptz end) as at
       from fault_episode e join installation i on i.station_id = e.station_id and i.to_at is null and i.device_key <> e.device_key
       join device_live l on l.device_key = i.device_key
       where e.until_at is null and e.state = 'opened' and l.last_rcv_at >= i.from_at
         and case when e.cause = 'offline' then l.online
           else l.components -> e.cause ->> 's' is distinct from 'fault' and l.components -> e.cause ->> 'r' is distinct from 'open' end
       order by e.id limit ${CHUNK}) q
     where e.id = q.id and e.until_at is null`,
    [new Date(nowMs)],
  );
  return rowCount ?? 0;
}

/** Reopens what people called repaired while telemetry goes on saying otherwise: as of their click, for it told nothing new. */
export async function reopenContradicted(client: PoolClient, nowMs: number): Promise<number> {
  const { rows } = await client.query<{ id: number; ended_at: Date }>(
    `select f.id, f.ended_at from fault f join work_order w on w.id = f.work_order_id
     where f.status = 'repaired' and f.recovered_at is null and f.merged_into is null and f.ended_at <= $1
       and w.state not in ('confirmed', 'closed', 'cancelled')
       and f.id in (select fault_id from fault_episode where until_at is null and state = 'opened')
     order by f.id limit ${CHUNK}`,
    [new Date(nowMs - CONTRADICTED_MS)],
  );
  const events = rows.map(({ id, ended_at }) => ({
    faultId: id,
    kind: 'reopened' as const,
    atMs: ended_at.getTime(),
  }));
  await appendEach(client, events, nowMs);
  await tellFaults(
    client,
    rows.map(({ id }) => id),
    'reopened',
  );
  return rows.length;
}

/** Forgets what came to nothing long ago; what became a fault stays as its evidence. */
export async function forgetShort(client: PoolClient, nowMs: number): Promise<void> {
  await client.query(
    `delete from fault_episode where id in (select id from fault_episode
       where state = 'over' and fault_id is null and until_at < $1::timestamptz - interval '30 days' limit 1000)`,
    [new Date(nowMs)],
  );
}
