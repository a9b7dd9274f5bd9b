import {
  type CaseEvent,
  type CaseLog,
  caseLog,
  type RepairClocks,
  type RepairVerdict,
  repairClocks,
  verdictOf,
} from '@uptally/sla';
import type { Queryable } from '../db/index.ts';
import { loadTerms, type TermsBook, termsNamed } from './terms.ts';

/** Faults whose logs are read in one statement. */
const CHUNK = 500;

/** What a fault's log comes to. */
export interface ReadCase {
  readonly faultId: number;
  readonly log: CaseLog;
  readonly clocks: RepairClocks;
  readonly verdict: RepairVerdict;
}

/** The logs of faults and what they come to as of `nowMs`. One that opened later, by evidence, is read as of its opening. */
export async function readLogs(
  db: Queryable,
  faultIds: readonly number[],
  nowMs: number,
): Promise<Map<number, ReadCase>> {
  const logs = new Map<number, CaseLog>();
  for (let i = 0; i < faultIds.length; i += CHUNK) {
    for (const [id, log] of await loadLogs(db, faultIds.slice(i, i + CHUNK))) logs.set(id, log);
  }
  const book = await loadTerms(db, termsNamed(logs.values()));
  return new Map([...logs].map(([faultId, log]) => [faultId, judge(faultId, log, book, nowMs)]));
}

/** The clocks of a log, and what the fault counts as by its contract's own rule. */
export function judge(faultId: number, log: CaseLog, book: TermsBook, nowMs: number): ReadCase {
  const openedAt = log.find(({ kind }) => kind === 'opened')?.at ?? nowMs;
  const clocks = repairClocks(log, book.termsOf, Math.max(nowMs, openedAt));
  return { faultId, log, clocks, verdict: verdictOf(clocks, book.ruleOf(clocks.contract, clocks.severity)) };
}

async function loadLogs(db: Queryable, faultIds: readonly number[]): Promise<Map<number, CaseLog>> {
  const { rows } = await db.query<{ fault_id: number; seq: number; at: Date; kind: string; data: object }>(
    'select fault_id, seq, at, kind, data from case_event where fault_id = any ($1) order by fault_id, seq',
    [faultIds],
  );
  const events = new Map<number, CaseEvent[]>();
  for (const { fault_id, seq, at, kind, data } of rows) {
    const event = { ...data, seq, at: at.getTime(), kind } as CaseEvent;
    const known = events.get(fault_id);
    if (known === undefined) events.set(fault_id, [event]);
    else known.push(event);
  }
  return new Map([...events].map(([id, each]) => [id, caseLog(each)]));
}
