import type { Logger } from 'pino';
import { appendAudit } from '../audit/log.ts';
import { inTransaction, type Pool } from '../db/index.ts';
import { Rounds } from '../platform/rounds.ts';
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
  readonly #rounds: Rounds;

  constructor({ pool, clock, log }: DutyKeeperOptions) {
    this.#rounds = new Rounds({
      run: async () => {
        const { made, settled } = await keepDuties(pool, clock());
        if (made + settled > 0) log.debug({ made, settled }, 'duties: kept');
        return PERIOD_MS;
      },
      onError: (error) => log.warn({ err: error }, 'duties: could not be kept; tried again'),
      retryMs: PERIOD_MS,
    });
  }

  async start(): Promise<void> {
    this.#rounds.start(FIRST_MS);
  }

  /** Ends after the run in hand. Idempotent. */
  stop(): Promise<void> {
    return this.#rounds.stop();
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
