import fc from 'fast-check';
import { expect, test } from 'vitest';
import {
  compareFractions,
  DEFAULT_COUNTING,
  dailyCount,
  EMPTY_TALLY,
  errorBudget,
  meanOfStations,
  parsePercent,
  rateOf,
  reaches,
  showPercent,
  type Tally,
  timeWeighted,
} from '../../src/index.ts';
import { HOUR } from '../support/clock.ts';

const of = (up: number, down: number, rest: Partial<Tally> = {}): Tally => ({
  ...EMPTY_TALLY,
  required: up + down,
  up,
  down,
  ...rest,
});

test('time-weighted: a station weighs as much as it was required', () => {
  expect(timeWeighted([of(100, 0), of(0, 300)], DEFAULT_COUNTING)).toEqual({ num: 100, den: 400 });
  expect(timeWeighted([], DEFAULT_COUNTING)).toBeNull();
});

test('mean of stations: each weighs the same, one without a figure not at all', () => {
  const mean = meanOfStations([of(100, 0), of(0, 300), of(0, 0, { required: 5, platform: 5 })], DEFAULT_COUNTING);
  expect(showPercent(mean ?? expect.unreachable())).toBe('50.00');
  expect(meanOfStations([of(0, 0)], DEFAULT_COUNTING)).toBeNull();
});

test('mean of thirds is exact: 1/3 + 2/3 + 95/100 of three stations', () => {
  const mean = meanOfStations([of(1, 2), of(2, 1), of(95, 5)], DEFAULT_COUNTING) ?? expect.unreachable();
  expect(compareFractions(mean, { num: 65, den: 100 })).toBe(0);
  expect(reaches(mean, '65')).toBe(true);
  expect(reaches(mean, '65.000001')).toBe(false);
});

test('mean of stations: between the worst and the best, the same in any order', () =>
  fc.assert(
    fc.property(fc.array(fc.tuple(fc.nat(9999), fc.integer({ min: 1, max: 9999 })), { minLength: 1 }), (pairs) => {
      const stations = pairs.map(([up, down]) => of(up, down));
      const mean = meanOfStations(stations, DEFAULT_COUNTING) ?? expect.unreachable();
      const again = meanOfStations([...stations].reverse(), DEFAULT_COUNTING) ?? expect.unreachable();
      expect(compareFractions(mean, again)).toBe(0);
      const rates = stations.flatMap((station) => rateOf(station, DEFAULT_COUNTING) ?? []).sort(compareFractions);
      expect(compareFractions(rates[0] ?? mean, mean)).toBeLessThanOrEqual(0);
      expect(compareFractions(rates.at(-1) ?? mean, mean)).toBeGreaterThanOrEqual(0);
    }),
  ));

test('daily count: intact days of those that count', () => {
  const days = [of(24, 0), of(20, 4), of(0, 0, { required: 24, excluded: 24 }), of(23, 1)];
  expect(dailyCount(days, DEFAULT_COUNTING)).toEqual({ num: 1, den: 3 });
  expect(dailyCount(days, DEFAULT_COUNTING, 1)).toEqual({ num: 2, den: 3 });
  expect(dailyCount(days.slice(2, 3), DEFAULT_COUNTING)).toBeNull();
});

test('error budget: what a 95 % month still allows', () => {
  const budget = errorBudget({
    counted: { up: 230 * HOUR, down: 10 * HOUR },
    toComeMs: 480 * HOUR,
    target: parsePercent('95'),
  });
  expect(budget).toEqual({
    allowedMs: 36 * HOUR,
    usedMs: 10 * HOUR,
    leftMs: 26 * HOUR,
    elapsed: { num: 240 * HOUR, den: 720 * HOUR },
    allowedSoFarMs: 12 * HOUR,
    burn: { num: 10 * HOUR, den: 12 * HOUR },
  });
});

test('error budget: overspent, nothing counted yet, nothing allowed', () => {
  const target = parsePercent('99.9');
  expect(errorBudget({ counted: { up: 0, down: HOUR }, toComeMs: HOUR, target }).leftMs).toBe(7200 - HOUR);
  const fresh = errorBudget({ counted: { up: 0, down: 0 }, toComeMs: 0, target });
  expect([fresh.elapsed, fresh.burn, fresh.leftMs]).toEqual([null, null, 0]);
  const all = errorBudget({ counted: { up: 5, down: 1 }, toComeMs: 4, target: parsePercent('100') });
  expect([all.allowedMs, all.leftMs, all.burn]).toEqual([0, -1, null]);
});

test('at the end of a period the target is reached exactly if the budget is not overspent', () =>
  fc.assert(
    fc.property(fc.nat(), fc.nat(100_000_000), fc.nat(10_000), (up, down, hundredths) => {
      fc.pre(up + down > 0);
      const percent = `${Math.floor(hundredths / 100)}.${String(hundredths % 100).padStart(2, '0')}`;
      const { leftMs } = errorBudget({ counted: { up, down }, toComeMs: 0, target: parsePercent(percent) });
      expect(leftMs >= 0).toBe(reaches({ num: up, den: up + down }, percent));
    }),
  ));
