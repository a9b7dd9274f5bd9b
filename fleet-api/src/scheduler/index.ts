import { type ScheduledTask, schedule } from 'node-cron';
import type { Logger } from 'pino';
import type { Pool } from '../db/index.ts';
import { removeOldFiles } from '../documents/clean.ts';
import { PolicyRunner } from './policies.ts';
import { cleanUp } from './retention.ts';

export { type Policy, PolicyRunner } from './policies.ts';
export { type Cleaned, cleanUp } from './retention.ts';

export interface SchedulerOptions {
  readonly pool: Pool;
  readonly clock: () => number;
  readonly log: Logger;
  /** True for the embedded database: it has no background workers, so its policies are run from here. */
  readonly embedded: boolean;
  /** Where documents lie, and for how many days. */
  readonly documents?: { readonly dir: string; readonly days: number };
  /** True while a past is being stored: policies then wait, since they would work on chunks that are being written. */
  readonly isHeld?: () => Promise<boolean>;
}

/** Recurring housekeeping. Any number of processes may run one: what must happen once holds a lock. */
export class Scheduler {
  readonly #options: SchedulerOptions;
  #tasks: ScheduledTask[] = [];
  readonly #running = new Set<Promise<void>>();

  constructor(options: SchedulerOptions) {
    this.#options = options;
  }

  async start(): Promise<void> {
    const { pool, clock, log, embedded, documents, isHeld } = this.#options;
    this.#every('clean-up', '17 * * * *', async () => {
      const cleaned = await cleanUp(pool, clock());
      if (cleaned !== null) log.debug(cleaned, 'scheduler: cleaned up');
    });
    if (documents !== undefined) {
      this.#every('documents', '37 * * * *', async () => {
        const removed = await removeOldFiles(pool, documents.dir, documents.days, clock());
        if (removed > 0) log.info({ removed }, 'scheduler: files of old documents removed');
      });
    }
    if (!embedded) return;
    const policies = new PolicyRunner(pool, clock);
    this.#every('policies', '* * * * *', async () => {
      if ((await isHeld?.()) === true) return;
      const ran = await policies.runNext();
      if (ran !== null) log.debug(ran, 'scheduler: policy ran');
    });
  }

  /** Ends after what runs now. Idempotent. */
  async stop(): Promise<void> {
    const tasks = this.#tasks;
    this.#tasks = [];
    for (const task of tasks) await task.destroy();
    await Promise.all(this.#running);
  }

  #every(name: string, expression: string, work: () => Promise<void>): void {
    const run = async (): Promise<void> => {
      const running = work().catch((error: unknown) => {
        this.#options.log.error({ err: error, task: name }, 'scheduler: task failed; it runs again at its next time');
      });
      this.#running.add(running);
      await running;
      this.#running.delete(running);
    };
    this.#tasks.push(schedule(expression, run, { name, noOverlap: true }));
  }
}

export function createScheduler(options: SchedulerOptions): Scheduler {
  return new Scheduler(options);
}
