import type { Logger } from 'pino';
import type { Pool } from '../db/index.ts';
import { Rounds } from '../platform/rounds.ts';
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
  readonly #rounds: Rounds;

  constructor(options: InspectionMakerOptions) {
    this.#options = options;
    this.#rounds = new Rounds({
      run: async () => {
        const made = await this.makeDue();
        if (made > 0) options.log.info({ made }, 'inspections: tasks made');
        return POLL_MS;
      },
      onError: (error) => options.log.warn({ err: error }, 'inspections: tasks could not be made; tried again'),
      retryMs: POLL_MS,
    });
  }

  async start(): Promise<void> {
    this.#rounds.start(POLL_MS);
  }

  /** Ends after the plan in hand. Idempotent. */
  stop(): Promise<void> {
    return this.#rounds.stop();
  }

  /** Makes what is missing now; returns how many tasks. */
  async makeDue(): Promise<number> {
    const { pool, clock, log } = this.#options;
    let made = 0;
    for (const id of await selectPlansBehind(pool, new Date(clock()))) {
      if (this.#rounds.isStopped) break;
      made += await generate(pool, clock(), [id]).catch((error: unknown) => {
        log.error({ err: error, plan: id }, 'inspections: tasks of a plan could not be made; tried again');
        return 0;
      });
    }
    return made;
  }
}
