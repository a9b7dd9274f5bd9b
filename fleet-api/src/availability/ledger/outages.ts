import { type Interval, type IntervalSet, merge, RECOVERY_MS } from '@uptally/sla';
import type { Queryable } from '../../db/index.ts';
import { GAP_MS, receivingAround, silencesOf } from '../../platform/index.ts';
import { ALWAYS_MS, NEVER_MS } from './times.ts';

/**
 * When the platform could not receive, as far as it bears on the window: silences of its journal longer than 15 s, all time before its
 * first row and, if it is silent at `nowMs`, all time since.
 */
export async function loadOutages(db: Queryable, window: Interval, nowMs: number): Promise<IntervalSet> {
  const rows = await receivingAround(db, { from: window.from - RECOVERY_MS, to: window.to });
  const aliveUntil = Math.max(ALWAYS_MS, ...rows.map(({ to }) => to));
  const since = nowMs - aliveUntil > GAP_MS ? [{ from: aliveUntil, to: NEVER_MS }] : [];
  return merge([...silencesOf(rows, GAP_MS, ALWAYS_MS), ...since]);
}
