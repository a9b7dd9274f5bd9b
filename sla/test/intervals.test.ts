import fc from 'fast-check';
import { expect, test } from 'vitest';
import {
  clip,
  complement,
  contains,
  duration,
  type Interval,
  intersect,
  merge,
  subtract,
  union,
} from '../src/index.ts';

const SPAN = 200;
const interval = fc
  .tuple(fc.nat(SPAN), fc.integer({ min: -3, max: 40 }))
  .map(([from, length]) => ({ from, to: from + length }));
const set = fc.array(interval, { maxLength: 12 }).map(merge);
const law = (property: fc.IPropertyWithHooks<unknown[]>) => fc.assert(property, { numRuns: 500 });
/** Membership of every instant: the meaning that the algebra must keep. */
const members = (a: readonly Interval[]) =>
  Array.from({ length: SPAN + 50 }, (_, t) => a.some(({ from, to }) => from <= t && t < to));

test('merge is idempotent, free of order, and its result sorted and coalesced', () =>
  law(
    fc.property(fc.array(interval), (list) => {
      const merged = merge(list);
      expect(merge([...merged, ...list].reverse())).toEqual(merged);
      merged.slice(1).forEach((next, i) => void expect(next.from).toBeGreaterThan(merged[i]?.to ?? 0));
    }) as never,
  ));

test('every operation means what it says, instant by instant', () =>
  law(
    fc.property(set, set, (a, b) => {
      const [inA, inB] = [members(a), members(b)];
      expect(members(union(a, b))).toEqual(inA.map((x, t) => x || inB[t]));
      expect(members(intersect(a, b))).toEqual(inA.map((x, t) => x && inB[t]));
      expect(members(subtract(a, b))).toEqual(inA.map((x, t) => x && !inB[t]));
      expect(inA).toEqual(inA.map((_, t) => contains(a, t)));
    }) as never,
  ));

test('|a| = |a and b| + |a without b|; a set and its complement fill the window', () =>
  law(
    fc.property(set, set, (a, b) => {
      expect(duration(intersect(a, b)) + duration(subtract(a, b))).toBe(duration(a));
      const window = { from: 10, to: 150 };
      expect(duration(clip(a, window)) + duration(complement(a, window))).toBe(140);
    }) as never,
  ));

test('inputs are not changed, non-integers refused', () => {
  const list = Object.freeze([Object.freeze({ from: 5, to: 9 }), Object.freeze({ from: 1, to: 6 })]);
  expect(merge(list)).toEqual([{ from: 1, to: 9 }]);
  expect(() => merge([{ from: 0.5, to: 2 }])).toThrow(RangeError);
});
