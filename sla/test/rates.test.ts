import { expect, test } from 'vitest';
import { compareFractions, parsePercent, reaches, showPercent } from '../src/index.ts';

test('94.9996 % shows as 94.99 and does not reach 95 %', () => {
  const rate = { num: 949_996, den: 1_000_000 };
  expect(showPercent(rate)).toBe('94.99');
  expect(compareFractions(rate, { num: 95, den: 100 })).toBe(-1);
  expect(compareFractions({ num: 19, den: 20 }, { num: 95, den: 100 })).toBe(0);
});

test('exact where doubles are not', () => {
  const den = Number.MAX_SAFE_INTEGER;
  expect(compareFractions({ num: den - 1, den }, { num: den - 2, den: den - 1 })).toBe(1);
  expect(showPercent({ num: 1, den: 3 }, 0)).toBe('33');
  expect(showPercent({ num: 3, den: 3 })).toBe('100.00');
});

test('percentages as people write them', () => {
  expect([parsePercent('95'), parsePercent('99.95'), parsePercent('0')]).toEqual([
    { num: 95, den: 100 },
    { num: 9995, den: 10_000 },
    { num: 0, den: 100 },
  ]);
  for (const wrong of ['', '95%', '-1', '100.01', '9e1', '101', '1.', '.5', ' 95']) {
    expect(() => parsePercent(wrong), wrong).toThrow(RangeError);
  }
});

test('what reaches a percentage is the exact rate, not what is shown of it', () => {
  expect(reaches({ num: 2_999_999, den: 3_000_000 }, '100')).toBe(false);
  expect(reaches({ num: 849_999, den: 1_000_000 }, '85')).toBe(false);
  expect(reaches({ num: 10n ** 40n * 85n, den: 10n ** 42n }, '85')).toBe(true);
});
