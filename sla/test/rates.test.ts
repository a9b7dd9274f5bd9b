import { expect, test } from 'vitest';
import { compareFractions, showPercent } from '../src/index.ts';

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
