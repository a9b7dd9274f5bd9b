import { addDays } from '../../format/zones.ts';

/** A day of a month's grid; those of the neighbouring months fill the first and last week. */
export interface GridDay {
  readonly day: string;
  readonly inMonth: boolean;
}

/** Weeks of a month, Monday first. */
export function weeksOf(month: string): GridDay[][] {
  const first = `${month}-01`;
  const weekday = (new Date(`${first}T00:00:00Z`).getUTCDay() + 6) % 7;
  const weeks: GridDay[][] = [];
  for (
    let day = addDays(first, -weekday);
    day < addDays(first, 31) && (weeks.length === 0 || day.startsWith(month));
  ) {
    const week = Array.from({ length: 7 }, (_, i) => addDays(day, i));
    weeks.push(week.map((each) => ({ day: each, inMonth: each.startsWith(month) })));
    day = addDays(day, 7);
  }
  return weeks;
}

/** `2026-01` and 2 give `2026-03`. */
export function monthAfter(month: string, count: number): string {
  const number = Number(month.slice(0, 4)) * 12 + Number(month.slice(5)) - 1 + count;
  return `${Math.floor(number / 12)}-${String((number % 12) + 1).padStart(2, '0')}`;
}
