import { addDays, type Day, type DayTable, dayBounds } from '@uptally/sla';
import { holidaysIn } from './holidays.ts';

export const CYCLES = ['month', 'quarter', 'half_year', 'before_holiday'] as const;
export type Cycle = (typeof CYCLES)[number];

/** When a plan wants visits. */
export interface Rhythm {
  readonly cycle: Cycle;
  /** Days of the plan and the contract's term together: `[fromDay, toDay)`. */
  readonly fromDay: Day;
  readonly toDay: Day;
  /** `before_holiday`: the visit may be made from so many days before it. */
  readonly windowDays: number;
  /** `before_holiday`: shorter ones ask for nothing. */
  readonly minHolidayDays: number;
}

/** A stretch of days in which each target is to be visited once. */
export interface InspectionPeriod {
  /** What makes two periods of a plan the same: `2026-03`, `2026-Q1`, `2026-H1`, or the first day of a holiday. */
  readonly key: string;
  readonly fromDay: Day;
  /** The day after the last. */
  readonly toDay: Day;
  /** Days off that follow; of a holiday only. */
  readonly holiday: { readonly first: Day; readonly last: Day } | null;
}

/**
 * Periods that begin in `[from, to)`, in order, clipped to the days of the plan. A period of the calendar that the plan cuts is
 * owed in what is left of it; of a holiday the eve must lie inside.
 */
export function periodsOf(rhythm: Rhythm, from: Day, to: Day, table: DayTable): InspectionPeriod[] {
  const periods = rhythm.cycle === 'before_holiday' ? holidayPeriods(rhythm, to, table) : calendarPeriods(rhythm, to);
  return periods.filter(({ fromDay }) => fromDay >= from && fromDay < to);
}

/** The last instant that is in time: the end of the period's last day in the zone, so the eve's end before a holiday. Unix ms. */
export function dueAt(period: Pick<InspectionPeriod, 'toDay'>, timeZone: string): number {
  return dayBounds(timeZone, period.toDay).from;
}

/** The first instant at which a visit can be for the period, Unix ms. */
export function beginsAt(period: Pick<InspectionPeriod, 'fromDay'>, timeZone: string): number {
  return dayBounds(timeZone, period.fromDay).from;
}

const MONTHS: Readonly<Record<Exclude<Cycle, 'before_holiday'>, number>> = { month: 1, quarter: 3, half_year: 6 };

function calendarPeriods({ cycle, fromDay, toDay }: Rhythm, to: Day): InspectionPeriod[] {
  const months = MONTHS[cycle as keyof typeof MONTHS];
  const periods: InspectionPeriod[] = [];
  const firstMonth = Math.floor(monthNumber(fromDay) / months) * months;
  for (let month = firstMonth; firstOf(month) < to && firstOf(month) < toDay; month += months) {
    const [start, end] = [firstOf(month), firstOf(month + months)];
    periods.push({
      key: keyOf(month, months),
      fromDay: start < fromDay ? fromDay : start,
      toDay: end > toDay ? toDay : end,
      holiday: null,
    });
  }
  return periods;
}

function holidayPeriods({ fromDay, toDay, windowDays, minHolidayDays }: Rhythm, to: Day, table: DayTable) {
  const end = [addDays(to, windowDays + 1), addDays(toDay, 1)].sort()[0] ?? to;
  let earliest = fromDay;
  return holidaysIn(addDays(fromDay, 1), end, table, minHolidayDays).map(({ first, last }): InspectionPeriod => {
    const start = addDays(first, -windowDays);
    const period = {
      key: first,
      fromDay: start < earliest ? earliest : start,
      toDay: first,
      holiday: { first, last },
    };
    earliest = addDays(last, 1);
    return period;
  });
}

/** Months since year 0. */
const monthNumber = (day: Day): number => Number(day.slice(0, 4)) * 12 + Number(day.slice(5, 7)) - 1;

function firstOf(month: number): Day {
  return `${String(Math.floor(month / 12)).padStart(4, '0')}-${String((month % 12) + 1).padStart(2, '0')}-01`;
}

function keyOf(month: number, months: number): string {
  if (months === 1) return firstOf(month).slice(0, 7);
  const year = String(Math.floor(month / 12)).padStart(4, '0');
  return `${year}-${months === 3 ? 'Q' : 'H'}${Math.floor((month % 12) / months) + 1}`;
}
