import type { Logger } from 'pino';
import { appendAudit } from '../audit/log.ts';
import { inTransaction, type Pool } from '../db/index.ts';
import * as complaints from './complaints/sql.ts';
import { makeDue } from './documents/make-due.ts';

/** Documents become due by the day: an hour early or late does not matter. */
const PERIOD_MS = 3_600_000;
/** First run, once the rest has started. */
const FIRST_MS = 5_000;

export interface DutyKeeperOptions {
  readonly pool: Pool;
  readonly clock: () => number;
  readonly log: Logger;
}

/** Writes what has become due, and takes long silence for agreement. Any number of processes may: the same comes out. */
export class DutyKeeper {
  readonly #options: DutyKeeperOptions;
  #timer: NodeJS.Timeout | undefined;
  #running: Promise<void> = Promise.resolve();
  #stopped = false;

  constructor(options: DutyKeeperOptions) {
    this.#options = options;
  }

  async start(): Promise<void> {
    this.#stopped = false;
    this.#schedule(FIRST_MS);
  }

  /** Ends after the run in hand. Idempotent. */
  async stop(): Promise<void> {
    this.#stopped = true;
    clearTimeout(this.#timer);
    await this.#running;
  }

  #schedule(delayMs: number): void {
    if (this.#stopped) return;
    this.#timer = setTimeout(() => {
      const { pool, clock, log } = this.#options;
      this.#running = keepDuties(pool, clock())
        .then(({ made, settled }) => {
          if (made + settled > 0) log.debug({ made, settled }, 'duties: kept');
        })
        .catch((error: unknown) => log.warn({ err: error }, 'duties: could not be kept; tried again'))
        .then(() => this.#schedule(PERIOD_MS));
    }, delayMs);
  }
}

/** One run. */
export async function keepDuties(pool: Pool, nowMs: number): Promise<{ made: number; settled: number }> {
  const made = await makeDue(pool, nowMs);
  const settled = await inTransaction(pool, async (client) => {
    const ids = await complaints.settleSilent(client, nowMs);
    for (const id of ids) {
      const entry = {
        userId: null,
        orgId: null,
        action: 'complaint.settled_by_silence',
        subject: complaints.subjectOf(id),
      };
      await appendAudit(client, new Date(nowMs), entry);
    }
    return ids.length;
  });
  return { made, settled };
}
