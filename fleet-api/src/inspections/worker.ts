import type { Logger } from 'pino';
import type { Pool } from '../db/index.ts';
import { generate } from './generate.ts';
import { selectPlansBehind } from './plan-sql.ts';

const POLL_MS = 5_000;

export interface InspectionMakerOptions {
  readonly pool: Pool;
  readonly log: Logger;
  readonly clock: () => number;
}

/**
 * Makes tasks of inspections: of every plan once a day, and soon after it was entered or changed. Any number of processes may
 * run one: a plan is locked while its tasks are made, and what is there is not made again.
 */
export class InspectionMaker {
  readonly #options: InspectionMakerOptions;
  #timer: NodeJS.Timeout | undefined;
  #running: Promise<void> = Promise.resolve();
  #stopped = false;

  constructor(options: InspectionMakerOptions) {
    this.#options = options;
  }

  async start(): Promise<void> {
    this.#stopped = false;
    this.#schedule();
  }

  /** Ends after the plan in hand. Idempotent. */
  async stop(): Promise<void> {
    this.#stopped = true;
    clearTimeout(this.#timer);
    await this.#running;
  }

  /** Makes what is missing now; returns how many tasks. */
  async makeDue(): Promise<number> {
    const { pool, clock, log } = this.#options;
    let made = 0;
    for (const id of await selectPlansBehind(pool, new Date(clock()))) {
      if (this.#stopped) break;
      made += await generate(pool, clock(), [id]).catch((error: unknown) => {
        log.error({ err: error, plan: id }, 'inspections: tasks of a plan could not be made; tried again');
        return 0;
      });
    }
    return made;
  }

  #schedule(): void {
    if (this.#stopped) return;
    this.#timer = setTimeout(() => {
      this.#running = this.makeDue()
        .then((made) => {
          if (made > 0) this.#options.log.info({ made }, 'inspections: tasks made');
        })
        .catch((error: unknown) => {
          this.#options.log.warn({ err: error }, 'inspections: tasks could not be made; tried again');
        })
        .then(() => this.#schedule());
    }, POLL_MS);
  }
}
