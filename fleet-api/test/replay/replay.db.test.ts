import { Readable } from 'node:stream';
import { encodeBatch, encodeCbor } from '@uptally/protocol';
import { encodeReplayFrame, type ReplayFrame } from '@uptally/protocol/replay';
import { pino } from 'pino';
import { afterAll, beforeAll, beforeEach, expect, test } from 'vitest';
import { type TestDatabase, testDatabase } from '../../../test/support/database.ts';
import { demoOf, isReplaying, markDemo, NotADemo, ReplayError, type Replayed, replay } from '../../src/replay/index.ts';

const MINUTE_MS = 60_000;
const HOUR_MS = 60 * MINUTE_MS;
/** Midnight in Shanghai, weeks before now. */
const BEGIN_MS = Date.UTC(2026, 9, 1, 16);
const NOW_MS = Date.UTC(2026, 9, 20);

let db: TestDatabase;
beforeAll(async () => {
  db = await testDatabase();
});
afterAll(() => db.close());
beforeEach(() => db.reset());

async function device(deviceId: string): Promise<void> {
  await db.pool.query(
    `with d as (insert into device (device_id, serial) values ($1, $1) returning device_key)
     insert into device_live (device_key) select device_key from d on conflict do nothing`,
    [deviceId],
  );
}

/** Puts a device at a station of its own. */
async function standing(deviceId: string): Promise<void> {
  await db.pool.query(
    `with r as (insert into region (code, name, kind) values ('R', 'R', 'province') returning id),
     s as (insert into site (region_id, code, name, kind) select id, 'S', 'S', 'village_clinic' from r returning id),
     t as (insert into station (site_id, code, name) select id, 'S-1', '1' from s returning id)
     insert into installation (device_key, station_id, from_at) select d.device_key, t.id, $2 from device d, t where d.device_id = $1`,
    [deviceId, new Date(BEGIN_MS)],
  );
}

async function demoWith(...deviceIds: readonly string[]): Promise<void> {
  await markDemo(db.pool, NOW_MS);
  for (const id of deviceIds) await device(id);
}

function play(frames: readonly ReplayFrame[]): Promise<Replayed> {
  const input = Readable.from([Buffer.concat(frames.map(encodeReplayFrame))]);
  return replay({ pool: db.pool, log: pino({ level: 'silent' }), input, clock: () => NOW_MS });
}

const BEAT_MS = 15 * MINUTE_MS;
function birth(deviceId: string, atMs: number, session: number): ReplayFrame {
  const status = { v: 1, s: 'on', session, boot: 3, beat_ms: BEAT_MS, mono_ms: atMs - BEGIN_MS + 1_000 };
  return { kind: 'status', atMs, deviceId, payload: encodeCbor(status) };
}
function will(deviceId: string, atMs: number, session: number): ReplayFrame {
  return { kind: 'status', atMs, deviceId, payload: encodeCbor({ v: 1, s: 'off', session, clean: false }) };
}
/** Beats that are so old when they arrive. */
function beats(deviceId: string, atMs: number, seq0: number, agesMs: readonly number[]): ReplayFrame {
  const envelope = { v: 1, boot: 3, seq0, sent_ms: atMs, mono_ms: atMs - BEGIN_MS + 1_000 } as const;
  const recs = agesMs.map((d_mono) => ({ k: 'beat' as const, d_mono }));
  return { kind: 'rec', atMs, deviceId, payload: encodeBatch({ ...envelope, recs }) };
}

const story: readonly ReplayFrame[] = [
  { kind: 'up', atMs: BEGIN_MS },
  { kind: 'down', atMs: BEGIN_MS + 3 * HOUR_MS },
  { kind: 'up', atMs: BEGIN_MS + 4 * HOUR_MS },
  birth('a', BEGIN_MS + MINUTE_MS, 7),
  beats('a', BEGIN_MS + MINUTE_MS, 100, [0]),
  beats('a', BEGIN_MS + 16 * MINUTE_MS, 101, [0]),
  will('a', BEGIN_MS + HOUR_MS, 7),
  birth('a', BEGIN_MS + 2 * HOUR_MS, 8),
  beats('a', BEGIN_MS + 2 * HOUR_MS, 102, [HOUR_MS, 45 * MINUTE_MS, 10 * MINUTE_MS]),
  beats('b', BEGIN_MS + HOUR_MS, 1, [0]),
  { kind: 'mark', atMs: BEGIN_MS + 6 * HOUR_MS },
];

test('what is replayed is stored as received then: live or late, sessions, the platform out at times; nobody goes online', async () => {
  await demoWith('a', 'b');
  await standing('a');
  expect(await play(story)).toMatchObject({ stored: 6, repeated: 0, fromMs: BEGIN_MS, toMs: BEGIN_MS + 6 * HOUR_MS });
  const { rows: records } = await db.pool.query(
    `select seq, flags, live_ms, extract(epoch from rcv_at - $1::timestamptz)::int / 60 as minute from rec_beat b
     join device using (device_key) where device_id = 'a' order by seq`,
    [new Date(BEGIN_MS)],
  );
  const live_ms = 2.5 * BEAT_MS;
  expect(records).toEqual([
    { seq: 100, flags: 1, live_ms, minute: 1 },
    { seq: 101, flags: 1, live_ms, minute: 16 },
    { seq: 102, flags: 0, live_ms, minute: 120 },
    { seq: 103, flags: 0, live_ms, minute: 120 },
    { seq: 104, flags: 1, live_ms, minute: 120 },
  ]);
  const { rows: sessions } = await db.pool.query('select session, end_kind from device_session order by session');
  expect(sessions).toEqual([
    { session: 7, end_kind: 'will' },
    { session: 8, end_kind: null },
  ]);
  const { rows: up } = await db.pool.query(
    `select extract(epoch from from_at - $1::timestamptz)::int / 3600 as "from", extract(epoch from to_at - $1::timestamptz)::int / 3600 as "to"
     from platform_liveness where component = 'ingest' order by from_at`,
    [new Date(BEGIN_MS)],
  );
  expect(up).toEqual([
    { from: 0, to: 3 },
    { from: 4, to: 6 },
  ]);
  const { rows: live } = await db.pool.query(
    `select online, extract(epoch from changed_at - last_live_at)::float8 / 60 as silent from device_live order by device_key`,
  );
  expect(live).toEqual([
    { online: false, silent: 37.5 },
    { online: false, silent: 2.5 },
  ]);
  const { rows: told } = await db.pool.query(
    `select kind, payload from outbox where kind in ('device.online', 'device.offline')`,
  );
  const at = expect.stringContaining('2026-10-01T18:37:30');
  expect(told).toEqual([{ kind: 'device.offline', payload: { deviceId: 'a', at, reason: 'silent' } }]);
});

test('a replay that broke off is begun again and stores nothing twice; a complete one is the last', async () => {
  await demoWith('a', 'b');
  const broken: readonly ReplayFrame[] = [
    ...story.slice(0, 6),
    { kind: 'mark', atMs: BEGIN_MS + HOUR_MS },
    { kind: 'rec', atMs: BEGIN_MS + HOUR_MS, deviceId: 'nobody', payload: Buffer.from('{}') },
  ];
  await expect(play(broken)).rejects.toThrow(/no device nobody/);
  expect(await play(story)).toMatchObject({ stored: 4, repeated: 2 });
  await expect(play(story)).rejects.toThrow(ReplayError);
  expect(await isReplaying(db.pool, NOW_MS)).toBe(false);
  expect((await demoOf(db.pool))?.replayed?.records).toBe(6);
  const { rows } = await db.pool.query(`select 1 from audit_log where action = 'demo.replayed'`);
  expect(rows).toHaveLength(1);
});

test('only the database of a demo takes a past, and none that has devices of its own becomes one', async () => {
  await device('real');
  await expect(markDemo(db.pool, NOW_MS)).rejects.toThrow(NotADemo);
  await expect(play(story)).rejects.toThrow(NotADemo);
  const { rows } = await db.pool.query('select 1 from platform_liveness');
  expect(rows).toEqual([]);
});
