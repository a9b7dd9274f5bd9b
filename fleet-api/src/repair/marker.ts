import type { Logger } from 'pino';
import { inTransaction, type Pool, type PoolClient, writeOutbox } from '../db/index.ts';
import { Rounds } from '../platform/rounds.ts';
import { refreshClocks } from './refresh.ts';
import { refreshOrders } from './refresh-orders.ts';

const POLL_MS = 10_000;
/** Orders of one transaction. */
const BATCH = 20;

export interface MarkerOptions {
  readonly pool: Pool;
  readonly log: Logger;
  readonly clock: () => number;
}

/**
 * Looks at orders when a share of a limit is used up: tells of it once in the outbox, and keeps true what lists say of being late
 * and paused. Any number of processes may run one; each order is looked at by one.
 */
export class RepairMarker {
  readonly #options: MarkerOptions;
  readonly #rounds: Rounds;

  constructor(options: MarkerOptions) {
    this.#options = options;
    this.#rounds = new Rounds({
      run: async () => ((await this.step()) === BATCH ? 0 : POLL_MS),
      onError: (error) => options.log.warn({ err: error }, 'repair clocks: marks could not be looked at; tried again'),
      retryMs: POLL_MS,
    });
  }

  async start(): Promise<void> {
    this.#rounds.start(0);
  }

  /** Ends after the batch in hand. Idempotent. */
  stop(): Promise<void> {
    return this.#rounds.stop();
  }

  /** Looks at what is due; the number of orders looked at. */
  async step(): Promise<number> {
    const { pool, clock } = this.#options;
    return inTransaction(pool, (client) => markDue(client, clock()));
  }
}

interface Mark {
  readonly order_id: number;
  readonly stage: string;
  readonly percent: number;
  /** Unix ms */
  readonly at: number;
  readonly region_path: readonly number[];
}

/** Looks at orders whose next mark has come; the number of them. */
export async function markDue(client: PoolClient, nowMs: number): Promise<number> {
  const { rows: orders } = await client.query<{ id: number }>(
    `select id from work_order where next_mark_at <= $1 order by next_mark_at limit ${BATCH} for no key update skip locked`,
    [new Date(nowMs)],
  );
  const ids = orders.map(({ id }) => id);
  if (ids.length === 0) return 0;
  const { rows: marks } = await client.query<Mark>(
    `select f.work_order_id as order_id, m ->> 'stage' as stage, (m ->> 'percent')::int as percent,
       min((m ->> 'at')::bigint) as at, o.region_path
     from fault f join work_order o on o.id = f.work_order_id, jsonb_array_elements(f.marks) m
     where f.work_order_id = any ($1) and f.merged_into is null and f.status = 'open' and m ->> 'stage' <> 'pause'
       and (m ->> 'at')::bigint <= $2
       and not exists (select 1 from work_order_mark w where w.work_order_id = o.id and w.stage = m ->> 'stage'
         and w.percent = (m ->> 'percent')::int)
     group by 1, 2, 3, o.region_path`,
    [ids, nowMs],
  );
  await client.query(
    `insert into work_order_mark (work_order_id, stage, percent, told_at)
     select *, $4::timestamptz from unnest($1::int[], $2::text[], $3::int[])`,
    [marks.map((m) => m.order_id), marks.map((m) => m.stage), marks.map((m) => m.percent), new Date(nowMs)],
  );
  await writeOutbox(
    client,
    gravest(marks).map(({ order_id, stage, percent, at, region_path }) => ({
      kind: 'repair.mark',
      regionPath: region_path,
      payload: { order: order_id, stage, percent, at },
    })),
  );
  const { rows: faults } = await client.query<{ id: number }>(
    `select id from fault where work_order_id = any ($1) and merged_into is null and status = 'open' order by id`,
    [ids],
  );
  await refreshClocks(
    client,
    faults.map(({ id }) => id),
    nowMs,
  );
  await refreshOrders(client, ids, nowMs);
  return ids.length;
}

/** Of several marks of one stage that came at once (a fault that is known late), only the last is news. */
function gravest(marks: readonly Mark[]): Mark[] {
  const last = new Map<string, Mark>();
  for (const mark of marks) {
    const key = `${mark.order_id}/${mark.stage}`;
    const known = last.get(key);
    if (known === undefined || known.percent < mark.percent) last.set(key, mark);
  }
  return [...last.values()];
}
