import type { Dimension, Segment } from '@uptally/sla';
import type { Queryable } from '../../db/index.ts';
import type { LedgerStation } from '../ledger/index.ts';
import { timelinesOf } from './evidence.ts';

const DAY_MS = 86_400_000;
/** How far to look for the bounds of a segment, ms: most are near. */
const REACHES_MS = [2 * DAY_MS, 31 * DAY_MS, 400 * DAY_MS];

/**
 * The segment of the station's timeline that an instant lies in. One that goes on for more than 400 days, or up to now, is shown as
 * far as that. `at` must lie before `nowMs`.
 */
export async function segmentAt(
  db: Queryable,
  station: LedgerStation,
  dimension: Dimension,
  at: number,
  nowMs: number,
): Promise<Segment> {
  let found: Segment | undefined;
  for (const reachMs of REACHES_MS) {
    const window = { from: at - reachMs, to: Math.min(at + reachMs, nowMs) };
    const timelines = await timelinesOf(db, station, [dimension], window, nowMs);
    found = timelines[dimension].find(({ from, to }) => from <= at && at < to);
    if (found === undefined) break;
    if (found.from > window.from && (found.to < window.to || window.to === nowMs)) return found;
  }
  if (found === undefined) throw new RangeError(`no segment of station ${station.id} holds ${at}`);
  return found;
}
