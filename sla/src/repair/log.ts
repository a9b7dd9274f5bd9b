import { type Interval, type IntervalSet, merge } from '../intervals.ts';
import { type CaseEvent, type PauseSpan, UNTIL_FURTHER_NOTICE } from './types.ts';

/** A case's events by `at`, then `seq`, each once. Only {@link caseLog} and {@link withEvent} make one. */
export type CaseLog = readonly CaseEvent[] & { readonly [ordered]: true };
declare const ordered: unique symbol;

/** The log of a case, whatever the order and repetition of its events. Of two events with one `seq` the first given stays. */
export function caseLog(events: Iterable<CaseEvent>): CaseLog {
  const bySeq = new Map<number, CaseEvent>();
  for (const event of events) if (!bySeq.has(event.seq)) bySeq.set(event.seq, event);
  return [...bySeq.values()].sort(inOrder) as readonly CaseEvent[] as CaseLog;
}

/** The log with one event more; the log itself if it has it already. */
export function withEvent(log: CaseLog, event: CaseEvent): CaseLog {
  if (log.some(({ seq }) => seq === event.seq)) return log;
  const later = log.findIndex((each) => inOrder(event, each) < 0);
  return (later === -1 ? [...log, event] : log.toSpliced(later, 0, event)) as readonly CaseEvent[] as CaseLog;
}

const inOrder = (a: CaseEvent, b: CaseEvent) => a.at - b.at || a.seq - b.seq;

/**
 * What had happened to the fault by `now`: its first opening and what came from then on. Further openings (merged duplicates) and
 * whatever is dated before the first say nothing: no fault is repaired before it exists. A severity that both sides agreed on is in it as
 * a change. Pauses are looked up elsewhere, as they may be agreed on beforehand. Throws a RangeError if the case was not open by then.
 */
export function courseOf(log: CaseLog, now: number): { opened: Opened; course: readonly CaseEvent[] } {
  const first = log.findIndex(({ kind }) => kind === 'opened');
  const opened = log[first];
  if (opened?.kind !== 'opened' || opened.at > now) throw new RangeError('the case was not open by then');
  const known = log.filter(({ at, kind }, i) => i > first && at <= now && kind !== 'opened');
  const agreed = known.flatMap((event) => agreedSeverity(event, known)).filter(({ at }) => at >= opened.at);
  return { opened, course: agreed.length === 0 ? known : [...known, ...agreed].sort(inOrder) };
}

/** A proposed severity that the other organisation approved: a change from the instant on that the proposal names. */
function agreedSeverity(proposed: CaseEvent, known: readonly CaseEvent[]): CaseEvent[] {
  if (proposed.kind !== 'severity_proposed') return [];
  const { proposal, org, severity, since, seq } = proposed;
  const decision = known.findLast(
    (event) =>
      (event.kind === 'severity_approved' || event.kind === 'severity_rejected') &&
      event.proposal === proposal &&
      event.org !== org,
  );
  return decision?.kind === 'severity_approved' ? [{ kind: 'severity_changed', at: since, seq, severity }] : [];
}
export type Opened = Extract<CaseEvent, { kind: 'opened' }>;

type Decision = Extract<CaseEvent, { kind: 'pause_approved' | 'pause_rejected' }>;

/** What is known of one pause. */
interface Pause {
  proposed: Extract<CaseEvent, { kind: 'pause_proposed' }> | null;
  decisions: Decision[];
  endedAt: number;
}

/**
 * The pauses that both organisations had agreed on by `now` (R-ZJ-4), in whatever order their parts were recorded. The proposer's own
 * word decides nothing; of several decisions the last stands. The first proposal under a name is the one that is decided on.
 */
export function pausesOf(log: CaseLog, now: number): IntervalSet {
  const byName = new Map<string, Pause>();
  for (const event of log) {
    if (event.at > now || !isOfPause(event)) continue;
    const pause = byName.get(event.pause) ?? { proposed: null, decisions: [], endedAt: UNTIL_FURTHER_NOTICE };
    byName.set(event.pause, pause);
    if (event.kind === 'pause_proposed') pause.proposed ??= event;
    else if (event.kind === 'pause_ended') pause.endedAt = Math.min(pause.endedAt, event.at);
    else pause.decisions.push(event);
  }
  return merge([...byName.values()].flatMap(agreedSpan));
}

type OfPause = Extract<CaseEvent, { pause: string }>;
const isOfPause = (event: CaseEvent): event is OfPause => 'pause' in event;

/** What both named: the part of the proposal that the approval speaks of, up to the end of the cause. */
function agreedSpan({ proposed, decisions, endedAt }: Pause): Interval[] {
  const decision = decisions.findLast(({ org }) => proposed !== null && org !== proposed.org);
  if (proposed === null || decision?.kind !== 'pause_approved') return [];
  const approved = decision.span ?? proposed;
  const from = Math.max(proposed.from, approved.from);
  return [{ from, to: Math.min(endOf(proposed), endOf(approved), endedAt) }];
}

const endOf = ({ to }: PauseSpan) => to ?? UNTIL_FURTHER_NOTICE;
