import { expect, test } from 'vitest';
import { EMPTY, merge, networkTimeline } from '../../src/index.ts';
import { clock, MINUTE } from '../support/clock.ts';
import { beatsAt, device, SILENCE, told } from '../support/evidence.ts';

const WINDOW = { from: 0, to: clock('1:00') };
const span = (from: string, to: string) => ({ from: clock(from), to: clock(to) });

test('up for 2:30 from each live beat, else down', () => {
  const evidence = device(beatsAt('0:10 0:11 0:12 0:30'));
  expect(told(networkTimeline(evidence, EMPTY, WINDOW))).toEqual([
    '0:00 down/silent',
    '0:10 up/beat',
    '0:14:30 down/silent',
    '0:30 up/beat',
    '0:32:30 down/silent',
  ]);
});

test('backfilled beats prove nothing about the network', () => {
  const evidence = device(beatsAt('0:10 0:11', { live: false }));
  expect(told(networkTimeline(evidence, EMPTY, WINDOW))).toEqual(['0:00 down/silent']);
});

test('beats two and a half minutes apart leave no gap, a millisecond more leaves one', () => {
  const [first] = beatsAt('0:10');
  const beats = [150_000, 300_001].map((after, i) => ({
    at: clock('0:10') + after,
    seq: i + 2,
    live: true,
    livenessMs: 150_000,
  }));
  const window = span('0:10', '0:15');
  const timeline = networkTimeline(device(first === undefined ? [] : [first, ...beats]), EMPTY, window);
  expect(timeline).toEqual([{ from: clock('0:10'), to: clock('0:15'), state: 'up', cause: 'beat' }]);
  const wider = networkTimeline(device(first === undefined ? [] : [first, ...beats]), EMPTY, span('0:10', '0:16'));
  expect(wider.map(({ from, to, state }) => [from - clock('0:10'), to - from, state])).toEqual([
    [0, 300_000, 'up'],
    [300_000, 1, 'down'],
    [300_001, 59_999, 'up'],
  ]);
});

test('a clean end cuts the proof short and names itself; a beat at that very instant renews it', () => {
  const evidence = device(beatsAt('0:10 0:11'), { cleanEnds: [clock('0:12')] });
  expect(told(networkTimeline(evidence, EMPTY, WINDOW))).toEqual([
    '0:00 down/silent',
    '0:10 up/beat',
    '0:12 down/ended',
  ]);
  const renewed = device(beatsAt('0:10 0:11'), { cleanEnds: [clock('0:11')] });
  expect(told(networkTimeline(renewed, EMPTY, WINDOW))).toEqual([
    '0:00 down/silent',
    '0:10 up/beat',
    '0:13:30 down/silent',
  ]);
});

test('after a clean end the next beat brings the network back, however soon', () => {
  const evidence = device(beatsAt('0:10 0:11 0:12'), { cleanEnds: [clock('0:11:20')] });
  expect(told(networkTimeline(evidence, EMPTY, WINDOW)).slice(1)).toEqual([
    '0:10 up/beat',
    '0:11:20 down/ended',
    '0:12 up/beat',
    '0:14:30 down/silent',
  ]);
});

test('a run across a clean end is refused: it does not tell where its beats lie', () => {
  const runs = [{ from: 0, to: 5 * MINUTE, fromSeq: 1, toSeq: 6, livenessMs: 150_000, live: true }];
  const evidence = { ...SILENCE, runs, cleanEnds: [2 * MINUTE] };
  expect(() => networkTimeline(evidence, EMPTY, WINDOW)).toThrow(RangeError);
  expect(() => networkTimeline({ ...evidence, cleanEnds: [5 * MINUTE, 0] }, EMPTY, WINDOW)).not.toThrow();
});

test('while the platform is out nothing is known; after it devices have five minutes to be heard', () => {
  const evidence = device(beatsAt('0:10 0:22 0:40'));
  const outages = merge([span('0:11', '0:20')]);
  expect(told(networkTimeline(evidence, outages, WINDOW))).toEqual([
    '0:00 down/silent',
    '0:10 up/beat',
    '0:11 unknown/platform',
    '0:22 up/beat',
    '0:24:30 unknown/platform',
    '0:25 down/silent',
    '0:40 up/beat',
    '0:42:30 down/silent',
  ]);
});

test('an outage that ended before the window still has its five minutes in it', () => {
  const outages = merge([{ from: -clock('1:00'), to: -MINUTE }]);
  expect(told(networkTimeline(SILENCE, outages, WINDOW))).toEqual(['0:00 unknown/platform', '0:04 down/silent']);
});

test('before the platform ever ran, and where it never came back, nothing is known', () => {
  const outages = merge([
    { from: Number.MIN_SAFE_INTEGER, to: clock('0:10') },
    { from: clock('0:40'), to: Number.MAX_SAFE_INTEGER },
  ]);
  expect(told(networkTimeline(SILENCE, outages, WINDOW))).toEqual([
    '0:00 unknown/platform',
    '0:15 down/silent',
    '0:40 unknown/platform',
  ]);
});
