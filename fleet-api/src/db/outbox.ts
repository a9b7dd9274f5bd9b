import { inTransaction, type Pool, type PoolClient, type Queryable } from './pool.ts';

/**
 * The outbox tells of state changes exactly as they were committed. Rows are read in `(xid, id)` order up to the oldest
 * transaction still running, so a slow writer is never skipped.
 */

export interface OutboxEvent<P = Record<string, unknown>> {
  readonly xid: string;
  readonly id: number;
  readonly at: Date;
  readonly kind: string;
  readonly device_key: number | null;
  readonly region_path: readonly number[] | null;
  readonly payload: P;
}

export interface NewEvent {
  readonly kind: string;
  readonly deviceKey?: number | null;
  readonly regionPath?: readonly number[] | null;
  readonly payload?: Record<string, unknown>;
}

/** Place of a reader in the outbox; xid as a decimal string, since it is 64 bits wide. */
export interface OutboxCursor {
  readonly xid: string;
  readonly id: number;
}

/** Channel of the hint that follows a commit; a reader that misses it finds the rows at its next poll. */
export const NOTIFY_CHANNEL = 'uptally';

/** Writes events in the caller's transaction and hints at them. */
export async function writeOutbox(db: Queryable, events: readonly NewEvent[]): Promise<void> {
  if (events.length === 0) return;
  await db.query(
    `with rows as (
       insert into outbox (kind, device_key, region_path, payload)
       select e.kind, e.device_key, (select array_agg(v::int) from jsonb_array_elements_text(e.region_path) v), e.payload
       from unnest($1::text[], $2::int[], $3::jsonb[], $4::jsonb[]) with ordinality as e(kind, device_key, region_path, payload, n)
       order by e.n
       returning 1)
     select pg_notify('${NOTIFY_CHANNEL}', '') from rows limit 1`,
    [
      events.map((e) => e.kind),
      events.map((e) => e.deviceKey ?? null),
      events.map((e) => JSON.stringify(e.regionPath ?? [])),
      events.map((e) => JSON.stringify(e.payload ?? {})),
    ],
  );
}

/** Up to `limit` events after `cursor` that no running transaction can still precede. */
export async function readOutbox(db: Queryable, cursor: OutboxCursor, limit: number): Promise<readonly OutboxEvent[]> {
  const { rows } = await db.query<OutboxEvent>(
    `select xid::text, id, at, kind, device_key, region_path, payload from outbox
     where xid < pg_snapshot_xmin(pg_current_snapshot()) and (xid, id) > ($1::xid8, $2)
     order by xid, id limit $3`,
    [cursor.xid, cursor.id, limit],
  );
  return rows;
}

/** The place after everything that is settled now: where a reader that only wants the future begins. */
export async function outboxEnd(db: Queryable): Promise<OutboxCursor> {
  const { rows } = await db.query<{ xid: string; id: number }>(
    `select xid::text, id from outbox where xid < pg_snapshot_xmin(pg_current_snapshot()) order by xid desc, id desc limit 1`,
  );
  return rows[0] ?? { xid: '0', id: 0 };
}

export interface OutboxReaderOptions {
  readonly pool: Pool;
  /**
   * Handles a batch. With a `reader` name it runs inside the transaction that also moves that reader's cursor: what it writes
   * through `client` happens exactly once. It must not take another connection.
   */
  readonly handle: (events: readonly OutboxEvent[], client: PoolClient) => Promise<void>;
  /** Name of a durable cursor; without it the reader starts at the present and keeps its place in memory. */
  readonly reader?: string;
  /** Time between looks when no hint arrives, ms. */
  readonly pollMs?: number;
  readonly batch?: number;
  readonly onError?: (error: unknown) => void;
}

/** Follows the outbox by cursor. `start()` resolves once its place is known; `stop()` waits for the batch in hand. */
export class OutboxReader {
  readonly #options: Required<Pick<OutboxReaderOptions, 'pollMs' | 'batch'>> & OutboxReaderOptions;
  #cursor: OutboxCursor = { xid: '0', id: 0 };
  #timer: NodeJS.Timeout | undefined;
  #running: Promise<void> = Promise.resolve();
  #stopped = true;
  #listener: PoolClient | null = null;

  constructor(options: OutboxReaderOptions) {
    this.#options = { pollMs: 400, batch: 500, ...options };
  }

  /** Takes its place in the outbox and begins to follow. */
  async start(): Promise<void> {
    this.#stopped = false;
    if (this.#options.reader === undefined) this.#cursor = await outboxEnd(this.#options.pool);
    await this.#listen();
    this.#schedule(0);
  }

  /** Ends after the batch in hand. Idempotent. */
  async stop(): Promise<void> {
    this.#stopped = true;
    clearTimeout(this.#timer);
    await this.#running;
    const listener = this.#listener;
    this.#listener = null;
    listener?.release(true);
  }

  async #listen(): Promise<void> {
    try {
      const client = await this.#options.pool.connect();
      const drop = (): void => {
        if (this.#listener === client) {
          this.#listener = null;
          client.release(true);
        }
      };
      client.on('error', drop);
      client.on('end', drop);
      client.on('notification', () => this.#schedule(0));
      this.#listener = client;
      await client.query(`listen ${NOTIFY_CHANNEL}`).catch((error: unknown) => {
        drop();
        throw error;
      });
    } catch (error) {
      this.#options.onError?.(error);
    }
  }

  #schedule(delayMs: number): void {
    if (this.#stopped) return;
    clearTimeout(this.#timer);
    this.#timer = setTimeout(() => {
      this.#running = this.#running.then(() => this.#round());
    }, delayMs);
  }

  async #round(): Promise<void> {
    if (this.#stopped) return;
    let more = false;
    try {
      more = (await this.#step()) === this.#options.batch;
      if (this.#listener === null && !this.#stopped) await this.#listen();
    } catch (error) {
      this.#options.onError?.(error);
    }
    this.#schedule(more ? 0 : this.#options.pollMs);
  }

  async #step(): Promise<number> {
    const { pool, reader, handle, batch } = this.#options;
    if (reader === undefined) {
      const events = await readOutbox(pool, this.#cursor, batch);
      const last = events.at(-1);
      if (last === undefined) return 0;
      await inTransaction(pool, (client) => handle(events, client));
      this.#cursor = { xid: last.xid, id: last.id };
      return events.length;
    }
    const waiting = await readOutbox(pool, await savedCursor(pool, reader), 1);
    if (waiting.length === 0) return 0;
    return inTransaction(pool, async (client) => {
      const events = await readOutbox(client, await lockCursor(client, reader), batch);
      const last = events.at(-1);
      if (last === undefined) return 0;
      await handle(events, client);
      await client.query('update outbox_cursor set xid = $2::xid8, id = $3, moved_at = now() where reader = $1', [
        reader,
        last.xid,
        last.id,
      ]);
      return events.length;
    });
  }
}

async function savedCursor(db: Queryable, reader: string): Promise<OutboxCursor> {
  const { rows } = await db.query<OutboxCursor>('select xid::text, id from outbox_cursor where reader = $1', [reader]);
  return rows[0] ?? { xid: '0', id: 0 };
}

async function lockCursor(client: PoolClient, reader: string): Promise<OutboxCursor> {
  await client.query(`insert into outbox_cursor (reader, xid, id) values ($1, '0', 0) on conflict do nothing`, [
    reader,
  ]);
  const { rows } = await client.query<OutboxCursor>(
    'select xid::text, id from outbox_cursor where reader = $1 for update',
    [reader],
  );
  return rows[0] ?? { xid: '0', id: 0 };
}
