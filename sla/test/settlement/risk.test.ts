import fc from 'fast-check';
import { expect, test } from 'vitest';
import { compareFractions, moneyAtRisk, type PeriodProgress, PRESETS, parsePercent, reaches } from '../../src/index.ts';

const hn = (equipment: PeriodProgress, network: PeriodProgress) =>
  moneyAtRisk(PRESETS.hn, { clause: 'final_payment', progress: { equipment, network } });
const progress = (up: number, down: number, toCome: number): PeriodProgress => ({ counted: { up, down }, toCome });

test('the downtime that is left, and what it would cost', () => {
  const risk = hn(progress(960, 40, 1000), progress(990, 10, 1000));
  expect(risk?.metrics[0]).toMatchObject({
    metric: 'equipment',
    unit: 'ms',
    tier: 'full',
    threshold: '95',
    nextTier: 'reduced',
    better: null,
    stake_fen: 10_000_000,
    budget: { allowedMs: 100, usedMs: 40, leftMs: 60 },
  });
  expect(risk).toMatchObject({ amount_fen: 60_000_000, best_fen: 60_000_000, worst_fen: 40_000_000 });
});

test('a tier lost so far, and whether it can be won back', () => {
  const risk = hn(progress(940, 60, 1000), progress(1000, 0, 1000));
  expect(risk?.metrics[0]).toMatchObject({
    tier: 'reduced',
    better: { tier: 'full', threshold: '95', isReachable: true },
  });
  expect(risk?.metrics[1]?.stake_fen).toBe(0);
  expect(risk).toMatchObject({
    amount_fen: 50_000_000,
    best_fen: 60_000_000,
    forecast: { method: 'pace_so_far', amount_fen: 50_000_000 },
  });
  const gone = hn(progress(890, 110, 1000), progress(1000, 0, 1000));
  expect(gone?.metrics[0]?.better?.isReachable).toBe(false);
});

test('the forecast goes on at the pace of the recent days', () => {
  const equipment = { ...progress(940, 60, 1000), recent: { up: 99, down: 1 } };
  const network = { ...progress(1000, 0, 1000), recent: { up: 100, down: 0 } };
  expect(hn(equipment, network)?.forecast).toEqual({
    method: 'recent_pace',
    amount_fen: 60_000_000,
    tiers: { equipment: 'full', network: 'full' },
  });
});

test('no figure, no money at risk; other forms have none', () => {
  expect(hn(progress(0, 0, 10), progress(1, 0, 10))).toBeNull();
  expect(() => moneyAtRisk(PRESETS.hn, { clause: 'advance', progress: {} })).toThrow(RangeError);
});

test('the budget is exact: so much downtime keeps the tier, one more loses it', () => {
  const part = fc.integer({ min: 0, max: 10_000_000 });
  fc.assert(
    fc.property(part, part, part, (up, down, toCome) => {
      fc.pre(up + down > 0);
      const [equipment] = hn(progress(up, down, toCome), progress(1, 0, 0))?.metrics ?? [];
      if (equipment?.budget == null || equipment.threshold === null) return;
      const whole = up + down + toCome;
      const { leftMs } = equipment.budget;
      expect(leftMs).toBeGreaterThanOrEqual(0);
      expect(reaches({ num: whole - down - leftMs, den: whole }, equipment.threshold)).toBe(true);
      const target = parsePercent(equipment.threshold);
      expect(compareFractions({ num: whole - down - leftMs - 1, den: whole }, target)).toBe(-1);
    }),
  );
});
