import type { Logger } from 'pino';
import type { Pool } from '../db/index.ts';
import { GAP_MS } from './journal.ts';

/** Time between extensions of a row, ms. */
export const EXTEND_MS = 5_000;

/** One statement: extends the row if it is still unbroken, else begins another. */
const EXTEND = `with
mine as (
  update platform_liveness set to_at = greatest(to_at, $4::timestamptz)
  where id = $1 and to_at >= $4::timestamptz - interval '1 millisecond' * $5::int returning id),
fresh as (
  insert into platform_liveness (component, instance, from_at, to_at)
  select $2, $3, $4::timestamptz, $4::timestamptz where not exists (select from mine) returning id)
select id from mine union all select id from fresh`;

export interface LivenessOptions {
  readonly pool: Pool;
  /** What is able to work, e.g. `ingest`: receiving and committing. */
  readonly component: string;
  /** Name of this process, unique among those alive. */
  readonly instance: string;
  readonly clock: () => number;
  readonly log: Logger;
}

/**
 * The platform's own liveness: evidence that it was able to receive. It is written to the database that holds the records, so a
 * database that is down shows as an outage of the platform, which it is.
 */
export class Liveness {
  readonly #options: LivenessOptions;
  #id = 0;
  #timer: NodeJS.Timeout | undefined;
  #writing: Promise<void> = Promise.resolve();

  constructor(options: LivenessOptions) {
    this.#options = options;
  }

  /** Resolves when the first row is there. Rejects if it can't be written. */
  async start(): Promise<void> {
    await this.extend();
    this.#timer ??= setInterval(() => {
      this.#writing = this.#writing
        .then(() => this.extend())
        .catch((error: unknown) => {
          this.#options.log.warn({ err: error }, 'platform: liveness not written');
        });
    }, EXTEND_MS);
  }

  /** Writes the last moment and ends. Idempotent. */
  async stop(): Promise<void> {
    if (this.#timer === undefined) return;
    clearInterval(this.#timer);
    this.#timer = undefined;
    await this.#writing;
    await this.extend().catch((error: unknown) =>
      this.#options.log.warn({ err: error }, 'platform: last moment not written'),
    );
  }

  /** Extends the row to the present, or begins one. */
  async extend(): Promise<void> {
    const { pool, component, instance, clock } = this.#options;
    const now = new Date(clock()).toISOString();
    const { rows } = await pool.query<{ id: number }>(EXTEND, [this.#id, component, instance, now, GAP_MS]);
    this.#id = rows[0]?.id ?? 0;
  }
}
