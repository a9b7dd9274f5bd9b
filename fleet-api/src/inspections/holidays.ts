import { addDays, type Day, type DayTable, weekday } from '@uptally/sla';

/** Days off in a row, with at least one public holiday among them. */
export interface Holiday {
  readonly first: Day;
  /** The last free day. */
  readonly last: Day;
  readonly days: number;
}

/** Nobody is off for longer; the search around a window ends there. */
const LONGEST_DAYS = 31;

/**
 * Runs of at least `minDays` free days around public holidays that begin in `[from, to)`, in order (R-QH-2). Weekends next to a
 * holiday belong to its run unless they are make-up workdays; a mere weekend is none.
 */
export function holidaysIn(from: Day, to: Day, table: DayTable, minDays: number): Holiday[] {
  const found: Holiday[] = [];
  for (let day = from; day < to; day = addDays(day, 1)) {
    if (!isFree(day, table) || isFree(addDays(day, -1), table)) continue;
    const run = runFrom(day, table);
    if (run.some((each) => isHoliday(each, table)) && run.length >= minDays) {
      found.push({ first: day, last: run.at(-1) ?? day, days: run.length });
    }
  }
  return found;
}

/** Years of `[from, to)` of which the table knows nothing: their holidays are missing, not absent. */
export function unknownYears(from: Day, to: Day, table: DayTable): number[] {
  const known = new Set([...table.holidays, ...table.workdays].map((day) => Number(day.slice(0, 4))));
  const years: number[] = [];
  if (from >= to) return years;
  for (let year = Number(from.slice(0, 4)); year <= Number(addDays(to, -1).slice(0, 4)); year++) {
    if (!known.has(year)) years.push(year);
  }
  return years;
}

function runFrom(first: Day, table: DayTable): Day[] {
  const run: Day[] = [];
  for (let day = first; isFree(day, table) && run.length < LONGEST_DAYS; day = addDays(day, 1)) run.push(day);
  return run;
}

/** A day in both tables is a workday, as everywhere. */
const isHoliday = (day: Day, { holidays, workdays }: DayTable): boolean => holidays.has(day) && !workdays.has(day);
const isFree = (day: Day, table: DayTable): boolean =>
  !table.workdays.has(day) && (table.holidays.has(day) || weekday(day) >= 5);
