import fc from 'fast-check';
import { expect, test } from 'vitest';
import { compareFractions, flapRate, isFlapping, parsePercent, showPercent } from '../../src/index.ts';

/** 21 states of which the changes at the given places, 1 (oldest) to 20 (newest), are changes. */
const statesWith = (changes: readonly number[]) =>
  Array.from({ length: 21 }, (_, i) => changes.filter((x) => x <= i).length % 2 === 0);
const rate = (...changes: readonly number[]) => flapRate(statesWith(changes));
const all = Array.from({ length: 20 }, (_, i) => i + 1);

test('published vectors of Nagios', () => {
  expect(rate(...all)).toEqual({ num: 1520, den: 1520 });
  expect(compareFractions(rate(20), parsePercent('6.25'))).toBe(0);
  expect(compareFractions(rate(1), parsePercent('3.75'))).toBe(0);
  expect(rate(17, 18, 19, 20)).toEqual({ num: 368, den: 1520 });
  expect(showPercent(rate(17, 18, 19, 20))).toBe('24.21');
  expect(rate()).toEqual({ num: 0, den: 1520 });
});

test('a short history equals one that began long ago; a long one counts by its end', () => {
  expect(flapRate([])).toEqual({ num: 0, den: 1520 });
  expect(flapRate(['ok'])).toEqual({ num: 0, den: 1520 });
  expect(flapRate(['ok', 'fault'])).toEqual(rate(20));
  expect(flapRate(['ok', 'fault', 'ok', ...statesWith([17, 18, 19, 20])])).toEqual(rate(17, 18, 19, 20));
});

test('the weights are those of the formula 0.75 + (x - 1) * 0.5 / 19, to the last fraction', () =>
  fc.assert(
    fc.property(fc.uniqueArray(fc.integer({ min: 1, max: 20 })), (changes) => {
      // In 76ths: 0.75 is 57, a step of 0.5 / 19 is 2.
      const sum = changes.reduce((total, x) => total + 57 + (x - 1) * 2, 0);
      expect(compareFractions(rate(...changes), { num: sum, den: 20 * 76 })).toBe(0);
    }),
  ));

test('flapping begins at the high threshold and ends at the low one', () => {
  const thresholds = { low: parsePercent('20'), high: parsePercent('30') };
  const flaps = (before: boolean, percent: string) => isFlapping(before, parsePercent(percent), thresholds);
  expect([flaps(false, '29.99'), flaps(false, '30'), flaps(true, '29.99')]).toEqual([false, true, true]);
  expect([flaps(true, '20.01'), flaps(true, '20'), flaps(false, '20.01')]).toEqual([true, false, false]);
});
