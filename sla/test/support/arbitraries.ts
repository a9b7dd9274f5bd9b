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
const EVER: Interval = { from: -100 * GRID_MS, to: (SPAN + 100) * GRID_MS };

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

/** Few instants and components, so that reports often meet. */
export const report = fc
  .tuple(instantOfFew(), fc.nat(3), fc.constantFrom('printer', 'card', 'screen'), states())
  .map(([at, noise, component, state]): ComponentReport => ({ at, seq: seqAt(at) + noise, component, state }));

function instantOfFew(): fc.Arbitrary<number> {
  return fc.integer({ min: -4, max: 16 }).map((n) => n * 40 * GRID_MS);
}

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

/** The records of one device; half of the ends and boots coincide with a beat. */
export const device = (deviceKey = 1): fc.Arbitrary<RawDevice> =>
  beats.chain((known) => {
    const near = fc.oneof(instant, fc.constantFrom(0, ...known.map(({ at }) => at)));
    return fc.record({
      deviceKey: fc.constant(deviceKey),
      beats: fc.constant(known),
      cleanEnds: fc.array(near, { maxLength: 4 }),
      boots: fc.array(near, { maxLength: 6 }),
      reports: fc.array(report, { maxLength: 12 }),
      requirements: fc.array(requirement, { maxLength: 3 }),
      received,
    });
  });

export const outages = intervals(3, 40);

/** The records of a device as the timelines want them. */
export function evidenceOf({ beats: raw, ...rest }: RawDevice): DeviceEvidence {
  return { ...rest, runs: runsOfBeats(raw, rest.cleanEnds) };
}

/** Mostly all the time, else a part of it. */
const mostlyAll = fc.oneof({ weight: 4, arbitrary: fc.constant(EVER) }, { weight: 1, arbitrary: interval(700) });

/** A station at which two devices take turns, with everything that decides what is required of it. */
export const station: fc.Arbitrary<RecountInput> = fc.record({
  devices: fc.tuple(device(1), device(2)),
  installations: fc.array(
    fc.tuple(mostlyAll, fc.constantFrom(1, 2)).map(([span, key]): Installation => ({ ...span, deviceKey: key })),
    { minLength: 1, maxLength: 4 },
  ),
  outages,
  term: mostlyAll,
  commissioned: fc.option(mostlyAll, { freq: 19 }),
  suspensions: intervals(2),
  serviceHours: fc.oneof(fc.constant([EVER]), intervals(5, 200)),
  excluded: fc.record({ network: intervals(3), equipment: intervals(3) }),
});

const unknownAs = fc.constantFrom('down' as const, 'up' as const, 'excluded' as const);
export const countingRule: fc.Arbitrary<CountingRule> = fc.record({ unknown: unknownAs, platform: unknownAs });

/** The same things in another order, some of them twice. */
export const stirred = <T>(list: readonly T[]): fc.Arbitrary<T[]> =>
  fc
    .tuple(fc.shuffledSubarray([...list], { minLength: list.length }), fc.subarray([...list]))
    .map(([all, again]) => [...again.reverse(), ...all]);
