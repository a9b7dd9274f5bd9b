import { describe, expect, test } from 'vitest';
import {
  type Beat,
  DEFAULT_COUNTING,
  type DeviceEvidence,
  EMPTY,
  equipmentTimeline,
  type Interval,
  merge,
  networkTimeline,
  RECOVERY_MS,
  rateOf,
  showPercent,
  tally,
} from '../../src/index.ts';
import { clock, HOUR, MINUTE } from '../support/clock.ts';
import { device, told } from '../support/evidence.ts';

const DAY: Interval = { from: 0, to: 24 * HOUR };
const L = 150_000;

/** A beat on every minute of the day and of the hours around it; `how` may drop or change each. */
function day(how: (beat: Beat) => Beat | null, rest: Partial<DeviceEvidence> = {}): DeviceEvidence {
  const beats = Array.from({ length: 26 * 60 }, (_, i) => ({
    at: i * MINUTE - HOUR,
    seq: i + 1,
    live: true,
    livenessMs: L,
  }));
  return device(
    beats.flatMap((beat) => how(beat) ?? []),
    rest,
  );
}
const between = (at: number, from: string, to: string) => clock(from) <= at && at < clock(to);
const numbers = (judge: typeof networkTimeline, evidence: DeviceEvidence, outages: readonly Interval[] = []) =>
  tally(merge([DAY]), EMPTY, judge(evidence, merge(outages), DAY));

test('alive but cut off for six hours, then back: the network was down for six hours less L and a beat, the equipment not', () => {
  const cutOff = day((beat) => (between(beat.at, '8:00', '14:00') ? { ...beat, live: false } : beat));
  expect(numbers(networkTimeline, cutOff).down).toBe(6 * HOUR - (L - MINUTE));
  expect(numbers(equipmentTimeline, cutOff).up).toBe(24 * HOUR);
});

test('cut off and not yet back: the equipment is unknown until the backlog comes', () => {
  const gone = day((beat) => (between(beat.at, '8:00', '14:00') ? null : beat), { received: [{ lo: 1, hi: 500 }] });
  expect(numbers(equipmentTimeline, gone)).toMatchObject({ down: 0, unknown: 6 * HOUR - (L - MINUTE) });
});

test('powered off for six hours: both are down', () => {
  let seq = 0;
  const off = day((beat) => (between(beat.at, '8:00', '14:00') ? null : { ...beat, seq: ++seq }), {
    boots: [clock('13:59')],
  });
  for (const judge of [networkTimeline, equipmentTimeline]) {
    expect(numbers(judge, off)).toMatchObject({ down: 6 * HOUR - (L - MINUTE), unknown: 0, platform: 0 });
  }
});

test('the platform down for an hour: nobody is charged, the hour is its own', () => {
  const outage = { from: clock('8:00'), to: clock('9:00') };
  const lostToUs = day((beat) => (between(beat.at, '8:00', '9:03') ? null : beat));
  const network = numbers(networkTimeline, lostToUs, [outage]);
  expect(network).toMatchObject({ down: 0, platform: HOUR + 3 * MINUTE });
  const rate = rateOf(network, DEFAULT_COUNTING) ?? expect.unreachable();
  expect(showPercent(rate)).toBe('100.00');
  const backlogged = day((beat) => (between(beat.at, '8:00', '9:03') ? { ...beat, live: false } : beat));
  expect(numbers(equipmentTimeline, backlogged, [outage])).toMatchObject({ up: 24 * HOUR });
});

test('a device that fails while the platform is out counts from five minutes after', () => {
  const outage = { from: clock('8:00'), to: clock('9:00') };
  const dead = day((beat) => (beat.at >= clock('8:30') ? null : beat));
  expect(told(networkTimeline(dead, merge([outage]), DAY))).toEqual([
    '0:00 up/beat',
    '8:00 unknown/platform',
    '9:05 down/silent',
  ]);
  expect(RECOVERY_MS).toBe(5 * MINUTE);
});

describe('published test of heartbeat_agg', () => {
  const WINDOW = { from: 0, to: clock('2:00') };
  const TIMES =
    '0:02:20 0:10 0:17 0:30 0:35 0:40 0:35 0:40 0:40 0:50:30 1:00 1:08 1:18 1:28 1:38:01 1:40 1:40:01 1:50:01 1:57 1:59:50';
  const beatsOf = (times: string) =>
    times.split(' ').map((time, seq) => ({ at: clock(time), seq, live: true, livenessMs: 10 * MINUTE }));
  const upMs = (times: string, window: Interval) =>
    tally(merge([window]), EMPTY, networkTimeline(device(beatsOf(times)), EMPTY, window)).up;

  test('live ranges, up, down, and the state at an instant', () => {
    const timeline = networkTimeline(device(beatsOf(TIMES)), EMPTY, WINDOW);
    expect(told(timeline)).toEqual([
      '0:00 down/silent',
      '0:02:20 up/beat',
      '0:27 down/silent',
      '0:30 up/beat',
      '0:50 down/silent',
      '0:50:30 up/beat',
      '1:38 down/silent',
      '1:38:01 up/beat',
    ]);
    expect(tally(merge([WINDOW]), EMPTY, timeline)).toMatchObject({ up: clock('1:54:09'), down: clock('0:05:51') });
    const liveAt = (time: string) =>
      timeline.find(({ from, to }) => from <= clock(time) && clock(time) < to)?.state === 'up';
    expect(['0:01', '0:05', '0:30', '1:38:00'].map(liveAt)).toEqual([false, true, true, false]);
  });

  test('half-hour buckets, the state carried over their start, add up to the whole', () => {
    const times = TIMES.replace('1:00 ', '1:00:30 ');
    const buckets = [0, 1, 2, 3].map((i) => upMs(times, { from: i * 30 * MINUTE, to: (i + 1) * 30 * MINUTE }));
    expect(buckets).toEqual(['0:24:40', '0:29:30', '0:30:00', '0:29:59'].map(clock));
    expect(buckets.reduce((a, b) => a + b)).toBe(upMs(times, WINDOW));
  });

  test('trimmed', () => {
    expect(upMs(TIMES, { from: clock('0:30'), to: clock('1:30') })).toBe(clock('0:59:30'));
    expect(upMs(TIMES, { from: clock('0:50'), to: clock('0:50:30') })).toBe(0);
  });
});
