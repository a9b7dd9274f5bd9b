import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import {
  addDays,
  addTallies,
  type Beat,
  type Calendar,
  type Dimension,
  dayBounds,
  daysOf,
  EMPTY,
  type Interval,
  merge,
  NO_DAYS,
  type RecountInput,
  recount,
  recountEach,
  recountHours,
  requiredTime,
  runsOfBeats,
  serviceHours,
  stationTimeline,
  tally,
} from '../../src/index.ts';
import { HOUR, MINUTE } from '../support/clock.ts';
import { SILENCE } from '../support/evidence.ts';
import { CLOCK_CHANGES } from '../support/zones.ts';

const NIGHTS: Calendar = {
  kind: 'weekly',
  holidays: false,
  hours: {
    mon: [],
    tue: [{ from: '00:30', to: '02:15' }],
    wed: [{ from: '08:00', to: '18:00' }],
    thu: [{ from: '00:00', to: '24:00' }],
    fri: [{ from: '02:30', to: '24:00' }],
    sat: [{ from: '00:00', to: '02:30' }],
    sun: [
      { from: '00:00', to: '02:30' },
      { from: '03:00', to: '23:00' },
    ],
  },
};

/** Three days around a change of clocks, a beat a minute but in some stretches. */
function threeDays(timeZone: string, day: string) {
  const window = { from: dayBounds(timeZone, addDays(day, -1)).from, to: dayBounds(timeZone, addDays(day, 1)).to };
  const stretch = fc
    .tuple(fc.nat(72 * 60), fc.integer({ min: 1, max: 600 }))
    .map(([from, n]): Interval => ({ from: window.from + from * MINUTE, to: window.from + (from + n) * MINUTE }));
  const history = fc.record({
    lost: fc.array(stretch, { maxLength: 4 }),
    late: fc.array(stretch, { maxLength: 3 }),
    outages: fc.array(stretch, { maxLength: 2 }),
    excluded: fc.array(stretch, { maxLength: 2 }),
    calendar: fc.constantFrom<Calendar>({ kind: 'always' }, NIGHTS),
  });
  return { window, history };
}

function beatsOf(window: Interval, lost: readonly Interval[], late: readonly Interval[]): Beat[] {
  const within = (spans: readonly Interval[], at: number) => spans.some(({ from, to }) => from <= at && at < to);
  return Array.from({ length: 74 * 60 }, (_, i) => window.from - HOUR + i * MINUTE)
    .map((at, seq) => ({ at, seq, live: !within(late, at), livenessMs: 150_000 }))
    .filter(({ at }) => !within(lost, at));
}

describe.each(CLOCK_CHANGES)('%s around %s', (timeZone, day) => {
  const { window, history } = threeDays(timeZone, day);

  test('the days add up to the whole, and the recount agrees on each', () =>
    fc.assert(
      fc.property(history, ({ lost, late, outages, excluded, calendar }) => {
        const beats = beatsOf(window, lost, late);
        const evidence = { ...SILENCE, runs: runsOfBeats(beats) };
        const installations = [{ deviceKey: 1, ...window }];
        const of = (dimension: Dimension, within: Interval) =>
          tally(
            requiredTime(
              {
                term: window,
                commissioned: window,
                suspensions: [],
                serviceHours: serviceHours(calendar, timeZone, NO_DAYS, within),
              },
              within,
            ),
            merge(excluded),
            stationTimeline(dimension, installations, () => evidence, merge(outages), within),
          );
        const input: RecountInput = {
          devices: [{ ...SILENCE, deviceKey: 1, beats }],
          installations,
          outages,
          term: window,
          commissioned: window,
          suspensions: [],
          serviceHours: recountHours(calendar, timeZone, { holidays: [], workdays: [] }, window),
          excluded: { network: excluded, equipment: excluded },
        };
        const days = daysOf(timeZone, window).map((each) => dayBounds(timeZone, each));
        const recounted = recountEach(input, days);
        for (const dimension of ['network', 'equipment'] as const) {
          const parts = days.map((within) => of(dimension, within));
          expect(addTallies(parts)).toEqual(of(dimension, window));
          expect(recounted.map((each) => each[dimension])).toEqual(parts);
        }
      }),
      { numRuns: 15 },
    ));
});

test('a month of a beat a minute recounts to the same', () => {
  const month = { from: Date.UTC(2026, 9), to: Date.UTC(2026, 10) };
  const beats = Array.from({ length: 44_640 }, (_, i) => ({
    at: month.from + i * MINUTE + (i % 7) * 100,
    seq: i * 3,
    live: i % 1000 > 50,
    livenessMs: 150_000,
  })).filter((_, i) => i % 3000 > 200);
  const whole = {
    installations: [{ deviceKey: 1, ...month }],
    outages: [],
    term: month,
    commissioned: month,
    suspensions: [],
    serviceHours: [month],
    excluded: { network: [], equipment: [] },
  };
  const device = { ...SILENCE, received: [{ lo: 0, hi: 200_000 }], boots: [beats[5000]?.at ?? 0] };
  const { network, equipment } = recount({ ...whole, devices: [{ ...device, deviceKey: 1, beats }], window: month });
  const of = (dimension: Dimension) =>
    tally(
      merge([month]),
      EMPTY,
      stationTimeline(dimension, whole.installations, () => ({ ...device, runs: runsOfBeats(beats) }), EMPTY, month),
    );
  expect([network, equipment]).toEqual([of('network'), of('equipment')]);
  expect(network.up).toBeLessThan(equipment.up);
});
