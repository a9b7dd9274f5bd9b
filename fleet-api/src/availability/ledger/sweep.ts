import type { Pool } from '../../db/index.ts';
import { SETTLE_MS } from './accrue.ts';
import { iso } from './times.ts';
import { underLock } from './worker.ts';

/** The present is counted again this often, ms. */
export const SWEEP_MS = 5 * 60_000;

/**
 * Hands every station over for the time since the last sweep, and what was not final then. Whatever time passed unswept, processes
 * being down or the ledger new, is in it: days without figures get them here.
 */
const SWEEP = `with
last as (select swept_to from accrual_sweep),
since as (select coalesce((select least(swept_to, $1::timestamptz) - interval '${SETTLE_MS} ms' from last), '-infinity') as lo
  where not exists (select from last where swept_to > $1::timestamptz - interval '1 millisecond' * $2::int8 and swept_to <= $1::timestamptz)),
swept as (
  insert into accrual_sweep (swept_to) select $1::timestamptz from since
  on conflict (is_only) do update set swept_to = excluded.swept_to)
insert into accrual_due as d (station_id, due, since)
select t.id, tstzmultirange(tstzrange(since.lo, $1::timestamptz, '[]')), $1::timestamptz from since cross join station t
where t.commissioned_at is not null
on conflict (station_id) do update set due = d.due + excluded.due`;

/**
 * Sweeps if the last one is at least `everyMs` ago. Returns the number of stations handed over; null if another process holds the
 * ledger.
 */
export async function sweep(pool: Pool, nowMs: number, everyMs = SWEEP_MS): Promise<number | null> {
  return underLock(pool, async (client) => {
    const { rowCount } = await client.query(SWEEP, [iso(nowMs), everyMs]);
    return rowCount ?? 0;
  });
}
