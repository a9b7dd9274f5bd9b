import fc from 'fast-check';
import { expect, test } from 'vitest';
import { type PlacedFault, recurrences } from '../../src/index.ts';

const DAY = 86_400_000;
const fault = (openedDay: number, endedDay: number | null, cause = 'printer', place = 'S1') => ({
  place, cause, openedAt: openedDay * DAY, endedAt: endedDay === null ? null : endedDay * DAY,
}); // biome-ignore format: one glance
const repeats = (faults: readonly PlacedFault[], withinDays = 30) =>
  recurrences(faults, withinDays).map(({ fault, previous }) => [fault.openedAt / DAY, previous.openedAt / DAY]);

test('the same fault again at the same place (R-ZJ-1)', () => {
  expect(repeats([fault(0, 1), fault(10, 11), fault(20, null)])).toEqual([[10, 0], [20, 10]]); // biome-ignore format: pairs
  expect(repeats([fault(0, 1), fault(31, 32)])).toEqual([[31, 0]]);
  expect(repeats([fault(0, 1), fault(31.5, 32)])).toEqual([]);
});

test('another cause, another place or one still open is no recurrence', () => {
  expect(repeats([fault(0, 1), fault(2, 3, 'screen'), fault(4, 5, 'printer', 'S2')])).toEqual([]);
  expect(repeats([fault(0, null), fault(2, 3)])).toEqual([]);
  expect(repeats([fault(0, 5), fault(2, 3)])).toEqual([]);
  expect(repeats([fault(0, 2), fault(2, 3)])).toEqual([[2, 0]]);
});

test('it repeats the one that ended last, though others began later', () => {
  expect(repeats([fault(0, 9), fault(3, 5), fault(10, 11)])).toEqual([[10, 0]]);
});

test('of two that open and end at one instant neither repeats the other', () => {
  expect(repeats([fault(1, 1), fault(1, 1), fault(1, 2)])).toEqual([]);
});

const day = fc.integer({ min: 0, max: 40 });
const anyFault = fc
  .tuple(
    day,
    fc.option(fc.integer({ min: 0, max: 10 })),
    fc.constantFrom('printer', 'screen'),
    fc.constantFrom('S1', 'S2'),
  )
  .map(([from, length, cause, place]) => fault(from, length === null ? null : from + length, cause, place));

test('by its definition: some equal fault that opened before ended at most so long before', () =>
  fc.assert(
    fc.property(fc.array(anyFault, { maxLength: 20 }), fc.integer({ min: 1, max: 10 }), (faults, withinDays) => {
      const expected = faults.filter((each) =>
        faults.some(
          ({ place, cause, openedAt, endedAt }) =>
            place === each.place && cause === each.cause && openedAt < each.openedAt && endedAt !== null &&
            endedAt <= each.openedAt && each.openedAt - endedAt <= withinDays * DAY,
        ),
      ); // biome-ignore format: one condition
      const found = recurrences(faults.toReversed(), withinDays).map((each) => each.fault);
      expect(new Set(found)).toEqual(new Set(expected));
      expect(found).toHaveLength(expected.length);
    }),
  ));
