import { addDays, dayOf, type Period, periodOf } from '@uptally/sla';
import type { Queryable } from '../../db/index.ts';
import { apiError } from '../../http/errors.ts';

/** Longest period that one answer covers, days: a leap year. */
export const MAX_DAYS = 366;
/** Most days that one statement sums up: an embedded database runs one statement at a time, so that none may be long. */
const SLICE_DAYS = 31;

export interface NamedPeriod extends Period {
  /** As it can be asked for again. */
  readonly name: string;
}

export interface PeriodAsked {
  readonly period?: string;
  readonly from?: string;
  readonly to?: string;
}

/** The period of a query; the current month if it names none. @throws ApiError `invalid_period`, `range_too_long` */
export function periodAsked({ period, from, to }: PeriodAsked, timeZone: string, nowMs: number): NamedPeriod {
  if ((from === undefined) !== (to === undefined)) throw apiError('invalid_period', 'from and to come together');
  if (period !== undefined && from !== undefined) throw apiError('invalid_period', 'Either period or from and to');
  if (from !== undefined && to !== undefined) return periodNamed(`${from}/${to}`, timeZone);
  return periodNamed(period ?? dayOf(timeZone, nowMs).slice(0, 7), timeZone);
}

/** A period by name: `2026-10`, `2026-Q3`, `2026`, `2026-10-05` or `2026-10-01/2026-10-08`. @throws ApiError like {@link periodAsked} */
export function periodNamed(name: string, timeZone: string): NamedPeriod {
  const [from = '', to, ...more] = name.split('/');
  const period = parsed(to === undefined ? from : { from, to }, timeZone, more.length > 0);
  if (daysBetween(period.fromDay, period.toDay) > MAX_DAYS) {
    throw apiError('range_too_long', `At most ${MAX_DAYS} days at a time`);
  }
  return { ...period, name };
}

function parsed(name: Parameters<typeof periodOf>[0], timeZone: string, isExcess: boolean): Period {
  try {
    if (isExcess) throw new RangeError('a period has one first and one last day');
    return periodOf(name, timeZone);
  } catch (cause) {
    if (cause instanceof RangeError) throw apiError('invalid_period', { detail: cause.message, cause });
    throw cause;
  }
}

/** Number of days in `[from, to)`; 0 if there is none. */
export function daysBetween(from: string, to: string): number {
  return Math.max(0, (Date.parse(to) - Date.parse(from)) / 86_400_000);
}

/** The days that two runs of days share, `[from, to)`; possibly empty. */
export function overlapDays(a: DayRange, b: DayRange): DayRange {
  return { fromDay: a.fromDay > b.fromDay ? a.fromDay : b.fromDay, toDay: a.toDay < b.toDay ? a.toDay : b.toDay };
}

export interface DayRange {
  readonly fromDay: string;
  readonly toDay: string;
}

export interface ClosedRange extends DayRange {
  readonly id: number;
}

/** Days whose figures come from one table: those of a closing, or the running accrual. */
export interface Slice extends DayRange {
  readonly closedId: number | null;
}

/** Closed periods of a contract that reach into a period, in order. */
export async function selectClosed(db: Queryable, contractId: number, period: DayRange): Promise<ClosedRange[]> {
  const { rows } = await db.query<ClosedRange>(
    `select id, from_day::text as "fromDay", to_day::text as "toDay" from closed_period
     where contract_id = $1 and from_day < $3::date and to_day > $2::date order by from_day`,
    [contractId, period.fromDay, period.toDay],
  );
  return rows;
}

/** Cuts a period where closed and open days meet, and into parts that a statement sums up quickly. Closed ranges don't overlap. */
export function slicesOf(period: DayRange, closed: readonly ClosedRange[]): Slice[] {
  const slices: Slice[] = [];
  let at = period.fromDay;
  const until = (day: string, closedId: number | null): void => {
    while (at < day) {
      const next = addDays(at, SLICE_DAYS);
      const toDay = next < day ? next : day;
      slices.push({ fromDay: at, toDay, closedId });
      at = toDay;
    }
  };
  for (const range of closed) {
    const { fromDay, toDay } = overlapDays(period, range);
    until(fromDay, null);
    until(toDay, range.id);
  }
  until(period.toDay, null);
  return slices;
}

/** The shortest name of a run of whole days: that of a year, quarter, month or day if it is one. */
export function nameOfDays({ fromDay, toDay }: DayRange): string {
  const month = Number(fromDay.slice(5, 7));
  const quarter = `${fromDay.slice(0, 4)}-Q${Math.ceil(month / 3)}`;
  for (const name of [fromDay.slice(0, 4), quarter, fromDay.slice(0, 7), fromDay]) {
    const period = periodOf(name, 'UTC');
    if (period.fromDay === fromDay && period.toDay === toDay) return name;
  }
  return `${fromDay}/${toDay}`;
}
