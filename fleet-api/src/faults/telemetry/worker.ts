import type { Logger } from 'pino';
import type { Registry } from 'prom-client';
import { inTransaction, OutboxReader, type Pool } from '../../db/index.ts';
import { faultMetrics } from '../metrics.ts';
import { DEFAULT_POLICY, type FaultPolicy, readPolicy } from '../policy.ts';
import { endReplaced, forgetShort, reopenContradicted } from './reconcile.ts';
import { type Settled, settleDue } from './settle.ts';
import { isDue } from './settle-sql.ts';
import { takeEvents } from './take.ts';

export interface FaultWorkerOptions {
  readonly pool: Pool;
  readonly clock: () => number;
  readonly log: Logger;
  readonly metrics?: Registry;
  readonly policy?: FaultPolicy;
  /** Nothing is decided while this holds: a past is being replayed, and each of its ends is still to come. */
  readonly isHeld?: () => Promise<boolean>;
  readonly pollMs?: number;
}

const READER = 'faults';
const BATCH = 500;
/** Looks between two at what nothing tells of, e.g. replaced devices. */
const SLOW_MS = 60_000;

/**
 * Turns what telemetry tells into faults. It follows the outbox and keeps episodes, in the transaction that moves its cursor; what an
 * episode comes to is decided by the clock, in transactions of their own that hold the same cursor. So one process at a time works,
 * and one that is killed neither loses nor repeats anything.
 */
export class FaultWorker {
  readonly #options: FaultWorkerOptions;
  readonly #reader: OutboxReader;
  readonly #metrics: ReturnType<typeof faultMetrics> | null;
  #timer: NodeJS.Timeout | undefined;
  #running: Promise<void> = Promise.resolve();
  #stopped = true;
  #isReading = false;
  #slowDueMs = 0;

  constructor(options: FaultWorkerOptions) {
    this.#options = options;
    this.#metrics = options.metrics === undefined ? null : faultMetrics(options.metrics);
    this.#reader = new OutboxReader({
      pool: options.pool,
      reader: READER,
      batch: BATCH,
      ...(options.pollMs !== undefined && { pollMs: options.pollMs }),
      handle: async (events, client) => {
        const policy = await readPolicy(client, options.policy ?? DEFAULT_POLICY);
        await takeEvents(client, events, policy, options.clock());
      },
      onError: (error) => this.#failed(error),
    });
  }

  async start(): Promise<void> {
    this.#stopped = false;
    this.#schedule(0);
  }

  /** Ends after the transaction in hand. Idempotent. */
  async stop(): Promise<void> {
    this.#stopped = true;
    clearTimeout(this.#timer);
    await this.#running;
    if (this.#isReading) await this.#reader.stop();
    this.#isReading = false;
  }

  #schedule(delayMs: number): void {
    if (this.#stopped) return;
    this.#timer = setTimeout(() => {
      this.#running = this.#round()
        .catch((error: unknown) => {
          this.#failed(error);
          return false;
        })
        .then((more) => this.#schedule(more ? 20 : (this.#options.pollMs ?? 1_000)));
    }, delayMs);
  }

  /** True if more waits. */
  async #round(): Promise<boolean> {
    if (await this.#hold()) return false;
    const { looked } = await this.settle();
    return looked > 0;
  }

  /** Reads on, or pauses for as long as a replay is under way. */
  async #hold(): Promise<boolean> {
    const isHeld = (await this.#options.isHeld?.()) ?? false;
    if (isHeld === this.#isReading) {
      if (isHeld) await this.#reader.stop();
      else await this.#reader.start();
      this.#isReading = !isHeld;
    }
    return isHeld;
  }

  /** Decides about some of what is due by now; `looked` 0: nothing is. */
  async settle(): Promise<Settled> {
    const { pool, clock } = this.#options;
    const isSlowDue = clock() >= this.#slowDueMs;
    if (!isSlowDue && !(await isDue(pool, clock()))) return NOTHING;
    const settled = await inTransaction(pool, async (client) => {
      await client.query('insert into outbox_cursor (reader, id) values ($1, 0) on conflict do nothing', [READER]);
      await client.query('select 1 from outbox_cursor where reader = $1 for update', [READER]);
      const nowMs = clock();
      if (isSlowDue) {
        await endReplaced(client, nowMs);
        await reopenContradicted(client, nowMs);
        await forgetShort(client, nowMs);
      }
      return settleDue(client, await readPolicy(client, this.#options.policy ?? DEFAULT_POLICY), nowMs);
    });
    if (isSlowDue) this.#slowDueMs = clock() + SLOW_MS;
    this.#metrics?.count(settled);
    return settled;
  }

  #failed(error: unknown): void {
    if (!this.#stopped) this.#options.log.error({ err: error }, 'faults: will try again');
  }
}

const NOTHING: Settled = { looked: 0, opened: 0, late: 0, recovered: 0, reopened: 0, suppressed: 0, short: 0 };
