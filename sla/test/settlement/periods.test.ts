import { describe, expect, it } from 'vitest';
import { type Instalment, instalmentPeriods, PRESETS } from '../../src/index.ts';

const instalment = (cycle: Instalment['cycle']): Instalment => ({
  id: 'pay',
  title: { zh: '付款', en: 'pay' },
  source: 'x',
  cycle,
  clauses: ['c'],
});
const whole = { sub_periods: [] };

describe('periods of an instalment', () => {
  it('counts its cycle from the first day of the term and cuts the last', () => {
    const contract = { ...whole, term: { from: '2026-01-31', to: '2026-04-15' } };
    expect(instalmentPeriods(contract, instalment('month')).map(({ from, to }) => `${from} ${to}`)).toEqual([
      '2026-01-31 2026-02-28',
      '2026-02-28 2026-03-31',
      '2026-03-31 2026-04-15',
    ]);
    expect(instalmentPeriods(contract, instalment('week'))).toHaveLength(11);
    expect(instalmentPeriods(contract, instalment('year'))).toHaveLength(1);
  });

  it('settles each sub-period with its own contractor (R-HN-10)', () => {
    const [, final] = PRESETS.hn.schedule;
    expect(final && instalmentPeriods(PRESETS.hn, final)).toEqual([
      { instalment: 'final', sub_period: 'handover', from: '2023-12-01', to: '2024-02-01' },
      { instalment: 'final', sub_period: 'main', from: '2024-02-01', to: '2024-12-01' },
    ]);
  });

  it('makes two half-years of a year (R-QH-5)', () => {
    const term = { from: '2026-01-01', to: '2027-01-01' };
    expect(instalmentPeriods({ ...whole, term }, instalment('half_year')).map(({ from }) => from)).toEqual([
      '2026-01-01',
      '2026-07-01',
    ]);
  });
});
