import fc from 'fast-check';
import { expect, test } from 'vitest';
import { contains, duration, liveness } from '../src/index.ts';

/** Published test of TimescaleDB Toolkit's heartbeat_agg: 2020-01-01, two hours, each beat lives ten minutes. */
const ms = (clock: string) => {
  const [h = 0, m = 0, s = 0] = clock.split(':').map(Number);
  return ((h * 60 + m) * 60 + s) * 1000;
};
const L = ms('0:10');
const DAY = { from: ms('0:00'), to: ms('2:00') };
const BEATS =
  '0:02:20 0:10 0:17 0:30 0:35 0:40 0:35 0:40 0:40 0:50:30 1:00 1:08 1:18 1:28 1:38:01 1:40 1:40:01 1:50:01 1:57 1:59:50'
    .split(' ')
    .map(ms);

test('heartbeat_agg: live ranges, uptime and downtime', () => {
  const live = liveness(BEATS, L, DAY);
  expect(live).toEqual([
    { from: ms('0:02:20'), to: ms('0:27:00') },
    { from: ms('0:30'), to: ms('0:50') },
    { from: ms('0:50:30'), to: ms('1:38:00') },
    { from: ms('1:38:01'), to: ms('2:00') },
  ]);
  expect(duration(live)).toBe(ms('1:54:09'));
  expect(DAY.to - duration(live)).toBe(ms('0:05:51'));
  expect(['0:01', '0:05', '0:30', '1:38:00'].map((at) => contains(live, ms(at)))).toEqual([false, true, true, false]);
});

test('heartbeat_agg: half-hour buckets carry the state over their start and add up', () => {
  const beats = BEATS.map((beat) => (beat === ms('1:00') ? ms('1:00:30') : beat));
  const up = [0, 1, 2, 3].map((i) => duration(liveness(beats, L, { from: i * ms('0:30'), to: (i + 1) * ms('0:30') })));
  expect(up).toEqual(['0:24:40', '0:29:30', '0:30:00', '0:29:59'].map(ms));
  expect(up.reduce((a, b) => a + b)).toBe(ms('1:54:09'));
});

test('heartbeat_agg: trimming', () => {
  expect(duration(liveness(BEATS, L, { from: ms('0:30'), to: ms('1:30') }))).toBe(ms('0:59:30'));
  expect(duration(liveness(BEATS, L, { from: ms('0:50'), to: ms('0:50:30') }))).toBe(0);
});

test('a clean end cuts liveness short, a later beat renews it', () => {
  const live = liveness([0, 100], 50, { from: 0, to: 200 }, [{ at: 20 }]);
  expect(live).toEqual([
    { from: 0, to: 20 },
    { from: 100, to: 150 },
  ]);
});

test('order and repetition of beats change nothing; more beats never lower the uptime', () => {
  const beats = fc.array(fc.nat(1000), { maxLength: 30 });
  fc.assert(
    fc.property(beats, beats, (some, more) => {
      const window = { from: 0, to: 1000 };
      const live = liveness(some, 50, window);
      expect(liveness([...some, ...some].reverse(), 50, window)).toEqual(live);
      expect(duration(liveness([...some, ...more], 50, window))).toBeGreaterThanOrEqual(duration(live));
    }),
  );
});
