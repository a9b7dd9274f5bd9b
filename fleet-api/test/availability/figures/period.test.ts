import { describe, expect, it } from 'vitest';
import { changeOf, sortable } from '../../../src/availability/figures/figure.ts';
import { nameOfDays, periodAsked, slicesOf } from '../../../src/availability/figures/period.ts';

const ZONE = 'Asia/Shanghai';

describe('a period', () => {
  it('is the current month of the zone unless one is named', () => {
    const justNovember = Date.parse('2026-10-31T16:30:00Z');
    expect(periodAsked({}, ZONE, justNovember)).toMatchObject({
      name: '2026-11',
      fromDay: '2026-11-01',
      toDay: '2026-12-01',
    });
    expect(periodAsked({}, 'UTC', justNovember).name).toBe('2026-10');
    expect(periodAsked({ from: '2026-10-05', to: '2026-10-07' }, ZONE, 0).name).toBe('2026-10-05/2026-10-07');
  });

  it('goes by its shortest name', () => {
    const name = (fromDay: string, toDay: string) => nameOfDays({ fromDay, toDay });
    expect(name('2026-01-01', '2027-01-01')).toBe('2026');
    expect(name('2026-10-01', '2027-01-01')).toBe('2026-Q4');
    expect(name('2026-12-01', '2027-01-01')).toBe('2026-12');
    expect(name('2026-12-31', '2027-01-01')).toBe('2026-12-31');
    expect(name('2026-12-30', '2027-01-01')).toBe('2026-12-30/2027-01-01');
  });

  it('is cut where closed days begin and end, and into months', () => {
    const closed = [
      { id: 7, fromDay: '2026-09-01', toDay: '2026-10-03' },
      { id: 8, fromDay: '2026-10-10', toDay: '2026-10-12' },
    ];
    expect(slicesOf({ fromDay: '2026-10-01', toDay: '2026-11-20' }, closed)).toEqual([
      { fromDay: '2026-10-01', toDay: '2026-10-03', closedId: 7 },
      { fromDay: '2026-10-03', toDay: '2026-10-10', closedId: null },
      { fromDay: '2026-10-10', toDay: '2026-10-12', closedId: 8 },
      { fromDay: '2026-10-12', toDay: '2026-11-12', closedId: null },
      { fromDay: '2026-11-12', toDay: '2026-11-20', closedId: null },
    ]);
  });
});

describe('a change', () => {
  it('is truncated toward zero and tells its sign', () => {
    const rate = (num: number) => ({ num, den: 1_000_000 });
    expect(changeOf(rate(949_996), rate(950_095))).toBe('0.00');
    expect(changeOf(rate(949_996), rate(950_096))).toBe('+0.01');
    expect(changeOf(rate(950_000), rate(949_801))).toBe('-0.01');
    expect(changeOf(rate(0), rate(1_000_000))).toBe('+100.00');
    expect(changeOf(null, rate(1))).toBe(null);
    expect(sortable({ num: 1n, den: 3n })).toBe(333_333_333_333);
  });
});
