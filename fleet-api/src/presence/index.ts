import type { Logger } from 'pino';
import type { Pool } from '../db/index.ts';
import { sweep } from './sweep.ts';

export { forgetConnections, type Swept, sweep } from './sweep.ts';

/** Time between sweeps, ms: the first, or as much as keeps sweeping below a twentieth of a core. */
const EVERY_MS = 1_000;
const LONGEST_MS = 5_000;

export interface PresenceOptions {
  readonly pool: Pool;
  readonly clock: () => number;
  readonly log: Logger;
}

/** Sweeps for ever; any number of processes may, one at a time does. */
export class Presence {
  readonly #options: PresenceOptions;
  #timer: NodeJS.Timeout | undefined;
  #running: Promise<void> = Promise.resolve();
  #stopped = true;

  constructor(options: PresenceOptions) {
    this.#options = options;
  }

  async start(): Promise<void> {
    this.#stopped = false;
    this.#schedule(EVERY_MS);
  }

  /** Ends after the sweep in hand. Idempotent. */
  async stop(): Promise<void> {
    this.#stopped = true;
    clearTimeout(this.#timer);
    await this.#running;
  }

  #schedule(delayMs: number): void {
    if (this.#stopped) return;
    this.#timer = setTimeout(() => {
      this.#running = this.#round();
    }, delayMs);
  }

  async #round(): Promise<void> {
    const { pool, clock, log } = this.#options;
    const began = performance.now();
    try {
      const { offline } = await sweep(pool, clock());
      if (offline > 0) log.info({ devices: offline }, 'presence: devices fell silent');
    } catch (error) {
      log.warn({ err: error }, 'presence: sweep failed; tried again');
    }
    this.#schedule(Math.min(LONGEST_MS, Math.max(EVERY_MS, 20 * (performance.now() - began))));
  }
}
