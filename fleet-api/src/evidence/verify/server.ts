import type { Logger } from 'pino';
import { settleMarks } from '../../availability/ledger/index.ts';
import { withDatabase } from '../../compose/database.ts';
import type { Config } from '../../config.ts';
import { verifyCommand } from './command.ts';

/** Verifies the figures of the configured database, of the server that runs in the data folder, or of the folder itself. Returns the exit code. */
export function verifyFigures(config: Config, log: Logger, args: readonly string[]): Promise<number> {
  return withDatabase(config, log, (pool) =>
    verifyCommand(args, { pool, clock: Date.now, settle: () => settleMarks(pool, Date.now()) }),
  );
}
