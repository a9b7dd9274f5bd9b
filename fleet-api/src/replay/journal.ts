import { randomUUID } from 'node:crypto';
import type { Pool } from '../db/index.ts';

/** The platform's own liveness in the time that is replayed: a row for each time in which it was able to receive. */
export class Journal {
  readonly #pool: Pool;
  readonly #instance = `replay:${randomUUID()}`;
  #id: number | null = null;

  constructor(pool: Pool) {
    this.#pool = pool;
  }

  get isUp(): boolean {
    return this.#id !== null;
  }

  async begin(atMs: number): Promise<void> {
    if (this.#id !== null) return;
    const { rows } = await this.#pool.query<{ id: number }>(
      `insert into platform_liveness (component, instance, from_at, to_at) values ('ingest', $1, $2, $2) returning id`,
      [this.#instance, new Date(atMs).toISOString()],
    );
    this.#id = rows[0]?.id ?? null;
  }

  /** The platform still receives at this instant. */
  async extend(atMs: number): Promise<void> {
    if (this.#id === null) return;
    await this.#pool.query(`update platform_liveness set to_at = greatest(to_at, $2) where id = $1`, [
      this.#id,
      new Date(atMs).toISOString(),
    ]);
  }

  async end(atMs: number): Promise<void> {
    await this.extend(atMs);
    this.#id = null;
  }
}
