import fc from 'fast-check';
import { expect, test } from 'vitest';
import {
  type Dimension,
  merge,
  type RecountInput,
  recount,
  recountEach,
  requiredTime,
  stationTimeline,
  tally,
} from '../../src/index.ts';
import * as arbitrary from '../support/arbitraries.ts';
import { evidenceOf, GRID_MS, stirred, WINDOW } from '../support/arbitraries.ts';

function byTimelines(input: RecountInput, window = WINDOW) {
  const byKey = new Map(input.devices.map((each) => [each.deviceKey, evidenceOf(each)]));
  const required = requiredTime({ ...input, serviceHours: merge(input.serviceHours) }, window);
  const of = (dimension: Dimension) =>
    tally(
      required,
      merge(input.excluded[dimension]),
      stationTimeline(
        dimension,
        input.installations,
        (key) => byKey.get(key) ?? expect.unreachable(),
        merge(input.outages),
        window,
      ),
    );
  return { network: of('network'), equipment: of('equipment') };
}

test('two ways of counting agree to the ms on random histories', () =>
  fc.assert(
    fc.property(arbitrary.station, (input) => {
      expect(recount({ ...input, window: WINDOW })).toEqual(byTimelines(input));
    }),
    { numRuns: 1000 },
  ));

test('day by day it gives the same as each day alone', () =>
  fc.assert(
    fc.property(arbitrary.station, fc.integer({ min: 1, max: 500 }), (input, n) => {
      const days = [
        { from: 0, to: n * GRID_MS },
        { from: n * GRID_MS, to: 550 * GRID_MS },
        { from: 560 * GRID_MS, to: WINDOW.to },
      ];
      expect(recountEach(input, days)).toEqual(days.map((window) => byTimelines(input, window)));
    }),
  ));

test('order and repetition change nothing', () =>
  fc.assert(
    fc.property(
      arbitrary.station.chain((input) =>
        fc.tuple(
          fc.constant(input),
          stirred(input.outages),
          stirred(input.installations),
          stirred(input.serviceHours),
          stirred(input.devices[0]?.beats ?? []),
        ),
      ),
      ([input, outages, installations, serviceHours, beats]) => {
        const devices = input.devices.map((each, i) => (i === 0 ? { ...each, beats } : each));
        const again = { ...input, outages, installations, serviceHours, devices };
        expect(recount({ ...again, window: WINDOW })).toEqual(recount({ ...input, window: WINDOW }));
      },
    ),
  ));

test('a station without the records of its device is refused', () => {
  const everything = { from: 0, to: 1000 };
  const input = {
    devices: [],
    installations: [{ deviceKey: 7, ...everything }],
    outages: [],
    term: everything,
    commissioned: everything,
    suspensions: [],
    serviceHours: [everything],
    excluded: { network: [], equipment: [] },
    window: everything,
  };
  expect(() => recount(input)).toThrow('device 7');
});
