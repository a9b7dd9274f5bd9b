import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { addDays, dayBounds, duration, NO_DAYS, parseCalendar, serviceHours, workTime } from '../../src/index.ts';
import { HOUR, MINUTE } from '../support/clock.ts';
import { CLOCK_CHANGES } from '../support/zones.ts';
import { officeHours, SPRING_2026, shanghai, told } from './support.ts';

const office = workTime(parseCalendar(officeHours()), 'Asia/Shanghai', SPRING_2026);
const due = (from: string, ms: number) => told(office.after(shanghai(from), ms));

describe('Monday to Friday 08-18, target 4 h (published vector of GLPI)', () => {
  test('opened Monday 10:00 it is due Monday 14:00', () => {
    expect(due('2026-03-02 10:00', 4 * HOUR)).toBe('2026-03-02 14:00');
  });

  test('opened Monday 17:00 it is due Tuesday 11:00, an hour of working time before is Tuesday 10:00', () => {
    expect(due('2026-03-02 17:00', 4 * HOUR)).toBe('2026-03-03 11:00');
    expect(due('2026-03-02 17:00', 3 * HOUR)).toBe('2026-03-03 10:00');
  });
});

test('over the weekend, before the hours and after them', () => {
  expect(due('2026-03-06 17:00', 4 * HOUR)).toBe('2026-03-09 11:00');
  expect(due('2026-03-07 12:00', 4 * HOUR)).toBe('2026-03-09 12:00');
  expect(due('2026-03-02 05:00', HOUR)).toBe('2026-03-02 09:00');
  expect(due('2026-03-02 18:00', HOUR)).toBe('2026-03-03 09:00');
  expect(due('2026-03-02 08:00', 10 * HOUR)).toBe('2026-03-02 18:00');
  expect(due('2026-03-02 08:00', 10 * HOUR + MINUTE)).toBe('2026-03-03 08:01');
});

test('Spring Festival 2026: nine days off, the Saturdays 14 and 28 February are worked', () => {
  expect(due('2026-02-13 17:00', 4 * HOUR)).toBe('2026-02-14 11:00');
  expect(due('2026-02-14 17:00', 4 * HOUR)).toBe('2026-02-24 11:00');
  expect(due('2026-02-20 12:00', HOUR)).toBe('2026-02-24 09:00');
  expect(due('2026-02-27 17:00', 2 * HOUR)).toBe('2026-02-28 09:00');
  expect(due('2026-02-28 17:00', 2 * HOUR)).toBe('2026-03-02 09:00');
  expect(office.between(shanghai('2026-02-01 00:00'), shanghai('2026-03-01 00:00'))).toBe(160 * HOUR);
});

test('working time in an empty window is none, after none of it nothing has passed', () => {
  const noon = shanghai('2026-03-01 12:00');
  for (const work of [office, workTime({ kind: 'always' }, 'Asia/Shanghai', NO_DAYS)]) {
    expect(work.between(noon, noon)).toBe(0);
    expect(work.between(noon, noon - 100 * HOUR)).toBe(0);
    expect(work.after(noon, 0)).toBe(noon);
  }
});

test('a calendar without the time is an error, not an endless search', () => {
  const never = workTime(parseCalendar({ kind: 'weekly', hours: {} }), 'Asia/Shanghai', NO_DAYS);
  expect(() => never.after(0, 1)).toThrow(RangeError);
});

const calendar = parseCalendar({
  kind: 'weekly',
  hours: {
    mon: [{ from: '00:00', to: '24:00' }],
    wed: [{ from: '08:30', to: '12:00' }, { from: '13:30', to: '17:30' }],
    fri: [{ from: '22:00', to: '24:00' }],
    sat: [{ from: '00:00', to: '06:00' }, { from: '23:00', to: '24:00' }],
    sun: [{ from: '00:30', to: '02:30' }, { from: '03:30', to: '05:00' }],
  },
}); // biome-ignore format: a week at one glance

describe.each(CLOCK_CHANGES)('%s around %s', (timeZone, day) => {
  const work = workTime(calendar, timeZone, NO_DAYS);
  const { from: start } = dayBounds(timeZone, addDays(day, -20));
  const instant = fc.integer({ min: 0, max: 40 * 24 * 12 }).map((n) => start + n * 5 * MINUTE);

  test('working time is that of the service hours, and additive over splits', () =>
    fc.assert(
      fc.property(fc.tuple(instant, instant, instant), (instants) => {
        const [a, b, c] = instants.toSorted((x, y) => x - y) as [number, number, number];
        expect(work.between(a, c)).toBe(duration(serviceHours(calendar, timeZone, NO_DAYS, { from: a, to: c })));
        expect(work.between(a, b) + work.between(b, c)).toBe(work.between(a, c));
      }),
      { numRuns: 60 },
    ));

  test('after is the inverse of between: it is reached there and not a ms before', () =>
    fc.assert(
      fc.property(instant, fc.integer({ min: 1, max: 400 * HOUR }), (from, ms) => {
        const at = work.after(from, ms);
        expect(work.between(from, at)).toBe(ms);
        expect(work.between(from, at - 1)).toBe(ms - 1);
      }),
      { numRuns: 60 },
    ));
});
