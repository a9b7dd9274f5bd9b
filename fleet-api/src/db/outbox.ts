import { inTransaction, type Pool, type PoolClient, type Queryable } from './pool.ts';

/**
 * The outbox tells of state changes exactly as they were committed. Rows are read in the order of their ids, up to the first that
 * a running transaction may still commit ({@link OutboxHorizon}): a slow writer is never skipped, and a long transaction that
 * writes no event delays nobody.
 */

export interface OutboxEvent<P = Record<string, unknown>> {
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

/** Up to `limit` events with `after < id <= upTo`. */
export async function readOutbox(
  db: Queryable,
  after: number,
  upTo: number,
  limit: number,
): Promise<readonly OutboxEvent[]> {
  const { rows } = await db.query<OutboxEvent>(
    `select id, at, kind, device_key, region_path, payload from outbox where id > $1 and id <= $2 order by id limit $3`,
    [after, upTo, limit],
  );
  return rows;
}

/**
 * How far a reader may go. Each writer that runs now was absent at some earlier look, so its ids are above the newest id of that
 * look: the lowest such floor is the horizon. A writer met at the first look has the reader's own place as its floor.
 */
export class OutboxHorizon {
  readonly #floors = new Map<string, number>();
  #newest: number | null = null;

  /** Looks again. `waiting` tells that a running writer keeps back ids that were given out already. */
  async look(db: Queryable, place: number): Promise<{ readonly upTo: number; readonly waiting: boolean }> {
    const { rows } = await db.query<{ newest: number; writers: string[] }>('select newest, writers from outbox_tail()');
    const { newest, writers } = rows[0] ?? { newest: 0, writers: [] };
    const running = new Set(writers);
    for (const writer of this.#floors.keys()) if (!running.has(writer)) this.#floors.delete(writer);
    for (const writer of running) {
      if (!this.#floors.has(writer)) this.#floors.set(writer, this.#newest ?? place);
    }
    this.#newest = newest;
    const upTo = Math.min(newest, ...this.#floors.values());
    return { upTo, waiting: upTo < newest };
  }
}

/** The newest id given out: where a reader that only wants the future begins. */
export async function outboxEnd(db: Queryable): Promise<number> {
  const { rows } = await db.query<{ newest: number }>('select newest from outbox_tail()');
  return rows[0]?.newest ?? 0;
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
  readonly #horizon = new OutboxHorizon();
  #place = 0;
  #timer: NodeJS.Timeout | undefined;
  #dueMs = 0;
  #roundWaits = false;
  #lookedMs = Number.NEGATIVE_INFINITY;
  #running: Promise<void> = Promise.resolve();
  #stopped = true;
  #listener: PoolClient | null = null;

  constructor(options: OutboxReaderOptions) {
    this.#options = { pollMs: 400, batch: 500, ...options };
  }

  /** Takes its place in the outbox and begins to follow. */
  async start(): Promise<void> {
    this.#stopped = false;
    if (this.#options.reader === undefined) this.#place = await outboxEnd(this.#options.pool);
    await this.#listen();
    this.#schedule(0);
  }

  /** Ends after the batch in hand. Idempotent; it may be started again. */
  async stop(): Promise<void> {
    this.#stopped = true;
    clearTimeout(this.#timer);
    this.#timer = undefined;
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
      client.on('notification', () => this.#schedule(this.#lookedMs + PAUSE_MS - performance.now()));
      this.#listener = client;
      await client.query(`listen ${NOTIFY_CHANNEL}`).catch((error: unknown) => {
        drop();
        throw error;
      });
    } catch (error) {
      this.#options.onError?.(error);
    }
  }

  /** Looks after `delayMs`, or earlier if that was agreed before. */
  #schedule(delayMs: number): void {
    if (this.#stopped) return;
    const dueMs = performance.now() + Math.max(0, delayMs);
    if (this.#timer !== undefined && this.#dueMs <= dueMs) return;
    clearTimeout(this.#timer);
    this.#dueMs = dueMs;
    this.#timer = setTimeout(() => {
      this.#timer = undefined;
      if (this.#roundWaits) return;
      this.#roundWaits = true;
      this.#running = this.#running.then(() => this.#round());
    }, delayMs);
  }

  async #round(): Promise<void> {
    this.#roundWaits = false;
    if (this.#stopped) return;
    this.#lookedMs = performance.now();
    let delayMs = this.#options.pollMs;
    try {
      delayMs = await this.#step();
      if (this.#listener === null && !this.#stopped) await this.#listen();
    } catch (error) {
      this.#options.onError?.(error);
    }
    this.#schedule(delayMs);
  }

  /** Handles what can be handled now; returns the time until the next look, ms. */
  async #step(): Promise<number> {
    const { pool, reader, handle, batch, pollMs } = this.#options;
    const place = reader === undefined ? this.#place : await savedPlace(pool, reader);
    const { upTo, waiting } = await this.#horizon.look(pool, place);
    if (upTo <= place) return waiting ? WRITER_MS : pollMs;
    const taken = await inTransaction(pool, async (client) => {
      const from = reader === undefined ? place : await lockPlace(client, reader);
      const events = await readOutbox(client, from, upTo, batch);
      const next = events.length === batch ? (events.at(-1)?.id ?? upTo) : Math.max(from, upTo);
      if (events.length > 0) await handle(events, client);
      if (reader !== undefined && next > from) {
        await client.query('update outbox_cursor set id = $2, moved_at = now() where reader = $1', [reader, next]);
      }
      return { next, full: events.length === batch };
    });
    this.#place = taken.next;
    if (taken.full) return 0;
    return waiting ? WRITER_MS : pollMs;
  }
}

/** Time between two looks that hints ask for, ms: a storm of events is read in portions instead of one by one. */
const PAUSE_MS = 50;
/** Next look while a writer keeps back ids, ms: most end within milliseconds. */
const WRITER_MS = 40;

async function savedPlace(db: Queryable, reader: string): Promise<number> {
  const { rows } = await db.query<{ id: number }>('select id from outbox_cursor where reader = $1', [reader]);
  return rows[0]?.id ?? 0;
}

async function lockPlace(client: PoolClient, reader: string): Promise<number> {
  await client.query(`insert into outbox_cursor (reader, id) values ($1, 0) on conflict do nothing`, [reader]);
  const { rows } = await client.query<{ id: number }>('select id from outbox_cursor where reader = $1 for update', [
    reader,
  ]);
  return rows[0]?.id ?? 0;
}
