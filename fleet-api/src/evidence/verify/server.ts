import type { Logger } from 'pino';
import { settleMarks } from '../../availability/ledger/index.ts';
import { openDatabase } from '../../compose/database.ts';
import { readRuntime } from '../../compose/runtime.ts';
import { Stack } from '../../compose/stack.ts';
import type { Config } from '../../config.ts';
import { openPool, type Pool } from '../../db/index.ts';
import { verifyCommand } from './command.ts';

/** Verifies the figures of the configured database, of the server that runs in the data folder, or of the folder itself. Returns the exit code. */
export async function verifyFigures(config: Config, log: Logger, args: readonly string[]): Promise<number> {
  const url = config.databaseUrl ?? readRuntime(config.dataDir)?.databaseUrl ?? null;
  if (url !== null) {
    const pool = openPool({ url, max: 2, applicationName: 'uptally-verify' });
    return verifyIn(pool, args).finally(() => pool.end());
  }
  const stack = new Stack(log);
  try {
    const { pool } = await openDatabase(config, log, stack);
    return await verifyIn(pool, args);
  } finally {
    await stack.stop();
  }
}

function verifyIn(pool: Pool, args: readonly string[]): Promise<number> {
  return verifyCommand(args, { pool, clock: Date.now, settle: () => settleMarks(pool, Date.now()) });
}
