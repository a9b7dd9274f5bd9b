import { describe, expect, it } from 'vitest';
import { comparedPeriods, latestDays } from '../../src/availability/compare/useCompare.ts';
import { type Period, parsePeriod, periodText } from '../../src/availability/period.ts';
import routes from '../../src/availability/routes.ts';
import { nextOrder, scopeOf, sortOf, zoomOf } from '../../src/availability/useView.ts';

const october = parsePeriod('2026-10') as Period;

describe("the availability page's address", () => {
  it('has a route for the figures and one for two periods', () => {
    expect(routes.map((r) => [r.name, r.path])).toEqual([
      ['availability', '/availability'],
      ['availability-compare', '/availability/compare'],
    ]);
  });

  it('names one place at most, and no nonsense', () => {
    expect(scopeOf({ region: '5' })).toEqual({ region: 5 });
    expect(scopeOf({ region: '5', site: '7' })).toEqual({ site: 7 });
    expect(scopeOf({ region: 'x' })).toEqual({});
    expect(scopeOf({ region: '-1' })).toEqual({});
  });

  it('orders worst first, then turns round', () => {
    expect(sortOf('')).toBe('network');
    expect(sortOf('-down')).toBe('-down');
    expect(sortOf('drop table')).toBe('network');
    expect(nextOrder('network', 'network')).toBe('-network');
    expect(nextOrder('-network', 'equipment')).toBe('equipment');
  });

  it('zooms within the period only', () => {
    expect(zoomOf({ zoom: '2026-10-03/2026-10-09' }, october)).toMatchObject({ fromDay: '2026-10-03' });
    expect(zoomOf({ zoom: '2026-09-28/2026-10-09' }, october)).toBeNull();
    expect(zoomOf({ zoom: '2026-10' }, october)).toBeNull();
    expect(zoomOf({}, october)).toBeNull();
  });

  it('compares days of a period that has none before it', () => {
    const texts = (today: string) => {
      const days = latestDays(october, today);
      return days && [periodText(days.a), periodText(days.b)];
    };
    expect(texts('2026-10-20')).toEqual(['2026-10-06/2026-10-13', '2026-10-13/2026-10-20']);
    expect(texts('2026-11-20')).toEqual(['2026-10-18/2026-10-25', '2026-10-25/2026-11-01']);
    expect(texts('2026-10-04')).toEqual(['2026-10-02', '2026-10-03']);
    expect(texts('2026-10-02')).toBeNull();
  });

  it('compares with the period before unless told otherwise', () => {
    const texts = (a: string, b: string) => {
      const periods = comparedPeriods(a, b, '2026-11-22');
      return [periodText(periods.a), periodText(periods.b)];
    };
    expect(texts('', '')).toEqual(['2026-10', '2026-11']);
    expect(texts('', '2026-Q3')).toEqual(['2026-Q2', '2026-Q3']);
    expect(texts('2025-10', '2026-10')).toEqual(['2025-10', '2026-10']);
  });
});
