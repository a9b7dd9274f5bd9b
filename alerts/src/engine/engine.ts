import { inTransaction, type OutboxEvent, OutboxReader, type Pool, type PoolClient } from '@uptally/fleet-api/db';
import type { Logger } from 'pino';
import { decide } from './board.ts';
import { type Fact, factOf } from './events.ts';
import { tellNotices } from './notices.ts';
import { tellMarks } from './repair-marks.ts';
import { applyDecision, readBoard, takeDeferred } from './store.ts';
import { HAS_LIVE_FAULT, type TellingOptions, tellDue } from './telling.ts';

export interface EngineOptions extends TellingOptions {
  readonly pool: Pool;
  readonly clock: () => number;
  readonly log: Logger;
  /** Time between looks at the outbox and at what is due, ms. */
  readonly pollMs?: number;
  /** Called when notifications may have been queued. */
  readonly onQueued?: () => void;
  /** Called when an alert opened: somebody will have to be told soon. */
  readonly onAlert?: () => void;
}

/** Name of the cursor. */
export const READER = 'alerts';
const BATCH = 500;

/**
 * Follows the outbox and turns it into alerts, incidents and queued notifications. Everything that follows from a batch of
 * events is one transaction with the cursor: killed at any moment, it neither loses nor repeats. Several engines may run; the
 * lock on the cursor makes them take turns.
 */
export class Engine {
  readonly #options: EngineOptions;
  readonly #reader: OutboxReader;
  readonly #pollMs: number;
  #timer: NodeJS.Timeout | undefined;
  #running: Promise<void> = Promise.resolve();
  #stopped = true;

  constructor(options: EngineOptions) {
    this.#options = options;
    this.#pollMs = options.pollMs ?? 250;
    this.#reader = new OutboxReader({
      pool: options.pool,
      reader: READER,
      batch: BATCH,
      pollMs: this.#pollMs,
      handle: (events, client) => this.#handle(events, client),
      onError: (error) => this.#failed(error),
    });
  }

  async start(): Promise<void> {
    this.#stopped = false;
    await this.#reader.start();
    this.#schedule();
  }

  /** Ends after the transaction in hand. Idempotent. */
  async stop(): Promise<void> {
    this.#stopped = true;
    clearTimeout(this.#timer);
    await this.#reader.stop();
    await this.#running;
  }

  async #handle(events: readonly OutboxEvent[], client: PoolClient): Promise<void> {
    const nowMs = this.#options.clock();
    const facts = events.flatMap((event) => factOf(event) ?? []);
    if (facts.length > 0) await this.#judge(client, facts, nowMs, false);
    // Behind in the outbox, an alert may be over further down: tell of it only when all is read.
    if (facts.length > 0 && events.length < BATCH) await this.#tell(client, nowMs);
    this.#wake(await tellMarks(client, events, nowMs, this.#options));
    this.#wake(await tellNotices(client, events, nowMs, this.#options));
  }

  async #judge(client: PoolClient, facts: readonly Fact[], nowMs: number, final: boolean): Promise<void> {
    const decision = decide(await readBoard(client, facts, nowMs), facts, this.#options.policy, final);
    await applyDecision(client, decision, nowMs);
    if (decision.alerts.length > 0) this.#options.onAlert?.();
  }

  async #tell(client: PoolClient, nowMs: number): Promise<void> {
    this.#wake(await tellDue(client, nowMs, this.#options));
  }

  #wake(queued: number): void {
    // The commit follows within milliseconds; whoever comes too early finds the rows at its next look.
    if (queued > 0) setTimeout(() => this.#options.onQueued?.(), 5).unref();
  }

  #schedule(): void {
    if (this.#stopped) return;
    this.#timer = setTimeout(() => {
      this.#running = this.#tick()
        .catch((error: unknown) => this.#failed(error))
        .finally(() => this.#schedule());
    }, this.#pollMs);
  }

  /** What falls due by the clock rather than by an event. */
  async #tick(): Promise<void> {
    const { pool, clock } = this.#options;
    const { rows } = await pool.query<{ due: boolean }>(
      `select exists (select from incident i where resolved_at is null and notified_at is null and notify_after <= $1
           and (rule = 'device_offline' or ${HAS_LIVE_FAULT}))
         or exists (select from alert_deferred where due_at <= $1) as due`,
      [new Date(clock())],
    );
    if (rows[0]?.due !== true) return;
    await inTransaction(pool, async (client) => {
      await client.query('select 1 from outbox_cursor where reader = $1 for update', [READER]);
      const nowMs = clock();
      const late = await takeDeferred(client, nowMs);
      if (late.length > 0) await this.#judge(client, late, nowMs, true);
      await this.#tell(client, nowMs);
    });
  }

  #failed(error: unknown): void {
    if (!this.#stopped) this.#options.log.error({ err: error }, 'alert engine: will try again');
  }
}
