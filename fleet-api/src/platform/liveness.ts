import type { Logger } from 'pino';
import type { Pool, Queryable } from '../db/index.ts';

/** Time between extensions of a row, ms. */
export const EXTEND_MS = 5_000;
/** A row not extended for longer has ended: what follows is a new row, and between them the platform was out, ms. */
export const GAP_MS = 15_000;

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

/** An unbroken span in which at least one instance of a component was alive. */
export interface Span {
  readonly component: string;
  readonly from_at: Date;
  readonly to_at: Date;
}

/** Spans of every component since an instant, oldest first. Between two spans of a component the platform was out. */
export async function livenessSpans(db: Queryable, since: Date): Promise<readonly Span[]> {
  const { rows } = await db.query<Span>(
    `with r as (
       select component, from_at, to_at, max(to_at) over (partition by component order by from_at, id
         rows between unbounded preceding and 1 preceding) as before
       from platform_liveness where to_at >= $1),
     n as (
       select *, count(*) filter (where before is null or from_at > before + interval '1 millisecond' * $2::int)
         over (partition by component order by from_at) as span from r)
     select component, min(from_at) as from_at, max(to_at) as to_at from n group by component, span order by 2`,
    [since, GAP_MS],
  );
  return rows;
}
