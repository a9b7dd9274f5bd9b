import { describe, expect, it } from 'vitest';
import { duePeriods, nextDueAt, type Timing } from '../../src/reports/due.ts';
import { lastOver, periodAround, periodName } from '../../src/reports/kinds.ts';

describe('periods of reports', () => {
  it.each([
    ['day', '2026-10-05', '2026-10-05', '2026-10-06'],
    ['week', '2026-10-04', '2026-09-28', '2026-10-05'], // a Sunday
    ['week', '2026-10-05', '2026-10-05', '2026-10-12'], // a Monday
    ['month', '2026-12-31', '2026-12-01', '2027-01-01'],
    ['quarter', '2026-05-01', '2026-04-01', '2026-07-01'],
    ['half_year', '2026-07-01', '2026-07-01', '2027-01-01'],
    ['half_year', '2026-06-30', '2026-01-01', '2026-07-01'],
  ] as const)('%s around %s', (kind, day, from, to) => {
    expect(periodAround(kind, day)).toEqual({ from, to });
  });

  it('are over once the next has begun', () => {
    expect(lastOver('month', '2026-11-01')).toEqual({ from: '2026-10-01', to: '2026-11-01' });
    expect(lastOver('month', '2026-10-31')).toEqual({ from: '2026-09-01', to: '2026-10-01' });
  });

  it('have names', () => {
    expect(periodName('quarter', '2026-10-01', '2027-01-01', 'zh')).toBe('2026年第4季度');
    expect(periodName('half_year', '2026-07-01', '2027-01-01', 'zh')).toBe('2026年下半年');
    expect(periodName('week', '2026-10-05', '2026-10-12', 'en')).toBe('2026-10-05 to 2026-10-11');
  });
});

const MONTHLY: Timing = {
  kind: 'month',
  hour: 6,
  delay_days: 2,
  time_zone: 'Asia/Shanghai',
  since_day: '2026-09-15',
  term_from: '2026-01-01',
  term_to: '2027-01-01',
};
const at = (text: string): number => Date.parse(text);

describe('reports by schedule', () => {
  it('are due at their hour of their day', () => {
    expect(duePeriods(MONTHLY, null, at('2026-10-03T05:59:59+08:00'))).toEqual([]);
    expect(duePeriods(MONTHLY, null, at('2026-10-03T06:00:00+08:00'))).toEqual([
      { from: '2026-09-01', to: '2026-10-01' },
    ]);
  });

  it('begin with the period in which they were switched on, and make none twice', () => {
    const now = at('2026-11-20T12:00:00+08:00');
    expect(duePeriods(MONTHLY, null, now).map(({ from }) => from)).toEqual(['2026-09-01', '2026-10-01']);
    expect(duePeriods(MONTHLY, '2026-09-01', now).map(({ from }) => from)).toEqual(['2026-10-01']);
    expect(duePeriods(MONTHLY, '2026-10-01', now)).toEqual([]);
  });

  it('make up for an absence, but not for ever', () => {
    const daily: Timing = { ...MONTHLY, kind: 'day', delay_days: 0 };
    const now = at('2026-12-31T12:00:00+08:00');
    expect(duePeriods(daily, '2026-12-27', now).map(({ from }) => from)).toEqual([
      '2026-12-28',
      '2026-12-29',
      '2026-12-30',
    ]);
    expect(duePeriods(daily, '2026-09-20', now)).toHaveLength(31);
  });

  it('end with the term, whose last period they still make', () => {
    expect(duePeriods(MONTHLY, '2026-11-01', at('2027-01-10T00:00:00+08:00')).map(({ from }) => from)).toEqual([
      '2026-12-01',
    ]);
    expect(duePeriods(MONTHLY, '2026-12-01', at('2027-03-10T00:00:00+08:00'))).toEqual([]);
    expect(nextDueAt(MONTHLY, at('2027-01-10T00:00:00+08:00'))).toBeNull();
  });

  it('tell when the next is due', () => {
    expect(nextDueAt(MONTHLY, at('2026-10-02T00:00:00+08:00'))).toBe(at('2026-10-03T06:00:00+08:00'));
    expect(nextDueAt(MONTHLY, at('2026-10-03T06:00:00+08:00'))).toBe(at('2026-11-03T06:00:00+08:00'));
  });
});
