import { addDays } from '../format/zones.ts';

export { addDays } from '../format/zones.ts';

/** Periods that figures are asked for: calendar days of the contract, named in the URL. Pure: today is an argument. */
export const PERIOD_KINDS = ['month', 'quarter', 'year', 'days'] as const;
export type PeriodKind = (typeof PERIOD_KINDS)[number];

export interface Period {
  readonly kind: PeriodKind;
  /** First day, `YYYY-MM-DD`. */
  readonly fromDay: string;
  /** The day after the last one. */
  readonly toDay: string;
}

const DAY_MS = 86_400_000;

/** Calendar arithmetic has no zone: days are counted as if in UTC. */
function ofUtc(ms: number): string {
  return new Date(ms).toISOString().slice(0, 10);
}
function partsOf(day: string): readonly [year: number, month: number, day: number] {
  const [y = 0, m = 1, d = 1] = day.split('-').map(Number);
  return [y, m, d];
}
function isDay(text: string): boolean {
  const ms = Date.parse(`${text}T00:00:00Z`);
  return /^\d{4}-\d{2}-\d{2}$/.test(text) && Number.isFinite(ms) && ofUtc(ms) === text;
}

/** First day of the month that lies `months` after the month of `day`. */
function monthStart(day: string, months: number): string {
  const [y, m] = partsOf(day);
  return ofUtc(Date.UTC(y, m - 1 + months, 1));
}

export function daysIn(period: Period): number {
  return Math.round((Date.parse(period.toDay) - Date.parse(period.fromDay)) / DAY_MS);
}
export function lastDay(period: Period): string {
  return addDays(period.toDay, -1);
}
/** Which quarter of its year a day lies in, 1 to 4. */
export function quarterOf(day: string): number {
  return Math.ceil(partsOf(day)[1] / 3);
}

const MONTHS = { month: 1, quarter: 3, year: 12 } as const;

/** The month, quarter or year that holds a day. */
export function periodAround(kind: 'month' | 'quarter' | 'year', day: string): Period {
  const months = MONTHS[kind];
  const [, month] = partsOf(day);
  const fromDay = monthStart(day, -((month - 1) % months));
  return { kind, fromDay, toDay: monthStart(fromDay, months) };
}

/** Days from the first to the last one, both belonging to it; in whichever order they were picked. */
export function periodOfDays(first: string, last: string): Period {
  const [from, to] = first <= last ? [first, last] : [last, first];
  return { kind: 'days', fromDay: from, toDay: addDays(to, 1) };
}

/** Reads a period as the API names it: `2026-10`, `2026-Q4`, `2026`, `2026-10-05`, `2026-10-01/2026-10-08`; null for anything else. */
export function parsePeriod(text: string): Period | null {
  const quarter = /^(\d{4})-Q([1-4])$/.exec(text);
  if (quarter) return periodAround('quarter', `${quarter[1]}-${String(Number(quarter[2]) * 3).padStart(2, '0')}-01`);
  if (/^\d{4}$/.test(text) && isDay(`${text}-01-01`)) return periodAround('year', `${text}-01-01`);
  if (/^\d{4}-\d{2}$/.test(text) && isDay(`${text}-01`)) return periodAround('month', `${text}-01`);
  const [fromDay = '', toDay = isDay(fromDay) ? addDays(fromDay, 1) : '', ...more] = text.split('/');
  const valid = isDay(fromDay) && isDay(toDay) && more.length === 0 && fromDay < toDay;
  return valid ? { kind: 'days', fromDay, toDay } : null;
}

/** As it stands in the URL, and as the API names it; what `parsePeriod` reads. */
export function periodText(period: Period): string {
  const [year = ''] = period.fromDay.split('-');
  if (period.kind === 'year') return year;
  if (period.kind === 'quarter') return `${year}-Q${quarterOf(period.fromDay)}`;
  if (period.kind === 'month') return period.fromDay.slice(0, 7);
  const last = lastDay(period);
  return last === period.fromDay ? last : `${period.fromDay}/${period.toDay}`;
}

/** The period before (-1) or after (1): the neighbouring month, quarter or year, or as many days. */
export function shiftPeriod(period: Period, step: number): Period {
  if (period.kind !== 'days') {
    return periodAround(period.kind, monthStart(period.fromDay, step * MONTHS[period.kind]));
  }
  const days = daysIn(period) * step;
  return { kind: 'days', fromDay: addDays(period.fromDay, days), toDay: addDays(period.toDay, days) };
}

/** The same time in another grain: the latest part of it that has begun by `today`; its days where days are asked for. */
export function withKind(period: Period, kind: PeriodKind, today: string): Period {
  if (kind === 'days') return { ...period, kind };
  const last = lastDay(period);
  const anchor = today < last ? today : last;
  return periodAround(kind, anchor < period.fromDay ? period.fromDay : anchor);
}

/** As the API wants it. */
export function periodQuery(period: Period): { period: string } | { from: string; to: string } {
  return period.kind === 'days' ? { from: period.fromDay, to: period.toDay } : { period: periodText(period) };
}
