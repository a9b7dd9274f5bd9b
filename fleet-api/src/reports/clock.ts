import { type ScheduledTask, schedule } from 'node-cron';
import type { Logger } from 'pino';
import { inTransaction, type Pool } from '../db/index.ts';
import { type Days, duePeriods } from './due.ts';
import { type DueRow, selectEnabled } from './schedule-sql.ts';
import { askForFiles } from './service.ts';
import { insertReport } from './sql.ts';

export interface ReportClockOptions {
  readonly pool: Pool;
  readonly log: Logger;
  /** Unix ms. */
  readonly clock: () => number;
  /** True while a past is being stored: its figures are not there yet. */
  readonly isHeld?: () => Promise<boolean>;
}

/**
 * Orders the reports that are due, each period once: a unique index decides among any number of processes, and what was missed while
 * none ran is made up for.
 */
export class ReportClock {
  readonly #options: ReportClockOptions;
  #task: ScheduledTask | null = null;
  #running: Promise<unknown> = Promise.resolve();

  constructor(options: ReportClockOptions) {
    this.#options = options;
  }

  async start(): Promise<void> {
    const { log } = this.#options;
    const run = async (): Promise<void> => {
      this.#running = this.runOnce().catch((error: unknown) => {
        log.error({ err: error }, 'reports: those that are due could not be ordered; tried again in a minute');
      });
      await this.#running;
    };
    this.#task = schedule('* * * * *', run, { name: 'reports', noOverlap: true });
  }

  /** Ends after what runs now. Idempotent. */
  async stop(): Promise<void> {
    const task = this.#task;
    this.#task = null;
    await task?.destroy();
    await this.#running;
  }

  /** Orders what is due now; returns how many reports. */
  async runOnce(): Promise<number> {
    const { pool, clock, isHeld } = this.#options;
    if ((await isHeld?.()) === true) return 0;
    const nowMs = clock();
    let ordered = 0;
    for (const row of await selectEnabled(pool)) {
      for (const period of duePeriods(row, row.last_from, nowMs)) ordered += await this.#order(row, period, nowMs);
    }
    return ordered;
  }

  async #order({ contract_id: contractId, kind, language }: DueRow, period: Days, nowMs: number): Promise<number> {
    return inTransaction(this.#options.pool, async (client) => {
      const row = { contractId, kind, regionId: null, ...period, language, userId: null, nowMs };
      const id = await insertReport(client, { ...row, origin: 'schedule' });
      if (id === null) return 0;
      await askForFiles(client, { id, contractId, regionId: null }, 'draft', { userId: null, nowMs });
      this.#options.log.info({ report: id, kind, ...period }, 'reports: ordered by schedule');
      return 1;
    });
  }
}
