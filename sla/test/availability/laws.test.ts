import fc from 'fast-check';
import { expect, test } from 'vitest';
import {
  addTallies,
  clipTimeline,
  type DeviceEvidence,
  type Dimension,
  duration,
  EMPTY,
  equipmentTimeline,
  type Interval,
  intersect,
  merge,
  networkTimeline,
  type RawDevice,
  type RecountInput,
  requiredTime,
  runsOfBeats,
  type SeqRange,
  stationTimeline,
  type Tally,
  type Timeline,
  tally,
} from '../../src/index.ts';
import * as arbitrary from '../support/arbitraries.ts';
import { evidenceOf, stirred, WINDOW } from '../support/arbitraries.ts';

const law = <T extends [unknown, ...unknown[]]>(property: fc.IPropertyWithHooks<T>, numRuns = 400) =>
  fc.assert(property, { numRuns });

type Judge = (evidence: DeviceEvidence, outages: ReturnType<typeof merge>, window: Interval) => Timeline;
const JUDGES: readonly (readonly [Dimension, Judge])[] = [
  ['network', networkTimeline],
  ['equipment', equipmentTimeline],
];

const upMs = (timeline: Timeline) => duration(merge(timeline.filter(({ state }) => state === 'up')));

function expectPartition(timeline: Timeline, window: Interval) {
  let at = window.from;
  timeline.forEach((segment, i) => {
    expect(segment.from).toBe(at);
    expect(segment.to).toBeGreaterThan(segment.from);
    const { from: _, to: __, ...verdict } = segment;
    const { from: ___, to: ____, ...previous } = timeline[i - 1] ?? { from: 0, to: 0 };
    expect(verdict).not.toEqual(previous);
    at = segment.to;
  });
  expect(at).toBe(window.to);
}

/** The stations' timelines and what is required and excluded. */
function stationTallies(input: RecountInput, window: Interval): Record<Dimension, Tally> {
  const byKey = new Map(input.devices.map((each) => [each.deviceKey, evidenceOf(each)]));
  const evidence = (key: number) => byKey.get(key) ?? expect.unreachable();
  const required = requiredTime({ ...input, serviceHours: merge(input.serviceHours) }, window);
  const of = (dimension: Dimension) =>
    tally(
      required,
      merge(input.excluded[dimension]),
      stationTimeline(dimension, input.installations, evidence, merge(input.outages), window),
    );
  return { network: of('network'), equipment: of('equipment') };
}

test.each(JUDGES)('%s: a timeline is a partition of its window, of a part of it a part', (_, judge) =>
  law(
    fc.property(arbitrary.device(), arbitrary.outages, arbitrary.interval(300), (device, out, part) => {
      const timeline = judge(evidenceOf(device), merge(out), WINDOW);
      expectPartition(timeline, WINDOW);
      const inside = { from: Math.max(part.from, WINDOW.from), to: Math.min(part.to, WINDOW.to) };
      fc.pre(inside.from < inside.to);
      expect(judge(evidenceOf(device), merge(out), inside)).toEqual(clipTimeline(timeline, inside));
    }),
  ),
);

test('a station timeline is a partition, whatever the installations', () =>
  law(
    fc.property(arbitrary.station, fc.constantFrom('network' as const, 'equipment' as const), (input, dimension) => {
      const byKey = new Map(input.devices.map((each) => [each.deviceKey, evidenceOf(each)]));
      const evidence = (key: number) => byKey.get(key) ?? expect.unreachable();
      const timeline = stationTimeline(dimension, input.installations, evidence, merge(input.outages), WINDOW);
      expectPartition(timeline, WINDOW);
      const empty = timeline.filter(({ deviceKey }) => deviceKey === undefined);
      expect(empty.every(({ state, cause }) => state === 'down' && cause === 'no_device')).toBe(true);
    }),
  ));

test('the five numbers add up', () =>
  law(
    fc.property(arbitrary.station, (input) => {
      for (const { required, up, down, unknown, platform, excluded } of Object.values(stationTallies(input, WINDOW))) {
        expect(up + down + unknown + platform + excluded).toBe(required);
      }
    }),
  ));

test('days add up to the whole', () =>
  law(
    fc.property(arbitrary.station, fc.array(arbitrary.instant, { maxLength: 5 }), (input, cuts) => {
      const inside = cuts.filter((cut) => WINDOW.from < cut && cut < WINDOW.to);
      const bounds = [...new Set([WINDOW.from, ...inside, WINDOW.to])].sort((a, b) => a - b);
      const parts = bounds.slice(1).map((to, i) => stationTallies(input, { from: bounds[i] ?? to, to }));
      const whole = stationTallies(input, WINDOW);
      expect(addTallies(parts.map(({ network }) => network))).toEqual(whole.network);
      expect(addTallies(parts.map(({ equipment }) => equipment))).toEqual(whole.equipment);
    }),
  ));

test.each(JUDGES)('%s: order and repetition of the input change nothing', (_, judge) =>
  law(
    fc.property(
      arbitrary.device().chain((device) => fc.tuple(fc.constant(device), stirredDevice(device))),
      arbitrary.outages,
      ([device, again], out) => {
        expect(judge(evidenceOf(again), merge(out), WINDOW)).toEqual(judge(evidenceOf(device), merge(out), WINDOW));
      },
    ),
  ),
);

const stirredDevice = (device: RawDevice): fc.Arbitrary<RawDevice> =>
  fc.record({
    deviceKey: fc.constant(device.deviceKey),
    beats: stirred(device.beats),
    cleanEnds: stirred(device.cleanEnds),
    boots: stirred(device.boots),
    reports: stirred(device.reports),
    requirements: stirred(device.requirements),
    received: fc.constant(device.received),
  });

test.each(JUDGES)('%s: how beats are cut into runs changes nothing', (_, judge) =>
  law(
    fc.property(
      arbitrary.device(),
      arbitrary.outages,
      fc.infiniteStream(fc.nat(3)),
      fc.boolean(),
      (device, out, draw, overlap) => {
        const ones = device.beats.flatMap((beat) => runsOfBeats([beat]));
        const piles = device.beats.map((beat) => [draw.next().value, beat] as const);
        const islands = [0, 1, 2, 3].flatMap((pile) =>
          runsOfBeats(
            piles.filter(([into]) => into === pile).map(([, beat]) => beat),
            device.cleanEnds,
          ),
        );
        const whole = judge(evidenceOf(device), merge(out), WINDOW);
        expect(judge({ ...device, runs: ones }, merge(out), WINDOW)).toEqual(whole);
        const runs = overlap ? [...islands, ...runsOfBeats(device.beats, device.cleanEnds)] : islands;
        expect(judge({ ...device, runs }, merge(out), WINDOW)).toEqual(whole);
      },
    ),
  ),
);

test.each(JUDGES)('%s: taking away beats never raises the up time', (_, judge) =>
  law(
    fc.property(
      arbitrary.device().chain((device) => fc.tuple(fc.constant(device), fc.subarray([...device.beats]))),
      arbitrary.outages,
      ([device, fewer], out) => {
        const poorer = { ...device, beats: fewer, received: without(device, fewer) };
        const upBefore = upMs(judge(evidenceOf(device), merge(out), WINDOW));
        expect(upMs(judge(evidenceOf(poorer), merge(out), WINDOW))).toBeLessThanOrEqual(upBefore);
        expect(upMs(judge({ ...evidenceOf(device), boots: [], received: [] }, merge(out), WINDOW))).toBe(upBefore);
      },
    ),
  ),
);

/** What was received if all beats but `fewer` had been lost on the way. */
function without(device: RawDevice, fewer: RawDevice['beats']): SeqRange[] {
  const lost = device.beats.filter((beat) => !fewer.includes(beat)).map(({ seq }) => seq);
  const ranges = device.received.flatMap(({ lo, hi }) => {
    const inside = [...new Set(lost)].filter((seq) => lo <= seq && seq < hi).sort((a, b) => a - b);
    return [lo - 1, ...inside].map((seq, i) => ({ lo: seq + 1, hi: inside[i] ?? hi }));
  });
  return ranges.filter(({ lo, hi }) => lo < hi);
}

test('while the platform is well, taking away beats never raises the rate, whatever was lost of it', () =>
  law(
    fc.property(
      arbitrary.device().chain((device) => fc.tuple(fc.constant(device), fc.subarray([...device.beats]))),
      ([device, fewer]) => {
        for (const [, judge] of JUDGES) {
          const full = tally(merge([WINDOW]), EMPTY, judge(evidenceOf(device), EMPTY, WINDOW));
          const less = tally(merge([WINDOW]), EMPTY, judge(evidenceOf({ ...device, beats: fewer }), EMPTY, WINDOW));
          expect(less.up).toBeLessThanOrEqual(full.up);
          expect(less.platform).toBe(0);
        }
      },
    ),
  ));

test('a late beat never lowers the equipment, and is nothing to the network', () =>
  law(
    fc.property(arbitrary.device(), arbitrary.beat, arbitrary.outages, (device, beat, out) => {
      const before = evidenceOf(device);
      const after = evidenceOf({ ...device, beats: [...device.beats, { ...beat, live: false }] });
      expect(upMs(equipmentTimeline(after, merge(out), WINDOW))).toBeGreaterThanOrEqual(
        upMs(equipmentTimeline(before, merge(out), WINDOW)),
      );
      expect(networkTimeline(after, merge(out), WINDOW)).toEqual(networkTimeline(before, merge(out), WINDOW));
    }),
  ));

test('nobody is charged for the network while the platform is out', () =>
  law(
    fc.property(arbitrary.device(), arbitrary.outages, (device, out) => {
      const network = networkTimeline(evidenceOf(device), merge(out), WINDOW);
      const charged = merge(network.filter(({ cause }) => cause !== 'platform'));
      expect(duration(intersect(charged, merge(out)))).toBe(0);
    }),
  ));
