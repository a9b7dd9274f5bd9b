import type { Logger } from 'pino';
import { readRuntime } from '../compose/runtime.ts';
import type { Config } from '../config.ts';
import { isCurrent, openPool } from '../db/index.ts';
import { ReplayError, replay } from './replay.ts';

const REPORT_MS = 10_000;

/**
 * Replays the past that comes by standard input into the configured database, or into that of the server that runs in the data folder.
 * @throws what {@link replay} throws; ReplayError if there is no database to be found
 */
export async function replayInput(config: Config, log: Logger): Promise<void> {
  const url = config.databaseUrl ?? readRuntime(config.dataDir)?.databaseUrl;
  if (url === undefined) throw new ReplayError(`no server runs in ${config.dataDir}, and DATABASE_URL is not set`);
  const pool = openPool({
    url,
    max: 4,
    applicationName: 'uptally-replay',
    onIdleError: (error) => log.warn({ err: error.message }, 'database connection lost'),
  });
  try {
    if (!(await isCurrent(pool))) throw new ReplayError('the schema is not current: run `main.js migrate`');
    let toldMs = performance.now();
    const began = toldMs;
    const done = await replay({
      pool,
      log,
      input: process.stdin,
      clock: Date.now,
      timeZone: config.timeZone,
      onMark: (atMs) => {
        if (performance.now() - toldMs < REPORT_MS) return;
        toldMs = performance.now();
        log.info(`replay: ${new Date(atMs).toISOString()} reached`);
      },
    });
    const seconds = (performance.now() - began) / 1000;
    const rate = Math.round((done.stored + done.repeated) / seconds);
    log.info({ ...done }, `replay: ${done.stored} records stored in ${seconds.toFixed(0)} s, ${rate} a second`);
  } finally {
    await pool.end();
  }
}
