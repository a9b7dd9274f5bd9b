import { encodeCbor } from '@uptally/protocol';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { trueNowMs } from '../../src/device/clock.ts';
import { DAY_MS, HOUR_MS } from '../../src/device/rhythm.ts';
import { hainanFleet } from '../../src/fleet/hainan.ts';
import { SimFleet, type SimFleetOptions } from '../../src/run/sim-fleet.ts';
import { credentialsFor, QUICK, RecordingPlatform, until } from '../support/platform.ts';

const fleet = hainanFleet(1);
const some = fleet.devices.slice(0, 20);
const platform = new RecordingPlatform();
let sim: SimFleet | null = null;

beforeEach(() => platform.start());
afterEach(async () => {
  await sim?.stop({ goodbye: false });
  sim = null;
  await platform.stop();
  platform.received.length = platform.statuses.length = platform.acks.length = 0;
});

function begin(options: Partial<SimFleetOptions> = {}): SimFleet {
  const credentials = credentialsFor(some, Date.UTC(2026, 10, 1));
  sim = new SimFleet({ fleet, seed: 1, address: platform.address, credentials, ...QUICK, ...options });
  sim.start();
  return sim;
}

const idOf = (index: number): string => fleet.devices[index]?.serial.toLowerCase() ?? '';
const everyone = some.map((_, i) => idOf(i));

test('twenty devices come online with birth, beat, full picture and inventory', async () => {
  const running = begin();
  await until(() => running.counts().up === 20);
  for (const id of everyone) {
    await until(() => platform.statuses.find((s) => s.deviceId === id && s.status.s === 'on'));
    await until(() => platform.recordsOf(id, 'beat').length > 0);
    await until(() => platform.recordsOf(id, 'health').find(({ rec }) => 'full' in rec && rec.full));
    await until(() => platform.recordsOf(id, 'event').find(({ rec }) => 'code' in rec && rec.code === 'inventory'));
  }
});

test('a printer without paper is reported at once, and its cure', async () => {
  const running = begin();
  await until(() => running.counts().up === 20);
  const report = (state: string) =>
    platform.recordsOf(idOf(3), 'health').find(({ rec }) => {
      const c = 'c' in rec ? (rec.c as Record<string, { s: string; r?: string }>) : {};
      return !('full' in rec) && c.printer?.s === state && (state === 'ok' || c.printer.r === 'paper_out');
    });
  const device = running.device(3);
  await until(() => platform.recordsOf(idOf(3), 'health').length > 0);
  device?.apply('x', { kind: 'fault', component: 'printer', state: 'fault', reason: 'paper_out' });
  await until(() => report('fault'));
  device?.clear('x');
  await until(() => report('ok'));
});

test('a device that is cut off keeps its records and delivers them in order when the network is back', async () => {
  const running = begin();
  await until(() => running.counts().up === 20);
  const device = running.device(5);
  await until(() => platform.recordsOf(idOf(5), 'beat').length > 0);
  device?.apply('out', { kind: 'link_down' });
  device?.apply('hot', { kind: 'heat', toC: 95 });
  await until(() => device?.up === false);
  const before = platform.batchesOf(idOf(5)).length;
  expect(platform.broker.stats().devices).toBe(20); // nobody told the broker
  device?.clear('out');
  await until(() => device?.up);
  const fault = await until(() =>
    platform.recordsOf(idOf(5), 'health').find(({ rec }) => 'c' in rec && hasState(rec.c, 'temperature', 'fault')),
  );
  expect(platform.batchesOf(idOf(5)).length).toBeGreaterThan(before);
  expect(fault.ageMs).toBeGreaterThan(500);
  const births = platform.statuses.filter((s) => s.deviceId === idOf(5) && s.status.s === 'on');
  expect(births.map((b) => b.status.session)).toEqual([...new Set(births.map((b) => b.status.session))]);
  expect(seqsOf(idOf(5)).gaps).toBe(0);
});

test('a fortnight in the spool arrives placed by the monotonic clock, the present first, without a gap', async () => {
  const untilMs = trueNowMs();
  const fromMs = untilMs - 14 * DAY_MS;
  const running = begin({ past: { fromMs, untilMs } });
  await until(() => running.counts().up >= 15);
  await until(() => running.counts().pastWaiting === 0);
  const { pastTotal } = running.counts();
  expect(pastTotal).toBeGreaterThan(20 * 500);
  const id = await until(() => everyone.find((one) => platform.recordsOf(one, 'beat').length > 300));
  const [first] = platform.batchesOf(id);
  expect(first?.batch.cur).toBe(first?.batch.boot);
  expect(Math.max(...(first?.batch.records.map(({ rec }) => rec.d_mono) ?? [Infinity]))).toBeLessThan(60_000);
  const live = platform.recordsOf(id, 'beat').filter(({ boot, cur }) => boot === cur);
  for (const beat of live) expect(beat.rcvMs - beat.ageMs).toBeGreaterThan(fromMs - HOUR_MS);
  expect(seqsOf(id).gaps).toBe(0);
  const rewound = everyone.flatMap((one) => platform.batchesOf(one)).filter(({ batch }) => batch.cur !== batch.boot);
  for (const { batch } of rewound) expect(batch.boot).toBeLessThan(batch.cur);
});

test('after a power cut a device boots again under a higher boot number', async () => {
  const running = begin();
  await until(() => running.counts().up === 20);
  const device = running.device(7);
  const bootBefore = await until(() => platform.statuses.find((s) => s.deviceId === idOf(7))?.status.boot);
  device?.apply('cut', { kind: 'power_off' });
  expect(device?.truth.powered).toBe(false);
  device?.clear('cut');
  const birth = await until(() =>
    platform.statuses.find((s) => s.deviceId === idOf(7) && s.status.s === 'on' && s.status.boot === bootBefore + 1),
  );
  expect(birth.status.mono_ms).toBeLessThan(60_000);
});

test('everybody comes back after the broker was restarted, and nobody repeats a session', async () => {
  const running = begin();
  await until(() => running.counts().up === 20);
  await platform.stop();
  await until(() => running.counts().up === 0);
  await platform.start();
  await until(() => running.counts().up === 20);
  for (const id of everyone) {
    const sessions = platform.statuses
      .filter((s) => s.deviceId === id && s.status.s === 'on')
      .map((s) => s.status.session);
    expect(new Set(sessions).size).toBe(sessions.length);
  }
});

test('a command is carried out once and its result kept', async () => {
  const running = begin();
  await until(() => running.counts().up === 20);
  const command = encodeCbor({ v: 1, id: 'c-1', op: 'selfcheck', ttl_ms: 60_000 });
  await platform.broker.publish(idOf(2), 'cmd', command);
  await platform.broker.publish(idOf(2), 'cmd', command);
  const result = await until(() => platform.recordsOf(idOf(2), 'result')[0]);
  expect(result.rec).toMatchObject({ cmd: 'c-1', state: 'succeeded' });
  expect(platform.acks.filter((a) => a.cmd === 'c-1' && a.state === 'running')).toHaveLength(1);
});

test('a simulator that starts again goes on in the same boot with numbers never used before', async () => {
  const first = begin();
  await until(() => first.counts().up === 20 && first.counts().waiting === 0);
  await first.stop({ goodbye: true });
  const kept = first.state(true);
  const used = new Set(platform.batchesOf(idOf(0)).flatMap(({ batch }) => batch.records.map((r) => r.seq)));
  const bootBefore = platform.statuses.find((s) => s.deviceId === idOf(0))?.status.boot;
  platform.received.length = platform.statuses.length = 0;
  const second = begin({ kept });
  await until(() => second.counts().up === 20 && second.counts().waiting === 0);
  const birth = await until(() => platform.statuses.find((s) => s.deviceId === idOf(0) && s.status.s === 'on'));
  expect(birth.status.boot).toBe(bootBefore);
  for (const { batch } of platform.batchesOf(idOf(0)))
    for (const { seq } of batch.records) expect(used.has(seq)).toBe(false);
});

function hasState(c: unknown, component: string, state: string): boolean {
  return (c as Record<string, { s: string }> | undefined)?.[component]?.s === state;
}

function seqsOf(deviceId: string): { gaps: number } {
  const seqs = [...new Set(platform.batchesOf(deviceId).flatMap(({ batch }) => batch.records.map((r) => r.seq)))].sort(
    (a, b) => a - b,
  );
  const gaps = seqs.filter((seq, i) => i > 0 && seq !== (seqs[i - 1] ?? 0) + 1).length;
  return { gaps };
}
