import { type Contract, evaluate, PRESETS } from '@uptally/sla';
import { describe, expect, it } from 'vitest';
import { fillable, nothingTyped, readTyped, typedOf } from '../../src/settlement/inputs/values.ts';
import { madeOf, periodOf } from '../../src/settlement/links.ts';
import type { RiskItem } from '../../src/settlement/model.ts';
import { byUrgency, moodOf, stakeOf, tightest } from '../../src/settlement/risk/outlook.ts';

const metric = (contract: Contract, id: string) => {
  const found = contract.metrics.find((m) => m.id === id);
  if (found === undefined) throw new Error(`no metric ${id}`);
  return found;
};
const about = { contractId: 7, from: '2026-10-01', to: '2026-11-01' };

describe('links of an input', () => {
  it('name the period as other pages do', () => {
    const names = [
      ['2026-10-01', '2026-11-01'],
      ['2026-07-01', '2026-10-01'],
      ['2026-01-01', '2027-01-01'],
      ['2026-10-05', '2026-10-12'],
    ].map(([from = '', to = '']) => periodOf({ from, to }));
    expect(names).toEqual(['2026-10', '2026-Q3', '2026', '2026-10-05/2026-10-12']);
  });

  it('lead to the records that a value was found in, and to filling in where nothing is recorded', () => {
    expect(madeOf({ id: 'equipment', source: 'figures', dimension: 'equipment' }, about)).toEqual({
      name: 'availability',
      query: { contract: '7', period: '2026-10', sort: 'equipment' },
    });
    expect(madeOf({ id: 'r', source: 'repair' }, about)).toEqual({
      name: 'faults',
      query: { state: 'all', from: '2026-10-01', to: '2026-10-31' },
    });
    expect(madeOf({ id: 's', source: 'none' }, about)).toMatchObject({
      name: 'metric-inputs',
      query: { metric: 's', from: '2026-10-01', to: '2026-11-01' },
    });
  });
});

describe('a value that is filled in', () => {
  it('is read by its metric, or not at all', () => {
    const typed = { ...nothingTyped(), num: '19', den: '20', count: '3', choice: 'poor', list: '3, 10，59.5 60' };
    const zj = PRESETS.zj;
    expect(readTyped(metric(zj, 'completion'), typed)).toEqual({ rate: { num: 19, den: 20 } });
    expect(readTyped(metric(zj, 'complaints'), typed)).toEqual({ count: 3 });
    expect(readTyped(metric(zj, 'satisfaction'), typed)).toEqual({ choice: 'poor' });
    expect(readTyped(metric(zj, 'days_late'), typed)).toEqual({ list: ['3', '10', '59.5', '60'] });
    expect(readTyped(metric(zj, 'completion'), { ...typed, num: '21' })).toBeNull();
    expect(readTyped(metric(zj, 'satisfaction'), { ...typed, choice: 'x' })).toBeNull();
    expect(readTyped(metric(PRESETS.qh, 'rating'), typed)).toBeNull();
  });

  it('is what the rules can be evaluated with', () => {
    const { qh } = PRESETS;
    const rating = metric(qh, 'rating');
    const items = rating.kind === 'rating' ? (rating.items ?? []) : [];
    const typed = { ...nothingTyped(), items: Object.fromEntries(items.map(({ id }) => [id, '85'])) };
    const value = readTyped(rating, typed);
    if (value === null) throw new Error('the ratings were not read');
    const metrics = { rating: value, complaints: { count: 3 }, monthly_ratings: { list: [85, 85] } };
    const period = { from: '2024-01-01', to: '2024-07-01' };
    expect(evaluate(qh, { instalment: 'half_year', period, metrics }).total_fen).toBe(515_000);
    expect(typedOf(value).items).toEqual(typed.items);
  });

  it('is asked for where no record proves it, first', () => {
    expect(fillable(PRESETS.zj)[0]?.kind).toBe('share');
    expect(fillable(PRESETS.hn)).toEqual([]);
  });
});

describe('money at risk', () => {
  const item = (amount: number, forecast: number, worst: number, left: readonly (number | null)[] = []): RiskItem =>
    ({
      risk: {
        amount_fen: amount,
        worst_fen: worst,
        best_fen: amount,
        forecast: { amount_fen: forecast, method: 'recent_pace', tiers: {} },
        metrics: left.map((leftMs, i) => ({
          metric: `m${i}`,
          budget: leftMs === null ? null : { leftMs, allowedMs: 100 },
          stake_fen: 5,
        })),
      },
    }) as unknown as RiskItem;

  it('is safe, falling, or lost', () => {
    expect(moodOf(item(60, 60, 40))).toBe('safe');
    expect(moodOf(item(60, 50, 40))).toBe('falling');
    expect(moodOf(item(40, 40, 40))).toBe('lost');
    expect(moodOf({ risk: null })).toBe('unknown');
    expect(stakeOf(item(60, 50, 40))).toBe(20);
  });

  it('puts the falling and the dear first, and names the tightest metric', () => {
    const [safe, falling, dear] = [item(60, 60, 50), item(60, 50, 40), item(90, 90, 10)];
    expect(byUrgency([safe, dear, falling])).toEqual([falling, dear, safe]);
    expect(tightest(item(60, 60, 40, [80, 10, null]))?.metric).toBe('m1');
    expect(tightest(item(60, 60, 40, [null]))).toBeNull();
  });
});
