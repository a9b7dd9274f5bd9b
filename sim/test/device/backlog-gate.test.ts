import type { Clock } from '@uptally/agent';
import { expect, test } from 'vitest';
import { BacklogGate, PACE_MS } from '../../src/device/backlog-gate.ts';

const timers: number[] = [];
const clock: Clock = {
  monoMs: () => 5,
  wallMs: () => 6,
  setTimer: (delayMs) => {
    timers.push(delayMs);
    return { cancel: () => undefined };
  },
};
const settled = () => new Promise<void>((resolve) => setImmediate(() => setImmediate(resolve)));

test('no more devices than allowed send of their past at a time; an answer lets the next one in', async () => {
  const gate = new BacklogGate(2);
  const turns = ['a', 'b', 'c'].map(() => gate.turn(() => true));
  const ran: string[] = [];
  const [a, b, c] = ['a', 'b', 'c'].map((name, i) => {
    const device = turns[i]?.clock(clock);
    return { rest: () => device?.setTimer(PACE_MS, () => ran.push(name)) };
  });
  for (const device of [a, b, c]) device?.rest();
  await settled();
  expect(ran).toEqual(['a', 'b']);
  expect(turns.map((turn) => turn.holds())).toEqual([true, true, false]);
  b?.rest();
  await settled();
  expect(ran).toEqual(['a', 'b', 'c']);
});

test('a gate that is shut lets nobody through until it is opened', async () => {
  const gate = new BacklogGate(0);
  const ran: string[] = [];
  gate
    .turn(() => true)
    .clock(clock)
    .setTimer(PACE_MS, () => ran.push('a'));
  await settled();
  expect(ran).toEqual([]);
  gate.open(1);
  await settled();
  expect(ran).toEqual(['a']);
});

test('a device that gives up waiting loses its turn', async () => {
  const gate = new BacklogGate(1);
  const ran: string[] = [];
  const [a, b, c] = ['a', 'b', 'c'].map((name) => ({ name, clock: gate.turn(() => true).clock(clock) }));
  a?.clock.setTimer(PACE_MS, () => ran.push('a'));
  b?.clock.setTimer(PACE_MS, () => ran.push('b')).cancel();
  c?.clock.setTimer(PACE_MS, () => ran.push('c'));
  a?.clock.setTimer(PACE_MS, () => ran.push('a again'));
  await settled();
  expect(ran).toEqual(['a', 'c']);
});

test('a batch whose answer never comes does not hold its place for ever', async () => {
  let nowMs = 0;
  const gate = new BacklogGate(1, () => nowMs);
  const ran: string[] = [];
  gate
    .turn(() => true)
    .clock(clock)
    .setTimer(PACE_MS, () => ran.push('lost'));
  gate
    .turn(() => true)
    .clock(clock)
    .setTimer(PACE_MS, () => ran.push('next'));
  await settled();
  expect(ran).toEqual(['lost']);
  nowMs = 60_000;
  await expect.poll(() => ran, { timeout: 20_000 }).toEqual(['lost', 'next']);
});

test('other timers, and those of devices without a past, are the clock’s own', () => {
  const gate = new BacklogGate(1);
  timers.length = 0;
  gate
    .turn(() => true)
    .clock(clock)
    .setTimer(10, () => undefined);
  gate
    .turn(() => false)
    .clock(clock)
    .setTimer(PACE_MS, () => undefined);
  expect(timers).toEqual([10, PACE_MS]);
});
