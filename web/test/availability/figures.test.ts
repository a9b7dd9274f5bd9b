import { describe, expect, it } from 'vitest';
import {
  budgetMood,
  changeText,
  exhaustedAtMs,
  formulaOf,
  rateText,
  readingsOf,
  shareText,
} from '../../src/availability/figures.ts';
import type { Budget, Figure } from '../../src/availability/model.ts';
import { periodAround } from '../../src/availability/period.ts';
import { fileUrl } from '../../src/availability/requests.ts';

const figure: Figure = {
  required_ms: 1_000_000,
  up_ms: 949_996,
  down_ms: 50_004,
  unknown_ms: 0,
  platform_ms: 0,
  excluded_ms: 0,
  counted_down_ms: 50_004,
  rate: { num: 949_996, den: 1_000_000 },
  percent: '94.99',
  target_percent: '95',
  reaches_target: false,
  daily: { intact: 1, counted: 3, percent: '33.33' },
  mean_percent: '94.10',
};
const budget: Budget = {
  target_percent: '95',
  percent: '96.00',
  allowed_ms: 1000,
  used_ms: 400,
  left_ms: 600,
  to_come_ms: 10_000,
  elapsed: { num: 1, den: 2 },
  burn: { num: 8, den: 10 },
  burn_rate: '0.80',
};

describe('figures', () => {
  it('shows rates as the server cut them', () => {
    expect(rateText('94.99')).toBe('94.99%');
    expect(rateText('100.00')).toBe('100.00%');
    expect(rateText(null)).toBe('–');
  });

  it('cuts shares and tells a trace from nothing', () => {
    expect(shareText(949_996, 1_000_000)).toBe('94.99%');
    expect(shareText(1, 10_000_000)).toBe('<0.01%');
    expect(shareText(0, 10)).toBe('0.00%');
    expect(shareText(0, 0)).toBe('–');
  });

  it('never lets 94.9996 % reach 95 %, by any of the readings', () => {
    expect(readingsOf(figure, 'time_weighted').map((r) => r.text)).toEqual(['94.99%', '94.10%', '33.33%']);
    expect(readingsOf(figure, 'daily_count')).toEqual([
      { kind: 'daily_count', text: '33.33%' },
      { kind: 'time_weighted', text: '94.99%' },
      { kind: 'mean_of_stations', text: '94.10%' },
    ]);
  });

  it('says what a rule counts', () => {
    expect(formulaOf({ unknown: 'down', platform: 'excluded' })).toEqual({
      over: ['up'],
      under: ['up', 'down', 'unknown'],
    });
    expect(formulaOf({ unknown: 'excluded', platform: 'up' })).toEqual({
      over: ['up', 'platform'],
      under: ['up', 'platform', 'down'],
    });
  });

  it('tells how a budget stands', () => {
    expect(budgetMood(budget, false)).toBe('fine');
    expect(budgetMood({ ...budget, burn: { num: 13, den: 10 } }, false)).toBe('fast');
    expect(budgetMood({ ...budget, left_ms: -1 }, false)).toBe('spent');
    expect(budgetMood(budget, true)).toBe('over');
    expect(budgetMood({ ...budget, target_percent: null, allowed_ms: null, left_ms: null }, false)).toBe('none');
  });

  it('estimates when a budget is gone from what is to come, not from the calendar before the term', () => {
    const fast = { ...budget, elapsed: { num: 10_000, den: 20_000 }, used_ms: 800, left_ms: 200 };
    expect(exhaustedAtMs(fast, 5000, 15_000)).toBe(7500);
    expect(exhaustedAtMs({ ...fast, used_ms: 0 }, 5000, 15_000)).toBeNull();
    expect(exhaustedAtMs({ ...fast, to_come_ms: 0 }, 5000, 15_000)).toBeNull();
    expect(exhaustedAtMs({ ...fast, left_ms: 9000 }, 5000, 15_000)).toBe(15_000);
  });

  it('gives changes a sign', () => {
    expect(changeText('-0.31')).toEqual({ text: '−0.31', sign: -1 });
    expect(changeText('+1.20')).toEqual({ text: '+1.20', sign: 1 });
    expect(changeText('1.20')).toEqual({ text: '+1.20', sign: 1 });
    expect(changeText('-0.00')).toEqual({ text: '0.00', sign: 0 });
    expect(changeText('0.00', '99.33', '99.32')).toEqual({ text: '<0.01', sign: -1 });
    expect(changeText('0.00', '99.33', '99.33')).toEqual({ text: '0.00', sign: 0 });
    expect(changeText(null)).toEqual({ text: '–', sign: 0 });
  });

  it('exports what is shown', () => {
    const question = { contract: 2, period: periodAround('month', '2026-10-05'), scope: { region: 7 } };
    expect(fileUrl('csv', question)).toBe('/api/v1/availability.csv?period=2026-10&region=7&contract=2');
    expect(fileUrl('xlsx', { ...question, contract: undefined, scope: {} }, { stations: true })).toBe(
      '/api/v1/availability.xlsx?period=2026-10&stations=true',
    );
  });
});
