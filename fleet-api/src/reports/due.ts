import { addDays, type Day, dayBounds, dayOf } from '@uptally/sla';
import { lastOver, periodAround, type ReportKind } from './kinds.ts';

/** When periods of a kind are to be made. */
export interface Timing {
  readonly kind: ReportKind;
  /** Of the day on which it is made, zone of the contract. */
  readonly hour: number;
  readonly delay_days: number;
  readonly time_zone: string;
  /** Periods that end on or after it. */
  readonly since_day: Day;
  readonly term_from: Day;
  readonly term_to: Day | null;
}

export interface Days {
  readonly from: Day;
  readonly to: Day;
}

const HOUR_MS = 3_600_000;
/** Most periods that are made up for in one go after the platform was away. */
const MAX_BACKLOG = 31;

/** The instant at which a period is to be made: some hours into a day after its last. */
export function dueAt(period: Days, { delay_days, hour, time_zone }: Timing): number {
  return dayBounds(time_zone, addDays(period.to, delay_days)).from + hour * HOUR_MS;
}

/**
 * Periods that are due by now and begin after `lastFrom`, oldest first: one as a rule, more after an absence. Only those that reach
 * into the contract's term.
 */
export function duePeriods(timing: Timing, lastFrom: Day | null, nowMs: number): Days[] {
  const due: Days[] = [];
  let period = lastOver(timing.kind, dayOf(timing.time_zone, nowMs));
  for (let n = 0; n < MAX_BACKLOG + 60 && due.length < MAX_BACKLOG; n += 1) {
    if (
      period.to <= timing.since_day ||
      (lastFrom !== null && period.from <= lastFrom) ||
      period.to <= timing.term_from
    )
      break;
    if (dueAt(period, timing) <= nowMs && (timing.term_to === null || period.from < timing.term_to))
      due.unshift(period);
    period = periodAround(timing.kind, addDays(period.from, -1));
  }
  return due;
}

/** When the next one is made after now; null if the contract is over by then. */
export function nextDueAt(timing: Timing, nowMs: number): number | null {
  let period = lastOver(timing.kind, dayOf(timing.time_zone, nowMs));
  for (let n = 0; n < 70 && dueAt(period, timing) > nowMs; n += 1)
    period = periodAround(timing.kind, addDays(period.from, -1));
  do period = periodAround(timing.kind, period.to);
  while (period.to <= timing.since_day || period.to <= timing.term_from);
  return timing.term_to !== null && period.from >= timing.term_to ? null : dueAt(period, timing);
}
