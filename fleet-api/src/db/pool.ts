import pg from 'pg';

/**
 * The one way to the database. int8 arrives as a number (our counters and milliseconds stay below 2^53; beyond is an error),
 * numeric as an exact string, timestamptz as a Date.
 */

pg.types.setTypeParser(pg.types.builtins.INT8, (text) => {
  const value = Number(text);
  if (!Number.isSafeInteger(value)) throw new RangeError(`int8 beyond 2^53: ${text}`);
  return value;
});

export type Pool = pg.Pool;
export type PoolClient = pg.PoolClient;
/** Anything that runs a statement: a pool or a client inside a transaction. */
export type Queryable = Pick<pg.Pool, 'query'>;

export interface PoolOptions {
  readonly url: string;
  /** Connections at most. Eight serve the embedded database well, which executes one statement at a time. */
  readonly max?: number;
  readonly applicationName?: string;
  /** Told of errors of idle connections (a restarted database); the pool replaces them by itself. */
  readonly onIdleError?: (error: Error) => void;
}

/** Opens a pool whose sessions see schema `uptally` first and speak UTC. Connects lazily. */
export function openPool(options: PoolOptions): Pool {
  const pool = new pg.Pool({
    connectionString: options.url,
    max: options.max ?? 8,
    application_name: options.applicationName ?? 'uptally',
    options: '-c search_path=uptally,public -c timezone=UTC -c jit=off',
    connectionTimeoutMillis: 10_000,
    idleTimeoutMillis: 60_000,
    keepAlive: true,
  });
  pool.on('error', (error) => options.onIdleError?.(error));
  // A connection that ends while it is checked out and between statements tells nobody but its own 'error' event; whoever holds
  // it learns from the next statement. Without a listener it would end the process.
  pool.on('connect', (client) => client.on('error', () => undefined));
  return pool;
}

/** Runs `work` in a transaction; commits what it returns, rolls back what it throws. */
export async function inTransaction<T>(pool: Pool, work: (client: PoolClient) => Promise<T>): Promise<T> {
  const client = await pool.connect();
  let broken: Error | undefined;
  try {
    await client.query('begin');
    const result = await work(client);
    await client.query('commit');
    return result;
  } catch (error) {
    await client.query('rollback').catch((cause: Error) => {
      broken = cause; // the connection is of no more use: the pool must not hand it out again
    });
    throw error;
  } finally {
    client.release(broken);
  }
}

/** SQLSTATE of a database error, or null for anything else (a lost connection included). */
export function sqlState(error: unknown): string | null {
  return error instanceof pg.DatabaseError ? (error.code ?? null) : null;
}
