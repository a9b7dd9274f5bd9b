import type { Interval } from '../intervals.ts';
import type { Fraction } from '../rates.ts';
import { rateOfCounts } from './timeliness.ts';

/** Something owed by an instant: an inspection, a report. */
export interface DueItem {
  /** The last instant that is in time: for "by 31 March" the end of that day. */
  readonly dueAt: number;
  /** Carried out or handed in; null: not yet. */
  readonly doneAt: number | null;
}

/** Inspections that fell due in a period. */
export interface InspectionFigures {
  readonly inTime: number;
  /** After their due instant, but within the period. */
  readonly later: number;
  /** Not carried out, and overdue, or the period is over. */
  readonly missed: number;
  /** Not carried out and not yet due. */
  readonly pending: number;
  /** (inTime + later) / (inTime + later + missed): done / due. Null if none is due. */
  readonly rate: Fraction | null;
}

/**
 * The inspection rate 巡检率 of a period (R-DG-9: done / due, by the quarter). An inspection counts in the period in which it
 * falls due, and as done if carried out by the end of that period: a visit made up for within the quarter counts, one made up for
 * in the next stays missed. What is dated after `now` is not known yet.
 */
export function inspectionRate(items: Iterable<DueItem>, period: Interval, now: number): InspectionFigures {
  let [inTime, later, missed, pending] = [0, 0, 0, 0];
  for (const { dueAt, doneAt } of items) {
    if (!fallsInto(dueAt, period)) continue;
    if (doneAt !== null && doneAt <= Math.min(now, period.to)) {
      if (doneAt <= dueAt) inTime++;
      else later++;
    } else if (now > dueAt) missed++;
    else pending++;
  }
  return { inTime, later, missed, pending, rate: rateOfCounts(inTime + later, missed) };
}

/** Documents that fell due in a period. */
export interface DocumentFigures {
  readonly onTime: number;
  readonly late: number;
  readonly missing: number;
  /** Neither handed in nor due yet. */
  readonly pending: number;
  /** onTime / (onTime + late + missing); null if none is due. */
  readonly rate: Fraction | null;
}

/**
 * Document timeliness 资料提交及时率 of a period (R-DG-9). A document counts in the period in which it falls due; handed in later it
 * is late for ever, not handed in it is missing. What is dated after `now` is not known yet.
 */
export function documentTimeliness(items: Iterable<DueItem>, period: Interval, now: number): DocumentFigures {
  let [onTime, late, missing, pending] = [0, 0, 0, 0];
  for (const { dueAt, doneAt } of items) {
    if (!fallsInto(dueAt, period)) continue;
    if (doneAt !== null && doneAt <= now) {
      if (doneAt <= dueAt) onTime++;
      else late++;
    } else if (now > dueAt) missing++;
    else pending++;
  }
  return { onTime, late, missing, pending, rate: rateOfCounts(onTime, late + missing) };
}

/** A deadline at the very end of a period belongs to it: "by 31 March" is the first instant of April. */
const fallsInto = (dueAt: number, { from, to }: Interval) => from < dueAt && dueAt <= to;
