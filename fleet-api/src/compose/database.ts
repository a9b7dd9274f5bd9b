import { join } from 'node:path';
import type { Logger } from 'pino';
import { seedCalendar } from '../availability/calendar/seed.ts';
import type { Config } from '../config.ts';
import { migrate, openEmbedded, openPool, type Pool } from '../db/index.ts';
import { readRuntime } from './runtime.ts';
import { Stack } from './stack.ts';

export interface Database {
  readonly url: string;
  readonly pool: Pool;
  /** True if TimescaleDB runs in a child of this process: no background workers, one session. */
  readonly embedded: boolean;
  pid(): number | null;
}

/** How long a server may take to come up beside us, ms. */
const WAIT_MS = 60_000;

/** Opens the configured database, waits for it and brings its schema up to date. */
export async function openDatabase(config: Config, log: Logger, stack: Stack): Promise<Database> {
  const engine = config.databaseUrl === null ? await startEmbedded(config, log, stack) : null;
  const url = engine?.url ?? config.databaseUrl ?? '';
  const pool = openPool({
    url,
    max: engine === null ? 16 : 8,
    applicationName: 'uptally',
    onIdleError: (error) => log.warn({ err: error.message }, 'database connection lost'),
  });
  stack.push('database pool', () => pool.end());
  await untilReachable(pool, log);
  const applied = await migrate(pool);
  await seedCalendar(pool);
  if (applied.length > 0) log.info(`schema brought up to migration ${applied.at(-1)}`);
  return { url, pool, embedded: engine !== null, pid: () => engine?.pid() ?? null };
}

/**
 * Works on the configured database, on that of the server that runs in the data folder, or on the folder itself; for programs that run
 * once.
 */
export async function withDatabase<T>(config: Config, log: Logger, work: (pool: Pool) => Promise<T>): Promise<T> {
  const url = config.databaseUrl ?? readRuntime(config.dataDir)?.databaseUrl ?? null;
  if (url !== null) {
    const pool = openPool({ url, max: 2, applicationName: 'uptally-tool' });
    return work(pool).finally(() => pool.end());
  }
  const stack = new Stack(log);
  try {
    return await work((await openDatabase(config, log, stack)).pool);
  } finally {
    await stack.stop();
  }
}

async function startEmbedded(config: Config, log: Logger, stack: Stack) {
  const engine = await openEmbedded({
    dataDir: join(config.dataDir, 'db'),
    log: (level, message) => log[level](message),
  });
  stack.push('embedded database', () => engine.stop());
  return engine;
}

async function untilReachable(pool: Pool, log: Logger): Promise<void> {
  const deadline = Date.now() + WAIT_MS;
  for (;;) {
    try {
      await pool.query('select 1');
      return;
    } catch (error) {
      if (Date.now() > deadline) throw new Error('DATABASE_URL: the database can not be reached', { cause: error });
      log.info('waiting for the database');
      await new Promise((resolve) => setTimeout(resolve, 1_000));
    }
  }
}
