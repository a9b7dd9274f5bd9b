import { type PoolClient, writeOutbox } from '../db/index.ts';

interface Refreshed {
  readonly id: number;
  readonly before: string;
  readonly state: string;
  readonly region_path: readonly number[];
  readonly ended_at: Date | null;
}

/** State that faults force upon an order: gone, they need no repair; back, they do; withdrawn, there is nothing to do. */
const STATE = `case
    when a.open = 0 and a.ended > 0 and o.state in ('new', 'acknowledged', 'assigned', 'on_the_way', 'on_site', 'restored')
      then 'repaired'
    when a.open = 0 and a.ended = 0 and o.state <> 'closed' then 'cancelled'
    when a.open > 0 and o.state in ('repaired', 'confirmed', 'closed', 'cancelled')
      then case when o.assignee_id is null then 'acknowledged' else 'assigned' end
    else o.state end`;

const REFRESH = `with agg as (
    select o.id, count(f.id)::int as total, count(*) filter (where f.status = 'open')::int as open,
      count(*) filter (where f.status in ('repaired', 'confirmed'))::int as ended, max(f.ended_at) as ended_at,
      min(f.opened_at) as opened_at, coalesce(bool_or(f.is_late), false) as is_late,
      coalesce(bool_and(f.paused) filter (where f.status = 'open'), false) as paused,
      min(f.next_due_at) filter (where f.status = 'open') as next_due_at
    from work_order o left join fault f on f.work_order_id = o.id and f.merged_into is null
    where o.id = any ($1) group by o.id),
  before as (select id, state from work_order where id = any ($1) for no key update)
  update work_order o set faults_total = a.total, faults_open = a.open, is_late = a.is_late, paused = a.paused,
    opened_at = coalesce(a.opened_at, o.opened_at), ended_at = case when a.open = 0 then a.ended_at end,
    next_due_at = a.next_due_at,
    next_stage = (select f.next_stage from fault f where f.work_order_id = o.id and f.merged_into is null and f.status = 'open'
      order by f.next_due_at nulls last, f.id limit 1),
    next_mark_at = (select to_timestamp(min((m ->> 'at')::bigint) / 1000.0)
      from fault f, jsonb_array_elements(f.marks) m
      where f.work_order_id = o.id and f.merged_into is null and f.status = 'open'
        and not exists (select 1 from work_order_mark w where w.work_order_id = o.id and w.stage = m ->> 'stage'
          and w.percent = (m ->> 'percent')::int)),
    state = ${STATE}, closed_at = case when a.open = 0 then o.closed_at end,
    version = o.version + (o.state <> ${STATE})::int
  from agg a join before b on b.id = a.id where o.id = a.id
  returning o.id, b.state as before, o.state, o.region_path, o.ended_at`;

/** Reads what orders show from the columns of their faults, and moves them on where their faults force them to. */
export async function refreshOrders(client: PoolClient, orderIds: readonly number[], nowMs: number): Promise<void> {
  if (orderIds.length === 0) return;
  const { rows } = await client.query<Refreshed>(REFRESH, [orderIds]);
  await tellMoves(
    client,
    rows.filter(({ before, state }) => before !== state),
    nowMs,
  );
  await writeOutbox(
    client,
    rows.map(({ id, state, region_path }) => ({
      kind: 'work_order.changed',
      regionPath: region_path,
      payload: { id, state },
    })),
  );
}

/** What the story says of a state that nobody's hand brought about. */
const ENTRY_OF: Readonly<Record<string, string>> = {
  repaired: 'recovered',
  cancelled: 'cancelled',
  assigned: 'reopened',
  acknowledged: 'reopened',
};

async function tellMoves(client: PoolClient, moved: readonly Refreshed[], nowMs: number): Promise<void> {
  if (moved.length === 0) return;
  await client.query(
    `insert into work_order_entry (work_order_id, at, recorded_at, kind)
     select * from unnest($1::int[], $2::timestamptz[], $3::timestamptz[], $4::text[])`,
    [
      moved.map(({ id }) => id),
      moved.map(({ state, ended_at }) => (state === 'repaired' && ended_at !== null ? ended_at : new Date(nowMs))),
      moved.map(() => new Date(nowMs)),
      moved.map(({ state }) => ENTRY_OF[state] ?? state),
    ],
  );
  const back = moved.filter(({ state }) => state === 'assigned' || state === 'acknowledged').map(({ id }) => id);
  await client.query(
    'update work_order_confirmation set voided_at = $2 where work_order_id = any ($1) and voided_at is null',
    [back, new Date(nowMs)],
  );
}
