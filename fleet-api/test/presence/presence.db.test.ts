import { afterAll, afterEach, beforeAll, beforeEach, expect, test } from 'vitest';
import { type TestDatabase, testDatabase } from '../../../test/support/database.ts';
import type { Ingest } from '../../src/ingest/index.ts';
import { Liveness, livenessSpans } from '../../src/platform/index.ts';
import { forgetConnections, sweep } from '../../src/presence/index.ts';
import { addDevices, beat, Clock, liveRow, NOON, openIngest, Speaker, silent, told } from '../ingest/support.ts';

let db: TestDatabase;
let clock: Clock;
let ingest: Ingest;
let liveness: Liveness;
beforeAll(async () => {
  db = await testDatabase();
});
afterAll(() => db.close());
beforeEach(async () => {
  await db.reset();
  clock = new Clock(NOON - 60_000);
  ingest = await openIngest(db.pool, clock);
  liveness = newLiveness('a');
  await liveness.extend();
  await pass(60_000);
});
afterEach(() => ingest.stop());

const newLiveness = (instance: string): Liveness =>
  new Liveness({ pool: db.pool, component: 'ingest', instance, clock: clock.now, log: silent });

/** Lets time pass with the platform alive. */
async function pass(ms: number): Promise<void> {
  for (let left = ms; left > 0; left -= 5_000) {
    clock.ms += Math.min(5_000, left);
    await liveness.extend();
  }
}

const offlines = async () => (await told(db.pool)).filter((e) => e.kind === 'device.offline').map((e) => e.payload);
const iso = (ms: number): string => new Date(ms).toISOString().replace('.000Z', '+00:00');

test('a device is online for L after its newest live sample, and no longer', async () => {
  const [key = 0] = await addDevices(db.pool, 1);
  const device = new Speaker(key, clock);
  await device.rec(ingest, { seq0: 1, recs: [beat(10_000)] });
  await pass(139_000);
  expect(await sweep(db.pool, clock.ms)).toEqual({ idle: false, offline: 0 });
  await pass(1_000);
  expect(await sweep(db.pool, clock.ms)).toEqual({ idle: false, offline: 1 });
  expect(await sweep(db.pool, clock.ms)).toEqual({ idle: false, offline: 0 });
  expect(await offlines()).toEqual([{ deviceId: 'dev-1', at: iso(NOON + 140_000), reason: 'silent' }]);
  await device.rec(ingest, { seq0: 2, recs: [beat()] });
  expect(await liveRow(db.pool, key)).toMatchObject({ online: true, changed_at: new Date(clock.ms) });
});

test('backfilled records are no sign of life', async () => {
  const [key = 0] = await addDevices(db.pool, 1);
  await new Speaker(key, clock).rec(ingest, { seq0: 1, recs: [beat(100_000)] });
  expect(await liveRow(db.pool, key)).toMatchObject({ online: false, last_live_at: null, last_rcv_at: new Date(NOON) });
});

test("the platform's own outage makes nobody silent; afterwards everybody has L to come back", async () => {
  const keys = await addDevices(db.pool, 2);
  const [first, second] = keys.map((key) => new Speaker(key, clock));
  await Promise.all([first, second].map((d) => d?.rec(ingest, { seq0: 1, recs: [beat()] })));
  clock.ms += 3_600_000;
  expect(await sweep(db.pool, clock.ms)).toEqual({ idle: true, offline: 0 });
  liveness = newLiveness('b');
  await liveness.extend();
  const backAt = clock.ms;
  expect(await sweep(db.pool, clock.ms)).toEqual({ idle: false, offline: 0 });
  await pass(100_000);
  await first?.rec(ingest, { seq0: 2, recs: [beat()] });
  await pass(50_000);
  expect(await sweep(db.pool, clock.ms)).toEqual({ idle: false, offline: 1 });
  expect(await offlines()).toEqual([
    { deviceId: 'dev-2', at: iso(backAt + 150_000), reason: 'silent', after_outage: true },
  ]);
  const spans = await livenessSpans(db.pool, new Date(0));
  expect(spans.map((s) => [s.from_at.getTime() - NOON, s.to_at.getTime() - NOON])).toEqual([
    [-60_000, 0],
    [3_600_000, 3_750_000],
  ]);
});

test('another process that went on receiving leaves no outage', async () => {
  const other = newLiveness('b');
  for (let i = 0; i < 10; i += 1) {
    clock.ms += 5_000;
    await other.extend();
  }
  await liveness.extend();
  expect(await livenessSpans(db.pool, new Date(0))).toHaveLength(1);
});

test('birth, will and clean end: only the newest session counts', async () => {
  const [key = 0] = await addDevices(db.pool, 1);
  const device = new Speaker(key, clock);
  await device.status(ingest, { s: 'on', session: 7, boot: 2, agent: '1.0', fw: 'x', beat_ms: 30_000, mono_ms: 5_000 });
  expect(await liveRow(db.pool, key)).toMatchObject({
    online: true,
    connected: true,
    session: 7,
    boot: 2,
    agent: '1.0',
    beat_ms: 30_000,
  });
  clock.ms += 10_000;
  await device.status(ingest, { s: 'on', session: 8, boot: 2 });
  await device.status(ingest, { s: 'off', session: 7, clean: false });
  expect(await liveRow(db.pool, key)).toMatchObject({ online: true, connected: true, session: 8 });
  await device.status(ingest, { s: 'off', session: 8, clean: false });
  expect(await liveRow(db.pool, key)).toMatchObject({ online: true, connected: false });
  clock.ms += 10_000;
  await device.status(ingest, { s: 'on', session: 9 });
  clock.ms += 10_000;
  await device.status(ingest, { s: 'off', session: 9, clean: true });
  expect(await liveRow(db.pool, key)).toMatchObject({
    online: false,
    connected: false,
    changed_at: new Date(clock.ms),
  });
  const { rows } = await db.pool.query('select session, end_kind from device_session order by session');
  expect(rows).toEqual([
    { session: 7, end_kind: 'superseded' },
    { session: 8, end_kind: 'will' },
    { session: 9, end_kind: 'clean' },
  ]);
  expect(await offlines()).toEqual([{ deviceId: 'dev-1', at: iso(clock.ms), reason: 'clean' }]);
});

test('an end that overtakes its birth stands', async () => {
  const [key = 0] = await addDevices(db.pool, 1);
  const device = new Speaker(key, clock);
  await device.status(ingest, { s: 'off', session: 3, clean: false });
  await device.status(ingest, { s: 'on', session: 3, agent: '2.0' });
  expect(await liveRow(db.pool, key)).toMatchObject({ connected: false, session: 3, agent: '2.0' });
  expect((await db.pool.query('select session, end_kind from device_session')).rows).toEqual([
    { session: 3, end_kind: 'will' },
  ]);
});

test('a live record sent before a clean end does not raise the device again; one sent after does', async () => {
  const [key = 0] = await addDevices(db.pool, 1);
  const device = new Speaker(key, clock);
  await device.status(ingest, { s: 'on', session: 1 });
  clock.ms += 5_000;
  await device.status(ingest, { s: 'off', session: 1, clean: true });
  clock.ms += 1_000;
  await device.rec(ingest, { seq0: 1, recs: [beat(3_000)] });
  expect(await liveRow(db.pool, key)).toMatchObject({ online: false });
  await device.rec(ingest, { seq0: 2, recs: [beat()] });
  expect(await liveRow(db.pool, key)).toMatchObject({ online: true });
});

test("the broker's view of connections is written, a takeover leaves the device connected", async () => {
  const [first = 0, second = 0] = await addDevices(db.pool, 2);
  const [a, b] = [first, second].map((deviceKey) => ({ deviceKey, deviceId: `dev-${deviceKey}` }));
  if (a === undefined || b === undefined) throw new Error('two devices');
  for (const device of [a, a, b]) ingest.sink.connected(device);
  for (const device of [a, b]) ingest.sink.disconnected(device);
  await ingest.stop();
  expect(await liveRow(db.pool, first)).toMatchObject({ connected: true });
  expect(await liveRow(db.pool, second)).toMatchObject({ connected: false });
  await forgetConnections(db.pool);
  expect(await liveRow(db.pool, first)).toMatchObject({ connected: false });
});
