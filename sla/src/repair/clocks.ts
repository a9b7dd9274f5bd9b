import { contains, type IntervalSet, merge, union } from '../intervals.ts';
import { type CaseLog, courseOf, type Opened, pausesOf } from './log.ts';
import { type Course, statusOf, stopOf } from './stops.ts';
import type { RepairTarget, RepairTerms } from './targets.ts';
import {
  type BegunClock,
  type CaseEvent,
  type ClockMark,
  REPAIR_STAGES,
  type RepairClocks,
  type RepairStage,
  type StageClock,
} from './types.ts';
import { elapsedOf, reachedAt, type WorkTime } from './work-time.ts';

/** The terms of a contract by the name that a log uses for it. */
export type TermsOf = (contract: string) => RepairTerms | undefined;

/** What the clocks of one case are read from. */
interface Reading {
  readonly now: number;
  readonly opened: Opened;
  readonly course: readonly CaseEvent[];
  readonly pauses: IntervalSet;
  readonly courses: Readonly<Record<RepairStage, Course>>;
  readonly termsOf: TermsOf;
}

/**
 * The clocks of a case as of `now`, from its whole log: nothing is carried over from an earlier reading, so that no order of
 * recording and no change of severity or contract can lose a pause. What is dated after `now` is not known yet. A stage that has
 * ended is judged by what was in force when it ended, an open one by what is in force now. Throws a RangeError if the case was not open
 * by then, or the contract or its severity is unknown: a fault without a limit would pass for one in time.
 */
export function repairClocks(log: CaseLog, termsOf: TermsOf, now: number): RepairClocks {
  const { opened, course } = courseOf(log, now);
  const status = statusOf(course);
  const pauses = pausesOf(log, now);
  const courses = byStage((stage) => stopOf(stage, course));
  const reading: Reading = { now, opened, course, pauses, courses, termsOf };
  return {
    openedAt: opened.at,
    status,
    endedAt: status === 'repaired' || status === 'confirmed' ? (courses.repair.stop?.at ?? null) : null,
    ...inForce(opened, course, now),
    pauses,
    stages: byStage((stage) => (status === 'cancelled' ? { stage, state: 'not_applicable' } : clockOf(stage, reading))),
  };
}

function byStage<Value>(of: (stage: RepairStage) => Value): Record<RepairStage, Value> {
  return Object.fromEntries(REPAIR_STAGES.map((stage) => [stage, of(stage)])) as Record<RepairStage, Value>;
}

/** The contract and severity that the log knows for an instant. */
function inForce({ contract, severity }: Opened, course: readonly CaseEvent[], at: number) {
  const current = { contract, severity };
  for (const event of course) {
    if (event.at > at) break;
    if (event.kind === 'severity_changed') current.severity = event.severity;
    if (event.kind !== 'contract_changed') continue;
    current.contract = event.contract;
    current.severity = event.severity ?? current.severity;
  }
  return current;
}

function clockOf(stage: RepairStage, reading: Reading): StageClock {
  const { now, opened, course, courses, termsOf } = reading;
  const { stop } = courses[stage];
  const { contract, severity } = inForce(opened, course, stop?.at ?? now);
  const terms = termsOf(contract);
  const targets = terms?.targets.severities.get(severity);
  if (terms === undefined || targets === undefined) {
    throw new RangeError(`no targets for the severity ${severity} of the contract ${contract}`);
  }
  const target = targets.get(stage);
  const work = target && terms.work.get(target.calendar);
  if (target === undefined || work === undefined) return { stage, state: 'not_applicable' };
  const beganAt = beginOf(target, stop, reading);
  if (beganAt === null) return { stage, state: 'pending', limitMs: target.limitMs };
  return begun(stage, { target, work, beganAt, warnAtPercent: terms.targets.warnAtPercent }, reading);
}

/** When a clock begins; null while it waits for another stage. One that ended before that one did has taken no time. */
function beginOf({ after }: RepairTarget, stop: CaseEvent | null, { opened, courses }: Reading): number | null {
  if (after === null) return opened.at;
  const previousAt = courses[after].stop?.at ?? null;
  if (stop === null) return previousAt;
  return Math.min(previousAt ?? stop.at, stop.at);
}

interface Begin {
  readonly target: RepairTarget;
  readonly work: WorkTime;
  readonly beganAt: number;
  readonly warnAtPercent: readonly number[];
}

function begun(stage: RepairStage, { target, work, beganAt, warnAtPercent }: Begin, reading: Reading): BegunClock {
  const { now, pauses, courses } = reading;
  const { limitMs } = target;
  const { stop, gaps } = courses[stage];
  const idle = gaps.length === 0 ? pauses : union(pauses, merge(gaps));
  const dueAt = reachedAt(work, beganAt, limitMs, idle);
  const elapsedMs = elapsedOf(work, beganAt, stop?.at ?? now, idle);
  const late = dueAt !== null && (stop?.at ?? now) > dueAt;
  return {
    stage,
    state: late ? 'breached' : stop === null ? 'running' : 'met',
    beganAt,
    limitMs,
    dueAt,
    elapsedMs,
    leftMs: limitMs - elapsedMs,
    stoppedAt: stop?.at ?? null,
    stoppedBy: stop?.kind ?? null,
    paused: stop === null && contains(pauses, now),
    marks: warnAtPercent.flatMap((percent): ClockMark[] => {
      const at = reachedAt(work, beganAt, Math.ceil((limitMs * percent) / 100), idle);
      return at === null ? [] : [{ percent, at }];
    }),
  };
}
