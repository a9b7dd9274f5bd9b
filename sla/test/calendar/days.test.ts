import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { addDays, dayBounds, dayOf, daysOf, periodOf } from '../../src/index.ts';
import { HOUR } from '../support/clock.ts';
import { ZONES } from '../support/zones.ts';

const hoursOf = (timeZone: string, day: string) => {
  const { from, to } = dayBounds(timeZone, day);
  return (to - from) / HOUR;
};

test('days last as long as the clocks of the zone say', () => {
  expect(dayBounds('Asia/Shanghai', '2026-10-01').from).toBe(Date.parse('2026-10-01T00:00:00+08:00'));
  expect(hoursOf('Asia/Shanghai', '2026-10-01')).toBe(24);
  expect([hoursOf('Europe/Berlin', '2026-03-29'), hoursOf('Europe/Berlin', '2026-10-25')]).toEqual([23, 25]);
  expect([hoursOf('America/New_York', '2026-03-08'), hoursOf('America/New_York', '2026-11-01')]).toEqual([23, 25]);
  expect([hoursOf('Australia/Lord_Howe', '2026-10-04'), hoursOf('Australia/Lord_Howe', '2026-04-05')]).toEqual([
    23.5, 24.5,
  ]);
  expect(hoursOf('Asia/Shanghai', '1986-05-04')).toBe(23);
});

test('a day that clocks begin at one o’clock, and one that the zone leapt over', () => {
  expect(hoursOf('America/Havana', '2026-03-08')).toBe(23);
  expect(hoursOf('Pacific/Apia', '2011-12-30')).toBe(0);
  const around = {
    from: dayBounds('Pacific/Apia', '2011-12-29').from,
    to: dayBounds('Pacific/Apia', '2012-01-01').from,
  };
  expect(daysOf('Pacific/Apia', around)).toEqual(['2011-12-29', '2011-12-31']);
});

describe.each(ZONES)('%s', (timeZone) => {
  test('every instant lies in exactly the day that it is said to', () =>
    fc.assert(
      fc.property(fc.integer({ min: Date.UTC(2024, 0), max: Date.UTC(2030, 0) }), (instant) => {
        const { from, to } = dayBounds(timeZone, dayOf(timeZone, instant));
        expect(from <= instant && instant < to).toBe(true);
      }),
    ));

  test('days follow each other without gap or overlap, and months are made of them', () => {
    const { from, to, fromDay, toDay } = periodOf('2026', timeZone);
    const days = daysOf(timeZone, { from, to });
    expect(days).toHaveLength(365);
    expect([days[0], addDays(days.at(-1) ?? '', 1)]).toEqual([fromDay, toDay]);
    expect(
      days.reduce((at, day) => {
        const bounds = dayBounds(timeZone, day);
        expect(bounds.from).toBe(at);
        return bounds.to;
      }, from),
    ).toBe(to);
  });
});

test('days of a window: those that it touches', () => {
  const noon = Date.parse('2026-10-01T12:00:00+08:00');
  const midnight = Date.parse('2026-10-02T00:00:00+08:00');
  expect(daysOf('Asia/Shanghai', { from: noon, to: midnight })).toEqual(['2026-10-01']);
  expect(daysOf('Asia/Shanghai', { from: noon, to: midnight + 1 })).toEqual(['2026-10-01', '2026-10-02']);
  expect(daysOf('Asia/Shanghai', { from: noon, to: noon })).toEqual([]);
});

test('no such day, no such zone', () => {
  for (const day of ['2026-02-29', '2026-13-01', '2026-1-1', 'today', '']) {
    expect(() => dayBounds('Asia/Shanghai', day), day).toThrow(RangeError);
  }
  expect(() => dayBounds('Asia/Nowhere', '2026-01-01')).toThrow(RangeError);
  expect([addDays('2028-02-28', 1), addDays('2026-01-01', -1)]).toEqual(['2028-02-29', '2025-12-31']);
});
