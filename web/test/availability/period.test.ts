import { describe, expect, it } from 'vitest';
import {
  daysIn,
  lastDay,
  type Period,
  parsePeriod,
  periodAround,
  periodOfDays,
  periodQuery,
  periodText,
  shiftPeriod,
  withKind,
} from '../../src/availability/period.ts';

const parse = (text: string): Period => {
  const period = parsePeriod(text);
  if (!period) throw new Error(text);
  return period;
};

describe('period', () => {
  it.each([
    ['2026-10', '2026-10-01', '2026-11-01'],
    ['2026-12', '2026-12-01', '2027-01-01'],
    ['2026-Q4', '2026-10-01', '2027-01-01'],
    ['2026-Q1', '2026-01-01', '2026-04-01'],
    ['2026', '2026-01-01', '2027-01-01'],
    ['2024-02-29', '2024-02-29', '2024-03-01'],
    ['2026-10-01/2026-10-08', '2026-10-01', '2026-10-08'],
  ])('reads %s and writes it back', (text, fromDay, toDay) => {
    expect(parse(text)).toMatchObject({ fromDay, toDay });
    expect(periodText(parse(text))).toBe(text);
  });

  it.each(['', '2026-13', '2026-Q5', '2026-02-30', '26-10', '2026-10-08/2026-10-01', '2026-10-01/2026-10-01', 'x'])(
    'refuses %j',
    (text) => {
      expect(parsePeriod(text)).toBeNull();
    },
  );

  it('takes picked days in either order, both included', () => {
    expect(periodOfDays('2026-10-07', '2026-10-01')).toEqual(parse('2026-10-01/2026-10-08'));
    expect(lastDay(parse('2026-10-01/2026-10-08'))).toBe('2026-10-07');
    expect(daysIn(parse('2026-10-01/2026-10-08'))).toBe(7);
  });

  it('steps to the neighbours over ends of years', () => {
    expect(periodText(shiftPeriod(parse('2026-12'), 1))).toBe('2027-01');
    expect(periodText(shiftPeriod(parse('2026-Q1'), -1))).toBe('2025-Q4');
    expect(periodText(shiftPeriod(parse('2026'), -1))).toBe('2025');
    expect(periodText(shiftPeriod(parse('2026-03-01/2026-03-08'), -1))).toBe('2026-02-22/2026-03-01');
  });

  it('changes its grain to the latest part that has begun', () => {
    const today = '2026-11-22';
    expect(periodText(withKind(parse('2026'), 'month', today))).toBe('2026-11');
    expect(periodText(withKind(parse('2025'), 'quarter', today))).toBe('2025-Q4');
    expect(periodText(withKind(parse('2026-10'), 'days', today))).toBe('2026-10-01/2026-11-01');
    expect(periodText(withKind(parse('2027'), 'month', today))).toBe('2027-01');
    expect(periodAround('quarter', today)).toEqual(parse('2026-Q4'));
  });

  it('asks the API for days by their bounds and for everything else by name', () => {
    expect(periodQuery(parse('2026-Q3'))).toEqual({ period: '2026-Q3' });
    expect(periodQuery(parse('2026-10-05'))).toEqual({ from: '2026-10-05', to: '2026-10-06' });
  });
});
