import type { DayTable } from '@uptally/sla';
import { describe, expect, it } from 'vitest';
import { officialDays } from '../../src/availability/calendar/seed.ts';
import { dueAt, periodsOf, type Rhythm } from '../../src/inspections/cycles.ts';
import { holidaysIn, unknownYears } from '../../src/inspections/holidays.ts';

const days = officialDays(2026);
const of = (kind: string) => new Set(days.filter((day) => day.kind === kind).map(({ day }) => day));
const TABLE: DayTable = { holidays: of('holiday'), workdays: of('workday') };

const rhythm = (changes: Partial<Rhythm> = {}): Rhythm => ({
  cycle: 'month',
  fromDay: '2026-01-01',
  toDay: '2027-01-01',
  windowDays: 7,
  minHolidayDays: 3,
  ...changes,
});
const spans = (r: Rhythm, from = '2026-01-01', to = '2027-01-01') =>
  periodsOf(r, from, to, TABLE).map(({ key, fromDay, toDay }) => [key, fromDay, toDay]);

describe('holidays of at least three days (R-QH-2)', () => {
  it('are those of 2026, weekends next to them included, make-up workdays not', () => {
    expect(
      holidaysIn('2026-01-01', '2027-01-01', TABLE, 3).map(({ first, last, days }) => [first, last, days]),
    ).toEqual([
      ['2026-01-01', '2026-01-03', 3], // the Sunday after is a make-up workday
      ['2026-02-15', '2026-02-23', 9], // the Saturday before is one
      ['2026-04-04', '2026-04-06', 3],
      ['2026-05-01', '2026-05-05', 5],
      ['2026-06-19', '2026-06-21', 3],
      ['2026-09-25', '2026-09-27', 3],
      ['2026-10-01', '2026-10-07', 7],
    ]);
  });

  it('are not mere weekends, nor those that are too short', () => {
    expect(holidaysIn('2026-03-01', '2026-04-01', TABLE, 2)).toEqual([]);
    expect(holidaysIn('2026-01-01', '2027-01-01', TABLE, 5).map(({ first }) => first)).toEqual([
      '2026-02-15',
      '2026-05-01',
      '2026-10-01',
    ]);
  });

  it('grow by a weekend that an administrator makes free', () => {
    const workdays = new Set([...TABLE.workdays].filter((day) => day !== '2026-01-04'));
    expect(holidaysIn('2026-01-01', '2026-02-01', { ...TABLE, workdays }, 3)).toMatchObject([
      { first: '2026-01-01', last: '2026-01-04', days: 4 },
    ]);
  });

  it('are unknown, not absent, in a year without entries', () => {
    expect(unknownYears('2026-11-01', '2028-01-01', TABLE)).toEqual([2027]);
    expect(unknownYears('2026-11-01', '2027-01-01', TABLE)).toEqual([]);
  });
});

describe('periods', () => {
  it('are months, quarters and half-years of the calendar', () => {
    expect(spans(rhythm())).toHaveLength(12);
    expect(spans(rhythm()).at(1)).toEqual(['2026-02', '2026-02-01', '2026-03-01']);
    expect(spans(rhythm({ cycle: 'quarter' }))).toEqual([
      ['2026-Q1', '2026-01-01', '2026-04-01'],
      ['2026-Q2', '2026-04-01', '2026-07-01'],
      ['2026-Q3', '2026-07-01', '2026-10-01'],
      ['2026-Q4', '2026-10-01', '2027-01-01'],
    ]);
    expect(spans(rhythm({ cycle: 'half_year' }))).toEqual([
      ['2026-H1', '2026-01-01', '2026-07-01'],
      ['2026-H2', '2026-07-01', '2027-01-01'],
    ]);
  });

  it('are cut by the first and last day of the plan', () => {
    expect(spans(rhythm({ cycle: 'quarter', fromDay: '2026-02-10', toDay: '2026-08-11' }))).toEqual([
      ['2026-Q1', '2026-02-10', '2026-04-01'],
      ['2026-Q2', '2026-04-01', '2026-07-01'],
      ['2026-Q3', '2026-07-01', '2026-08-11'],
    ]);
  });

  it('are only those that begin in the window asked for', () => {
    expect(spans(rhythm(), '2026-02-02', '2026-04-01')).toEqual([['2026-03', '2026-03-01', '2026-04-01']]);
  });

  it('before holidays end on the eve and begin so many days earlier, but not within the holiday before', () => {
    expect(spans(rhythm({ cycle: 'before_holiday', windowDays: 7 }))).toEqual([
      ['2026-02-15', '2026-02-08', '2026-02-15'],
      ['2026-04-04', '2026-03-28', '2026-04-04'],
      ['2026-05-01', '2026-04-24', '2026-05-01'],
      ['2026-06-19', '2026-06-12', '2026-06-19'],
      ['2026-09-25', '2026-09-18', '2026-09-25'],
      ['2026-10-01', '2026-09-28', '2026-10-01'], // Mid-Autumn ends on the 27th
    ]);
  });

  it('before a holiday at the turn of the year need a plan that was there before it', () => {
    const early = rhythm({ cycle: 'before_holiday', fromDay: '2025-12-01' });
    expect(spans(early, '2025-12-01', '2026-02-01')).toEqual([['2026-01-01', '2025-12-25', '2026-01-01']]);
  });
});

describe('the due instant', () => {
  const [february] = periodsOf(rhythm(), '2026-02-01', '2026-03-01', TABLE);

  it('is the end of the last day in the zone of the contract', () => {
    const due = february ?? { toDay: '' };
    expect(new Date(dueAt(due, 'Asia/Shanghai')).toISOString()).toBe('2026-02-28T16:00:00.000Z');
    expect(new Date(dueAt(due, 'Asia/Urumqi')).toISOString()).toBe('2026-02-28T18:00:00.000Z');
    expect(new Date(dueAt({ toDay: '2026-03-29' }, 'Europe/Berlin')).toISOString()).toBe('2026-03-28T23:00:00.000Z');
    expect(new Date(dueAt({ toDay: '2026-03-30' }, 'Europe/Berlin')).toISOString()).toBe('2026-03-29T22:00:00.000Z');
  });

  it('before a holiday is the end of its eve', () => {
    const [spring] = periodsOf(rhythm({ cycle: 'before_holiday' }), '2026-02-01', '2026-03-01', TABLE);
    expect(dueAt(spring ?? { toDay: '' }, 'Asia/Shanghai')).toBe(Date.parse('2026-02-15T00:00:00+08:00'));
  });
});
