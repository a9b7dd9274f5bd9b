import fc from 'fast-check';
import {
  type Beat,
  type ComponentReport,
  type CountingRule,
  type DeviceEvidence,
  type Installation,
  type Interval,
  merge,
  type RawDevice,
  type RecountInput,
  type Requirement,
  runsOfBeats,
  type SeqRange,
} from '../../src/index.ts';

/** Instants fall on a coarse grid, so that bounds often coincide: that is where rules go wrong. */
export const GRID_MS = 10_000;
export const SPAN = 600;
export const WINDOW: Interval = { from: 0, to: SPAN * GRID_MS };

/** Instants inside the window and well around it. */
export const instant = fc.integer({ min: -100, max: SPAN + 100 }).map((n) => n * GRID_MS);
export const interval = (longest = 100) =>
  fc
    .tuple(instant, fc.integer({ min: 1, max: longest }))
    .map(([from, n]): Interval => ({ from, to: from + n * GRID_MS }));
export const intervals = (maxLength: number, longest?: number) => fc.array(interval(longest), { maxLength });

const livenessMs = fc.constantFrom(60_000, 150_000, 155_000);

/** Beats whose sequence numbers mostly grow with time, as placement leaves them: now and then two are out of order or at once. */
export const beat = fc
  .tuple(instant, fc.nat(9), fc.boolean(), livenessMs)
  .map(([at, noise, live, liveness]): Beat => ({ at, seq: seqAt(at) + noise, live, livenessMs: liveness }));
export const beats = fc.oneof(fc.uniqueArray(beat, { maxLength: 60, selector: ({ seq }) => seq }), steadyBeats());

const seqAt = (at: number) => Math.floor(at / GRID_MS) + 1000;

/** A beat every minute but for some stretches, in which the beats are lost or come late. */
function steadyBeats(): fc.Arbitrary<Beat[]> {
  return fc.tuple(intervals(3), intervals(2)).map(([lost, late]) => {
    const [gone, behind] = [merge(lost), merge(late)];
    const within = (set: readonly Interval[], at: number) => set.some(({ from, to }) => from <= at && at < to);
    return Array.from({ length: 120 }, (_, i) => i * 6 * GRID_MS - 300_000)
      .filter((at) => !within(gone, at))
      .map((at) => ({ at, seq: seqAt(at), live: !within(behind, at), livenessMs: 150_000 }));
  });
}

export const report = fc
  .tuple(instant, fc.nat(3), fc.constantFrom('printer', 'card', 'screen'), states())
  .map(([at, noise, component, state]): ComponentReport => ({ at, seq: seqAt(at) + noise, component, state }));

function states(): fc.Arbitrary<ComponentReport['state']> {
  return fc.constantFrom('ok', 'ok', 'fault', 'fault', 'warn', 'absent', 'unknown');
}

export const requirement = fc
  .tuple(instant, fc.subarray(['printer', 'card', 'screen']))
  .map(([from, components]): Requirement => ({ from, components }));

/** Sequence numbers that arrived: all, or all but some stretches. */
export const received = fc
  .array(fc.tuple(fc.integer({ min: 900, max: 1700 }), fc.integer({ min: 1, max: 40 })), { maxLength: 4 })
  .map((holes) => {
    const sorted = [...merge(holes.map(([from, n]) => ({ from, to: from + n })))];
    const starts = [0, ...sorted.map(({ to }) => to)];
    const ends = [...sorted.map(({ from }) => from), 5000];
    return starts.map((lo, i): SeqRange => ({ lo, hi: ends[i] ?? lo }));
  });

/** The records of one device. */
export const device = (deviceKey = 1): fc.Arbitrary<RawDevice> =>
  fc.record({
    deviceKey: fc.constant(deviceKey),
    beats,
    cleanEnds: fc.array(instant, { maxLength: 4 }),
    boots: fc.array(instant, { maxLength: 6 }),
    reports: fc.array(report, { maxLength: 12 }),
    requirements: fc.array(requirement, { maxLength: 3 }),
    received,
  });

export const outages = intervals(3, 40);

/** The records of a device as the timelines want them. */
export function evidenceOf({ beats: raw, ...rest }: RawDevice): DeviceEvidence {
  return { ...rest, runs: runsOfBeats(raw, rest.cleanEnds) };
}

/** A station at which two devices take turns, with everything that decides what is required of it. */
export const station: fc.Arbitrary<RecountInput> = fc.record({
  devices: fc.tuple(device(1), device(2)),
  installations: fc.array(
    fc.tuple(interval(400), fc.constantFrom(1, 2)).map(([span, key]): Installation => ({ ...span, deviceKey: key })),
    { maxLength: 4 },
  ),
  outages,
  term: interval(700),
  commissioned: fc.option(interval(700), { freq: 9 }),
  suspensions: intervals(2),
  serviceHours: intervals(5, 200),
  excluded: fc.record({ network: intervals(3), equipment: intervals(3) }),
});

const unknownAs = fc.constantFrom('down' as const, 'up' as const, 'excluded' as const);
export const countingRule: fc.Arbitrary<CountingRule> = fc.record({ unknown: unknownAs, platform: unknownAs });

/** The same things in another order, some of them twice. */
export const stirred = <T>(list: readonly T[]): fc.Arbitrary<T[]> =>
  fc
    .tuple(fc.shuffledSubarray([...list], { minLength: list.length }), fc.subarray([...list]))
    .map(([all, again]) => [...again.reverse(), ...all]);
