import type { Pool, PoolClient } from '../db/index.ts';
import { sqlState } from '../db/index.ts';

/** A statement that answers later than this is given up, ms; its connection is closed, which rolls it back or finds it committed. */
const TIMEOUT_MS = 30_000;

export interface Prepared {
  readonly name: string;
  readonly text: string;
  readonly values: readonly unknown[];
}

/**
 * Runs prepared statements whose parameters are large arrays. They are planned with the parameters at hand: a generic plan takes
 * every array for ten rows long and joins thousands of them in nested loops.
 */
export class ArrayStatements {
  readonly #pool: Pool;
  readonly #ready = new WeakSet<PoolClient>();

  constructor(pool: Pool) {
    this.#pool = pool;
  }

  async run<R extends object>(statement: Prepared): Promise<readonly R[]> {
    const client = await this.#pool.connect();
    let broken: Error | undefined;
    try {
      if (!this.#ready.has(client)) {
        await client.query('set plan_cache_mode = force_custom_plan');
        this.#ready.add(client);
      }
      const config = { ...statement, values: [...statement.values], query_timeout: TIMEOUT_MS };
      return (await client.query<R>(config)).rows;
    } catch (error) {
      if (sqlState(error) === null) broken = error instanceof Error ? error : new Error('unknown', { cause: error });
      throw error;
    } finally {
      client.release(broken);
    }
  }
}
