import type { AppContext } from '../context.ts';
import * as sql from './platform-sql.ts';
import type { Platform } from './schemas.ts';

const MINUTE_MS = 60_000;
const DAY_MS = 24 * 60 * MINUTE_MS;

/** The platform about itself. One statement after the other: it must not crowd out the fleet's own work. */
export async function platformOf(ctx: Pick<AppContext, 'pool' | 'clock' | 'settings'>): Promise<Platform> {
  const { pool } = ctx;
  const nowMs = ctx.clock();
  const ago = (ms: number): Date => new Date(nowMs - ms);
  return {
    version: ctx.settings.version,
    node: process.versions.node,
    started_at: ago(process.uptime() * 1000),
    ...(await sql.selectVersions(pool)),
    tables: await sql.selectTables(pool),
    ingest: await sql.selectIngest(pool, ago(5 * MINUTE_MS)),
    ...(await sql.selectCounters(pool, ago(DAY_MS))),
    outbox: await sql.selectReaders(pool),
    liveness: await sql.selectLiveness(pool, ago(30 * DAY_MS)),
  };
}
