import { expect, test } from 'vitest';
import { clipTimeline, EMPTY, merge, stationTimeline } from '../../src/index.ts';
import { clock } from '../support/clock.ts';
import { beatsAt, device, SILENCE, told } from '../support/evidence.ts';

const WINDOW = { from: 0, to: clock('1:00') };
const DEVICES = new Map([
  [1, device(beatsAt('0:10 0:12 0:14 0:16 0:18 0:20'))],
  [2, device(beatsAt('0:20 0:30 0:32'))],
]);
const evidenceOf = (key: number) => DEVICES.get(key) ?? SILENCE;
const at = (deviceKey: number, from: string, to: string) => ({ deviceKey, from: clock(from), to: clock(to) });

test('a swap: the history of the station goes on with the next device, and each counts only while it stands there', () => {
  const installations = [at(2, '0:25', '2:00'), at(1, '0:11', '0:19')];
  expect(told(stationTimeline('network', installations, evidenceOf, EMPTY, WINDOW))).toEqual([
    '0:00 down/no_device',
    '0:11 up/beat 1',
    '0:19 down/no_device',
    '0:25 down/silent 2',
    '0:30 up/beat 2',
    '0:34:30 down/silent 2',
  ]);
});

test('where nothing is installed it is down in both dimensions, even while the platform is out', () => {
  const outages = merge([WINDOW]);
  for (const dimension of ['network', 'equipment'] as const) {
    expect(told(stationTimeline(dimension, [at(1, '0:30', '0:40')], evidenceOf, outages, WINDOW))).toEqual([
      '0:00 down/no_device',
      '0:30 unknown/platform 1',
      '0:40 down/no_device',
    ]);
  }
});

test('overlapping installations: the one that began last holds', () => {
  const installations = [at(1, '0:00', '1:00'), at(2, '0:20', '0:40')];
  const timeline = stationTimeline('network', installations, evidenceOf, EMPTY, WINDOW);
  expect(timeline.map(({ from, deviceKey }) => [from, deviceKey])).toEqual([
    [0, 1],
    [clock('0:10'), 1],
    [clock('0:20'), 2],
    [clock('0:22:30'), 2],
    [clock('0:30'), 2],
    [clock('0:34:30'), 2],
    [clock('0:40'), 1],
  ]);
});

test('a part of a timeline', () => {
  const timeline = stationTimeline('network', [], evidenceOf, EMPTY, WINDOW);
  expect(told(clipTimeline(timeline, { from: clock('0:20'), to: clock('0:30') }))).toEqual(['0:20 down/no_device']);
  expect(clipTimeline(timeline, { from: clock('2:00'), to: clock('3:00') })).toEqual([]);
});
