import { expect, test } from 'vitest';
import {
  addTallies,
  counted,
  DEFAULT_COUNTING,
  EMPTY,
  EMPTY_TALLY,
  merge,
  rateOf,
  reaches,
  requiredTime,
  showPercent,
  type Timeline,
  tally,
} from '../../src/index.ts';
import { HOUR } from '../support/clock.ts';

const DAYS = 24 * HOUR;
const MONTH = { from: 0, to: 30 * DAYS };

test('availability formula: up / (up + down), what is excluded in neither', () => {
  const timeline: Timeline = [
    { from: 0, to: 100 * HOUR, state: 'up', cause: 'beat' },
    { from: 100 * HOUR, to: 136 * HOUR, state: 'down', cause: 'silent' },
    { from: 136 * HOUR, to: 30 * DAYS, state: 'up', cause: 'beat' },
  ];
  const excluded = merge([{ from: 135 * HOUR, to: 137 * HOUR }]);
  const numbers = tally(merge([MONTH]), excluded, timeline);
  expect(numbers).toEqual({
    required: 2_592_000_000,
    up: 2_458_800_000,
    down: 126_000_000,
    unknown: 0,
    platform: 0,
    excluded: 7_200_000,
  });
  const rate = rateOf(numbers, DEFAULT_COUNTING) ?? expect.unreachable();
  expect(showPercent(rate)).toBe('95.12');
  expect(showPercent(rate, 4)).toBe('95.1253');
});

test('94.9996 % shows as 94.99 and does not reach 95, nor does 95 less one millisecond', () => {
  const ofMillion = { ...EMPTY_TALLY, required: 1_000_000, up: 949_996, down: 50_004 };
  const rate = rateOf(ofMillion, DEFAULT_COUNTING) ?? expect.unreachable();
  expect([showPercent(rate), reaches(rate, '95'), reaches(rate, '94.9996')]).toEqual(['94.99', false, true]);
  const month = 30 * DAYS;
  const least = (month / 100) * 95;
  expect([least, least - 1].map((up) => reaches({ num: up, den: month }, '95'))).toEqual([true, false]);
});

test('unknown counts as down by default, the platform not at all; a contract may say otherwise', () => {
  const numbers = { required: 100, up: 50, down: 10, unknown: 20, platform: 15, excluded: 5 };
  expect(counted(numbers, DEFAULT_COUNTING)).toEqual({ up: 50, down: 30 });
  expect(counted(numbers, { unknown: 'excluded', platform: 'up' })).toEqual({ up: 65, down: 10 });
  expect(counted(numbers, { unknown: 'up', platform: 'down' })).toEqual({ up: 70, down: 25 });
  expect(rateOf(numbers, DEFAULT_COUNTING)).toEqual({ num: 50, den: 80 });
});

test('required but nothing counted is no figure, neither 0 nor 100 %', () => {
  expect(rateOf({ ...EMPTY_TALLY, required: 9, platform: 4, excluded: 5 }, DEFAULT_COUNTING)).toBeNull();
});

test('unknown keeps the platform apart', () => {
  const timeline: Timeline = [
    { from: 0, to: 3, state: 'unknown', cause: 'platform' },
    { from: 3, to: 10, state: 'unknown', cause: 'missing' },
  ];
  const numbers = tally(merge([{ from: 1, to: 9 }]), merge([{ from: 2, to: 4 }]), timeline);
  expect(numbers).toEqual({ required: 8, up: 0, down: 0, unknown: 5, platform: 1, excluded: 2 });
  expect(addTallies([numbers, numbers])).toEqual({
    required: 16,
    up: 0,
    down: 0,
    unknown: 10,
    platform: 2,
    excluded: 4,
  });
  expect(addTallies([])).toEqual(EMPTY_TALLY);
});

test('required time that no timeline judges is an error, not a loss', () => {
  const timeline: Timeline = [{ from: 0, to: 10, state: 'up', cause: 'beat' }];
  expect(() => tally(merge([{ from: 5, to: 11 }]), EMPTY, timeline)).toThrow(RangeError);
  expect(tally(EMPTY, EMPTY, [])).toEqual(EMPTY_TALLY);
});

test('required: in term, commissioned, not suspended, within service hours', () => {
  const input = {
    term: { from: 10, to: 100 },
    commissioned: { from: 20, to: Number.POSITIVE_INFINITY },
    suspensions: [
      { from: 40, to: 50 },
      { from: 90, to: Number.POSITIVE_INFINITY },
    ],
    serviceHours: merge([
      { from: 0, to: 30 },
      { from: 35, to: 95 },
    ]),
  };
  expect(requiredTime(input, { from: 0, to: 200 })).toEqual([
    { from: 20, to: 30 },
    { from: 35, to: 40 },
    { from: 50, to: 90 },
  ]);
  expect(requiredTime({ ...input, commissioned: null }, { from: 0, to: 200 })).toEqual([]);
  expect(requiredTime(input, { from: 150, to: 200 })).toEqual([]);
});
