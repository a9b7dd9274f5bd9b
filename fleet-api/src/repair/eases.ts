import { type CaseEvent, REPAIR_STAGES, type StageClock, withEvent } from '@uptally/sla';
import type { Queryable } from '../db/index.ts';
import { apiError } from '../http/errors.ts';
import { judge, type ReadCase, readLogs } from './cases.ts';
import { loadTerms, termsNamed } from './terms.ts';

type Change = Omit<Extract<CaseEvent, { kind: 'severity_changed' }>, 'seq' | 'kind'>;

/**
 * Whether another severity would leave a case more time, or make it in time. Names say nothing about that: what is graver may be
 * given longer. @throws ApiError `not_found`, `unknown_severity` if the terms that held meanwhile don't know it
 */
export async function easesClocks(db: Queryable, faultId: number, change: Change, nowMs: number): Promise<boolean> {
  const before = (await readLogs(db, [faultId], nowMs)).get(faultId);
  if (before === undefined) throw apiError('not_found');
  const seq = Math.max(...before.log.map((event) => event.seq)) + 1;
  const log = withEvent(before.log, { kind: 'severity_changed', seq, ...change });
  const book = await loadTerms(db, termsNamed([log]));
  try {
    return isEasier(before, judge(faultId, log, book, nowMs));
  } catch (cause) {
    if (!(cause instanceof RangeError)) throw cause;
    throw apiError('unknown_severity', { detail: 'The terms of that time do not know it', cause });
  }
}

function isEasier(before: ReadCase, after: ReadCase): boolean {
  const isLater = REPAIR_STAGES.some((stage) => rank(after.clocks.stages[stage]) > rank(before.clocks.stages[stage]));
  return isLater || (before.verdict === 'late' && after.verdict !== 'late');
}

/** Beyond every instant: due instants come first, then what has none yet, by its limit. */
const NO_INSTANT = 1e15;

function rank(clock: StageClock): number {
  if (clock.state === 'not_applicable') return Number.POSITIVE_INFINITY;
  return 'dueAt' in clock && clock.dueAt !== null ? clock.dueAt : NO_INSTANT + clock.limitMs;
}
