import type { Pool } from '../db/index.ts';
import { sqlState } from '../db/index.ts';

/** A statement that answers later than this is given up, ms; its connection is closed, which rolls it back or finds it committed. */
const TIMEOUT_MS = 30_000;

export interface Prepared {
  readonly name: string;
  readonly text: string;
  readonly values: readonly unknown[];
}

/** Rows up to which the plan that was made once will do. */
const FEW = 50;

/**
 * Runs statements whose parameters are arrays. A generic plan takes every array for ten rows long: right for a few, and it spares
 * the planning, which costs more than storing them does; but thousands would be joined in nested loops. So few rows go through a
 * prepared statement, whose plan PostgreSQL keeps after five runs, many through an unnamed one, which is planned for the parameters
 * at hand. `plan_cache_mode = force_generic_plan` would hold for unnamed statements too and must stay away.
 */
export class ArrayStatements {
  readonly #pool: Pool;

  constructor(pool: Pool) {
    this.#pool = pool;
  }

  /** `rows`: the length of the longest array, about. */
  async run<R extends object>({ name, text, values }: Prepared, rows: number): Promise<readonly R[]> {
    const client = await this.#pool.connect();
    let broken: Error | undefined;
    try {
      const config = { text, values: [...values], query_timeout: TIMEOUT_MS };
      return (await client.query<R>(rows <= FEW ? { ...config, name } : config)).rows;
    } catch (error) {
      if (sqlState(error) === null) broken = error instanceof Error ? error : new Error('unknown', { cause: error });
      throw error;
    } finally {
      client.release(broken);
    }
  }
}
