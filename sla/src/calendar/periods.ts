import type { Interval } from '../intervals.ts';
import { addDays, type Day, dayBounds } from './days.ts';

/** Whole days of a time zone: `[fromDay, toDay)` and the instants at which they begin. */
export interface Period extends Interval {
  readonly fromDay: Day;
  /** The day after the last. */
  readonly toDay: Day;
}

/** A period by name, `2026`, `2026-Q3`, `2026-10`, `2026-10-05`, or by its first day and the day after its last. */
export type PeriodName = string | { readonly from: Day; readonly to: Day };

/** The period in the time zone. Throws a RangeError if the name means none or the period would be empty. */
export function periodOf(name: PeriodName, timeZone: string): Period {
  const [fromDay, toDay] = typeof name === 'string' ? daysOfName(name) : [addDays(name.from, 0), addDays(name.to, 0)];
  if (fromDay >= toDay) throw new RangeError(`a period must end after it begins: ${fromDay} to ${toDay}`);
  return { fromDay, toDay, from: dayBounds(timeZone, fromDay).from, to: dayBounds(timeZone, toDay).from };
}

function daysOfName(name: string): [Day, Day] {
  const [, year, quarter, month, day] = /^(\d{4})(?:-(?:Q([1-4])|(0[1-9]|1[0-2])(?:-(\d{2}))?))?$/.exec(name) ?? [];
  if (year === undefined) throw new RangeError(`not a period: ${name}`);
  if (day !== undefined) return [name, addDays(name, 1)];
  if (month !== undefined) return [`${name}-01`, firstOfMonth(year, Number(month) + 1)];
  if (quarter !== undefined) {
    const first = Number(quarter) * 3 - 2;
    return [firstOfMonth(year, first), firstOfMonth(year, first + 3)];
  }
  return [`${year}-01-01`, firstOfMonth(year, 13)];
}

function firstOfMonth(year: string, month: number): Day {
  const [y, m] = month > 12 ? [Number(year) + 1, month - 12] : [Number(year), month];
  return `${String(y).padStart(4, '0')}-${String(m).padStart(2, '0')}-01`;
}
