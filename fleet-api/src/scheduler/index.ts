import { type ScheduledTask, schedule } from 'node-cron';
import type { Logger } from 'pino';
import { Counter, type Registry } from 'prom-client';
import type { Pool } from '../db/index.ts';
import { removeOldFiles } from '../documents/clean.ts';
import { type BundleLimits, removeOldBundles } from '../evidence/bundle/clean.ts';
import { PolicyRunner } from './policies.ts';
import { cleanUp } from './retention.ts';
import { TableKeeper } from './tables.ts';

export { type Policy, PolicyRunner } from './policies.ts';
export { type Cleaned, cleanUp } from './retention.ts';
export { TableKeeper } from './tables.ts';

export interface SchedulerOptions {
  readonly pool: Pool;
  readonly clock: () => number;
  readonly log: Logger;
  /** True for the embedded database: it has no background workers, so its policies are run and its tables seen to from here. */
  readonly embedded: boolean;
  /** Where documents lie, and for how many days. */
  readonly documents?: { readonly dir: string; readonly days: number };
  /** Where evidence bundles lie, and what is kept of them. */
  readonly bundles?: BundleLimits & { readonly dir: string };
  readonly metrics?: Registry;
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
    const { pool, clock, log, embedded, isHeld } = this.#options;
    this.#every('clean-up', '17 * * * *', async () => {
      const cleaned = await cleanUp(pool, clock());
      if (cleaned !== null) log.debug(cleaned, 'scheduler: cleaned up');
    });
    this.#removeFiles();
    if (!embedded) return;
    const policies = new PolicyRunner(pool, clock);
    this.#every('policies', '* * * * *', async () => {
      if ((await isHeld?.()) === true) return;
      const ran = await policies.runNext();
      if (ran !== null) log.debug(ran, 'scheduler: policy ran');
    });
    const tables = new TableKeeper(pool, clock);
    this.#every('tables', '* * * * *', async () => {
      if ((await isHeld?.()) === true) return;
      const table = await tables.tidyNext();
      if (table !== null) log.debug({ table }, 'scheduler: table tidied');
    });
  }

  /** Ends after what runs now. Idempotent. */
  async stop(): Promise<void> {
    const tasks = this.#tasks;
    this.#tasks = [];
    for (const task of tasks) await task.destroy();
    await Promise.all(this.#running);
  }

  #removeFiles(): void {
    const { pool, clock, log, documents, bundles, metrics } = this.#options;
    const counter = new Counter({
      name: 'uptally_files_removed_total',
      help: 'Documents and evidence bundles whose files were removed after their time',
      labelNames: ['kind'],
      registers: metrics === undefined ? [] : [metrics],
    });
    const task = (kind: string, expression: string, remove: () => Promise<number>): void =>
      this.#every(kind, expression, async () => {
        const removed = await remove();
        counter.inc({ kind }, removed);
        if (removed > 0) log.info({ kind, removed }, 'scheduler: old files removed');
      });
    if (documents !== undefined) {
      task('documents', '37 * * * *', () => removeOldFiles(pool, documents.dir, documents.days, clock()));
    }
    if (bundles !== undefined) {
      task('bundles', '47 * * * *', () => removeOldBundles(pool, bundles.dir, bundles, clock()));
    }
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
