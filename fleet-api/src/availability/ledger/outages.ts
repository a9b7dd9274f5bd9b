import { type Interval, type IntervalSet, merge, RECOVERY_MS } from '@uptally/sla';
import type { Queryable } from '../../db/index.ts';
import { GAP_MS, silencesOf } from '../../platform/index.ts';
import { ALWAYS_MS, iso, ms, NEVER_MS } from './times.ts';

/** Rows of the journal that touch the window, and the nearest on either side. */
const JOURNAL = `select ${ms('from_at')} as "from", ${ms('to_at')} as "to" from (
  select from_at, to_at from platform_liveness where component = 'ingest' and to_at >= $1 and from_at <= $2
  union all (select from_at, to_at from platform_liveness where component = 'ingest' and to_at < $1 order by to_at desc limit 1)
  union all (select from_at, to_at from platform_liveness where component = 'ingest' and from_at > $2 order by from_at limit 1)) j
order by from_at`;

/**
 * When the platform could not receive, as far as it bears on the window: silences of its journal longer than 15 s, all time before its
 * first row and, if it is silent at `nowMs`, all time since.
 */
export async function loadOutages(db: Queryable, window: Interval, nowMs: number): Promise<IntervalSet> {
  const { rows } = await db.query<Interval>(JOURNAL, [iso(window.from - RECOVERY_MS), iso(window.to)]);
  const aliveUntil = Math.max(ALWAYS_MS, ...rows.map(({ to }) => to));
  const since = nowMs - aliveUntil > GAP_MS ? [{ from: aliveUntil, to: NEVER_MS }] : [];
  return merge([...silencesOf(rows, GAP_MS, ALWAYS_MS), ...since]);
}
