import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import {
  addDays,
  type Calendar,
  type DayTable,
  dayBounds,
  daysOf,
  duration,
  type Hours,
  merge,
  NO_DAYS,
  parseCalendar,
  periodOf,
  recountHours,
  serviceHours,
  WEEKDAYS,
  type Weekday,
} from '../../src/index.ts';
import { HOUR } from '../support/clock.ts';
import { CLOCK_CHANGES } from '../support/zones.ts';

const weekly = (hours: Partial<Record<Weekday, readonly Hours[]>>, holidays = false): Calendar =>
  parseCalendar({ kind: 'weekly', hours, holidays });
const everyDay = (...hours: Hours[]) => weekly(Object.fromEntries(WEEKDAYS.map((name) => [name, hours])));
const OFFICE = [{ from: '08:00', to: '18:00' }];
const WORKING_DAYS = weekly({ mon: OFFICE, tue: OFFICE, wed: OFFICE, thu: OFFICE, fri: OFFICE }, true);

/** Spring Festival 2026 as announced by the State Council: nine days off, two Saturdays to work for it. */
const SPRING_2026: DayTable = {
  holidays: new Set(Array.from({ length: 9 }, (_, i) => addDays('2026-02-15', i))),
  workdays: new Set(['2026-02-14', '2026-02-28']),
};

test('always: every millisecond', () => {
  const period = periodOf('2026-10', 'Europe/Berlin');
  expect(serviceHours({ kind: 'always' }, 'Europe/Berlin', NO_DAYS, period)).toEqual([
    { from: period.from, to: period.to },
  ]);
});

test('working days with Chinese holidays and make-up workdays: February 2026', () => {
  const window = periodOf('2026-02', 'Asia/Shanghai');
  const hours = serviceHours(WORKING_DAYS, 'Asia/Shanghai', SPRING_2026, window);
  const days = hours.map(({ from }) => new Date(from + 8 * HOUR).toISOString().slice(8, 10)).join(' ');
  expect(days).toBe('02 03 04 05 06 09 10 11 12 13 14 24 25 26 27 28');
  expect(duration(hours)).toBe(16 * 10 * HOUR);
  expect(hours.every(({ from }) => new Date(from).getUTCHours() === 0)).toBe(true);
});

test('a make-up workday has the hours of a Monday; without holidays the table is nothing', () => {
  const calendar = weekly({ mon: [{ from: '09:00', to: '12:00' }], sat: [{ from: '10:00', to: '11:00' }] }, true);
  const saturday = dayBounds('Asia/Shanghai', '2026-02-14');
  const nine = saturday.from + 9 * HOUR;
  expect(serviceHours(calendar, 'Asia/Shanghai', SPRING_2026, saturday)).toEqual([{ from: nine, to: nine + 3 * HOUR }]);
  const plain = { ...calendar, holidays: false } as Calendar;
  expect(duration(serviceHours(plain, 'Asia/Shanghai', SPRING_2026, saturday))).toBe(HOUR);
});

test('hours over midnight are two entries that join', () => {
  const night = everyDay({ from: '22:00', to: '24:00' }, { from: '00:00', to: '06:00' });
  const hours = serviceHours(night, 'Asia/Shanghai', NO_DAYS, periodOf('2026-10', 'Asia/Shanghai'));
  expect(hours).toHaveLength(32);
  expect(duration(hours)).toBe(31 * 8 * HOUR);
});

describe('when clocks change', () => {
  const hoursOn = (timeZone: string, day: string, from: string, to: string) =>
    duration(serviceHours(everyDay({ from, to }), timeZone, NO_DAYS, dayBounds(timeZone, day))) / HOUR;

  test('a time that does not exist moves forward', () => {
    expect(hoursOn('Europe/Berlin', '2026-03-29', '02:30', '06:00')).toBe(2.5);
    expect(hoursOn('Europe/Berlin', '2026-03-29', '00:00', '02:30')).toBe(2.5);
    expect(hoursOn('Europe/Berlin', '2026-03-29', '02:15', '02:45')).toBe(0.5);
    expect(hoursOn('Europe/Berlin', '2026-03-29', '02:30', '03:00')).toBe(0);
  });

  test('of a time that comes twice the earlier counts', () => {
    expect(hoursOn('Europe/Berlin', '2026-10-25', '00:00', '02:30')).toBe(2.5);
    expect(hoursOn('Europe/Berlin', '2026-10-25', '02:30', '06:00')).toBe(4.5);
    expect(hoursOn('America/New_York', '2026-11-01', '00:00', '24:00')).toBe(25);
    expect(hoursOn('Australia/Lord_Howe', '2026-04-05', '00:00', '24:00')).toBe(24.5);
  });
});

const minute = fc.integer({ min: 0, max: 1440 }).map((m) => m - (m % 5));
const time = (m: number) => `${String(Math.floor(m / 60)).padStart(2, '0')}:${String(m % 60).padStart(2, '0')}`;
const hours = fc
  .array(fc.tuple(minute, minute), { maxLength: 3 })
  .map((pairs) =>
    pairs.filter(([a, b]) => a !== b).map(([a, b]) => ({ from: time(Math.min(a, b)), to: time(Math.max(a, b)) })),
  );
const calendar = fc
  .tuple(fc.tuple(hours, hours, hours, hours, hours, hours, hours), fc.boolean())
  .map(([week, holidays]) => weekly(Object.fromEntries(WEEKDAYS.map((name, i) => [name, week[i] ?? []])), holidays));

describe.each(CLOCK_CHANGES)('%s around %s', (timeZone, day) => {
  const window = { from: dayBounds(timeZone, addDays(day, -3)).from, to: dayBounds(timeZone, addDays(day, 4)).from };
  const table = { holidays: new Set([addDays(day, 1)]), workdays: new Set([day]) };

  test('the hours of the days are the hours of the week', () =>
    fc.assert(
      fc.property(calendar, (each) => {
        const whole = serviceHours(each, timeZone, table, window);
        const parts = daysOf(timeZone, window).map((d) => serviceHours(each, timeZone, table, dayBounds(timeZone, d)));
        expect(merge(parts.flat())).toEqual(whole);
        expect(parts.map(duration).reduce((a, b) => a + b)).toBe(duration(whole));
      }),
    ));

  test('worked out from the offsets of Intl they are the same', () =>
    fc.assert(
      fc.property(calendar, (each) => {
        const again = recountHours(each, timeZone, table, window).map(({ from, to }) => ({
          from: Math.max(from, window.from),
          to: Math.min(to, window.to),
        }));
        expect(merge(again)).toEqual(serviceHours(each, timeZone, table, window));
      }),
    ));
});

test('what is wrong with a calendar is told by its path', () => {
  const path = (json: unknown) => {
    try {
      return parseCalendar(json);
    } catch (error) {
      return error instanceof RangeError ? error.message : 'another error';
    }
  };
  expect(path(null)).toBe('/ must be an object');
  expect(path({ kind: 'sometimes' })).toBe('/kind must be "always" or "weekly"');
  expect(path({ kind: 'weekly', holidays: 1, hours: {} })).toBe('/holidays must be true or false');
  expect(path({ kind: 'weekly' })).toBe('/hours must be an object');
  expect(path({ kind: 'weekly', hours: { monday: [] } })).toBe('/hours/monday is not a weekday');
  expect(path({ kind: 'weekly', hours: { mon: {} } })).toBe('/hours/mon must be a list of {from, to}');
  const mon = (from: unknown, to: unknown) => path({ kind: 'weekly', hours: { mon: [{ from, to }] } });
  expect(mon('8:00', '18:00')).toBe('/hours/mon/0/from must be a time like 08:30');
  expect(mon('24:00', '24:00')).toBe('/hours/mon/0/from must be a time like 08:30');
  expect(mon('08:00', '24:01')).toBe('/hours/mon/0/to must be a time like 08:30');
  expect(mon('18:00', '08:00')).toBe('/hours/mon/0 must end after it begins');
  expect(parseCalendar({ kind: 'always', more: 1 })).toEqual({ kind: 'always' });
  expect(parseCalendar({ kind: 'weekly', hours: { mon: OFFICE } })).toEqual(weekly({ mon: OFFICE }));
});
