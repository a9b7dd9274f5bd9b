import type { Pool } from '../db/index.ts';
import { inTransaction } from '../db/index.ts';
import { pruneIdempotency } from '../http/idempotency.ts';

/** Advisory lock that lets one process clean up at a time; any number that nobody else uses. */
const LOCK_KEY = 7_227_700_003;
/** Rows of the outbox looked at in a run: the oldest. */
const OUTBOX_ROWS = 20_000;
/** Read rows are kept this long, for whoever investigates; unread ones as long as a reader may sensibly be away. */
const READ_DAYS = 7;
const UNREAD_DAYS = 30;
const QUARANTINE_DAYS = 90;

/** Rows behind every cursor and old; or so old that the reader they wait for is gone. */
const OUTBOX = `with
oldest as materialized (select id, at from outbox order by id limit ${OUTBOX_ROWS}),
slowest as (select id from outbox_cursor order by id limit 1)
delete from outbox o using oldest
where o.id = oldest.id and (
  oldest.at < $1::timestamptz - interval '${UNREAD_DAYS} days'
  or oldest.at < $1::timestamptz - interval '${READ_DAYS} days'
    and not exists (select from slowest s where oldest.id > s.id))`;

const QUARANTINE = `delete from quarantine where at < $1::timestamptz - interval '${QUARANTINE_DAYS} days'`;

export interface Cleaned {
  readonly outbox: number;
  readonly quarantine: number;
}

/** Removes what nobody needs any more; null if another process is at it. Evidence is never touched. */
export async function cleanUp(pool: Pool, nowMs: number): Promise<Cleaned | null> {
  const now = new Date(nowMs).toISOString();
  return inTransaction(pool, async (client) => {
    const { rows } = await client.query<{ mine: boolean }>('select pg_try_advisory_xact_lock($1) as mine', [LOCK_KEY]);
    if (rows[0]?.mine !== true) return null;
    const outbox = await client.query(OUTBOX, [now]);
    const quarantine = await client.query(QUARANTINE, [now]);
    await pruneIdempotency(client, new Date(nowMs));
    await client.query('delete from user_session where expires_at < $1', [now]);
    return { outbox: outbox.rowCount ?? 0, quarantine: quarantine.rowCount ?? 0 };
  });
}
