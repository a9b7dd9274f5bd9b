import { clip, type Interval, type IntervalSet, merge } from '../intervals.ts';
import { type Day, dayBounds, daysOf, instantOf, weekday } from './days.ts';

export const WEEKDAYS = ['mon', 'tue', 'wed', 'thu', 'fri', 'sat', 'sun'] as const;
export type Weekday = (typeof WEEKDAYS)[number];

/** Local times `HH:MM` of one day; `to` may be `24:00`. Hours over midnight are two entries. */
export interface Hours {
  readonly from: string;
  readonly to: string;
}

/** When a contract wants stations to work. With `holidays`, public holidays are free and make-up workdays have Monday's hours. */
export type Calendar =
  | { readonly kind: 'always' }
  | {
      readonly kind: 'weekly';
      readonly hours: Readonly<Record<Weekday, readonly Hours[]>>;
      readonly holidays: boolean;
    };

/** Days that differ from what their weekday says. A day in both tables is a workday. */
export interface DayTable {
  readonly holidays: ReadonlySet<Day>;
  readonly workdays: ReadonlySet<Day>;
}

export const NO_DAYS: DayTable = { holidays: new Set(), workdays: new Set() };

/** The time inside the window that the calendar wants, in the local time of the zone. */
export function serviceHours(calendar: Calendar, timeZone: string, days: DayTable, window: Interval): IntervalSet {
  if (calendar.kind === 'always') return merge([window]);
  const open = daysOf(timeZone, window).flatMap((day) => {
    const bounds = dayBounds(timeZone, day);
    return hoursOf(calendar, days, day)
      .map(({ from, to }) => ({ from: instantOf(timeZone, day, from), to: instantOf(timeZone, day, to) }))
      .map(({ from, to }) => ({ from, to: Math.min(to, bounds.to) }));
  });
  return clip(merge(open), window);
}

function hoursOf(calendar: Extract<Calendar, { kind: 'weekly' }>, days: DayTable, day: Day): readonly Hours[] {
  if (calendar.holidays && days.workdays.has(day)) return calendar.hours.mon;
  if (calendar.holidays && days.holidays.has(day)) return [];
  return calendar.hours[WEEKDAYS[weekday(day)] ?? 'mon'];
}

/** A calendar from outside. Throws a {@link CalendarError} that names the path of what is wrong. */
export function parseCalendar(json: unknown): Calendar {
  const { kind, hours, holidays } = record(json, '');
  if (kind === 'always') return { kind };
  if (kind !== 'weekly') throw new CalendarError('/kind', 'must be "always" or "weekly"');
  if (holidays !== undefined && typeof holidays !== 'boolean')
    throw new CalendarError('/holidays', 'must be true or false');
  const byDay = record(hours, '/hours');
  for (const key of Object.keys(byDay)) {
    if (!WEEKDAYS.some((name) => name === key)) throw new CalendarError(`/hours/${key}`, 'is not a weekday');
  }
  const parsed = WEEKDAYS.map((name) => [name, parseDay(byDay[name] ?? [], `/hours/${name}`)] as const);
  return { kind, hours: Object.fromEntries(parsed) as Record<Weekday, Hours[]>, holidays: holidays ?? false };
}

/** What is wrong with a calendar, and where: a JSON pointer. */
export class CalendarError extends RangeError {
  readonly path: string;
  constructor(path: string, problem: string) {
    super(`${path || '/'} ${problem}`);
    this.name = 'CalendarError';
    this.path = path;
  }
}

function parseDay(json: unknown, path: string): Hours[] {
  if (!Array.isArray(json)) throw new CalendarError(path, 'must be a list of {from, to}');
  return json.map((entry: unknown, i) => {
    const { from, to } = record(entry, `${path}/${i}`);
    const hours = { from: time(from, `${path}/${i}/from`), to: time(to, `${path}/${i}/to`) };
    if (hours.from >= hours.to) throw new CalendarError(`${path}/${i}`, 'must end after it begins');
    return hours;
  });
}

function time(json: unknown, path: string): string {
  const allowed = path.endsWith('/to') ? /^(([01]\d|2[0-3]):[0-5]\d|24:00)$/ : /^([01]\d|2[0-3]):[0-5]\d$/;
  if (typeof json !== 'string' || !allowed.test(json)) throw new CalendarError(path, 'must be a time like 08:30');
  return json;
}

function record(json: unknown, path: string): Readonly<Record<string, unknown>> {
  if (typeof json !== 'object' || json === null || Array.isArray(json))
    throw new CalendarError(path, 'must be an object');
  return json as Record<string, unknown>;
}
