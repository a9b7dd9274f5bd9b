import { afterAll, afterEach, beforeAll, beforeEach, expect, test } from 'vitest';
import { type TestDatabase, testDatabase } from '../../../test/support/database.ts';
import type { Ingest } from '../../src/ingest/index.ts';
import { addDevices, beat, Clock, liveRow, NOON, openIngest, Speaker, told } from './support.ts';

let db: TestDatabase;
let clock: Clock;
let ingest: Ingest;
beforeAll(async () => {
  db = await testDatabase();
});
afterAll(() => db.close());
beforeEach(async () => {
  await db.reset();
  clock = new Clock();
  ingest = await openIngest(db.pool, clock);
});
afterEach(() => ingest.stop());

async function one(sql: string): Promise<unknown> {
  const { rows } = await db.pool.query<Record<string, unknown>>(sql);
  return Object.values(rows[0] ?? {})[0];
}

test('a record of every kind lands in its table, placed in server time', async () => {
  const [key = 0] = await addDevices(db.pool, 1);
  const device = new Speaker(key, clock);
  await device.rec(ingest, {
    seq0: 10,
    sentMs: 1_000,
    recs: [
      beat(2_000),
      {
        k: 'health',
        d_mono: 0,
        full: true,
        c: { printer: { s: 'fault', r: 'paper_out' }, cpu: { s: 'ok' } },
        m: { cpu_pct: 12.5, odd: 1e300 },
      },
      { k: 'net', d_mono: 0, rtt_ms: 40, sent: 10, lost: 1, operator: '移动', rat: '4g' },
      { k: 'sim', d_mono: 0, rx_bytes: 1000, tx_bytes: 500, iccid: '89860012345678901234' },
      { k: 'event', d_mono: 0, code: 'inventory', d: { cpu: 'arm' } },
      { k: 'result', d_mono: 0, cmd: 'not-ours', state: 'failed', code: 'unknown_op' },
      { k: 'log', d_mono: 0, lvl: 'warn', msg: 'low' },
      { k: 'constructor', d_mono: 0, spin: 'up' },
    ],
  });
  expect(
    await one('select json_agg(json_build_object($$ts$$, ts, $$flags$$, flags, $$seq$$, seq)) from rec_beat'),
  ).toEqual([{ ts: '2026-11-21T03:59:58+00:00', flags: 1, seq: 10 }]);
  expect(await one('select components from rec_health')).toMatchObject({ printer: { s: 'fault' } });
  expect(await one('select operator from rec_net')).toBe('移动');
  expect(await one('select iccid from rec_sim')).toBe('89860012345678901234');
  expect(await one('select inventory from device')).toEqual({ cpu: 'arm' });
  expect(await one('select cmd from rec_result')).toBe('not-ours');
  expect(await one('select msg from rec_log')).toBe('low');
  expect(await one('select json_build_object($$kind$$, kind, $$body$$, body) from rec_other')).toEqual({
    kind: 'constructor',
    body: { spin: 'up' },
  });
  expect(await liveRow(db.pool, key)).toMatchObject({
    seqs: '{[10,18)}',
    boot: 1,
    online: true,
    faulty: true,
    components: { printer: { s: 'fault', r: 'paper_out', since: '2026-11-21T04:00:00+00:00' }, cpu: { s: 'ok' } },
    health: { cpu_pct: 12.5 },
    net: { rtt_ms: 40, lost: 1, operator: '移动' },
    sim_bytes: 1500,
  });
  expect((await told(db.pool)).map((e) => e.kind)).toEqual([
    'device.online',
    'component.fault',
    'device.state',
    'device.event',
  ]);
});

test('the same batch again, and one that overlaps, add only what is new', async () => {
  const [key = 0] = await addDevices(db.pool, 1);
  const device = new Speaker(key, clock);
  const recs = [beat(3000), beat(2000), { k: 'sim', d_mono: 0, rx_bytes: 5, tx_bytes: 5 } as const];
  await device.rec(ingest, { seq0: 1, recs });
  await Promise.all([device.rec(ingest, { seq0: 1, recs }), device.rec(ingest, { seq0: 1, recs })]);
  await device.rec(ingest, { seq0: 2, recs: [recs[1] ?? beat(), recs[2] ?? beat(), beat()] });
  expect(await one('select json_agg(seq order by seq) from rec_beat')).toEqual([1, 2, 4]);
  expect(await liveRow(db.pool, key)).toMatchObject({ seqs: '{[1,5)}', sim_bytes: 10 });
  expect(ingest.stats()).toMatchObject({ stored: 4, repeated: 8 });
});

test('a component that turns is told once; older word on it changes nothing', async () => {
  const [key = 0] = await addDevices(db.pool, 1);
  const device = new Speaker(key, clock);
  const printer = (s: 'ok' | 'fault', d_mono: number) => ({ k: 'health', d_mono, c: { printer: { s } } }) as const;
  await device.rec(ingest, { seq0: 1, recs: [printer('ok', 0)] });
  clock.ms += 60_000;
  await device.rec(ingest, { seq0: 2, recs: [printer('fault', 0), printer('fault', 0)] });
  clock.ms += 60_000;
  await device.rec(ingest, { seq0: 4, recs: [printer('ok', 90_000)] });
  expect(await liveRow(db.pool, key)).toMatchObject({
    faulty: true,
    components: { printer: { s: 'fault', since: '2026-11-21T04:01:00+00:00' } },
  });
  await device.rec(ingest, { seq0: 5, recs: [{ k: 'health', d_mono: 0, full: true, c: { cpu: { s: 'ok' } } }] });
  expect(await liveRow(db.pool, key)).toMatchObject({ faulty: false, components: { printer: { s: 'absent' } } });
  const parts = (await told(db.pool)).filter((e) => e.kind.startsWith('component'));
  expect(parts).toEqual([
    {
      kind: 'component.fault',
      payload: { deviceId: 'dev-1', component: 'printer', state: 'fault', at: '2026-11-21T04:01:00+00:00' },
    },
    {
      kind: 'component.ok',
      payload: { deviceId: 'dev-1', component: 'printer', state: 'absent', at: '2026-11-21T04:02:00+00:00' },
    },
  ]);
});

test('only components that the model requires make a device faulty', async () => {
  const [key = 0] = await addDevices(
    db.pool,
    1,
    `insert into device_model (code, name, required_components) values ('m', 'M', '{printer}')`,
  );
  await db.pool.query('update device set model_id = 1');
  const device = new Speaker(key, clock);
  await device.rec(ingest, { seq0: 1, recs: [{ k: 'health', d_mono: 0, c: { door: { s: 'fault' } } }] });
  expect(await liveRow(db.pool, key)).toMatchObject({ faulty: false });
  await device.rec(ingest, { seq0: 2, recs: [{ k: 'health', d_mono: 0, c: { printer: { s: 'fault' } } }] });
  expect(await liveRow(db.pool, key)).toMatchObject({ faulty: true });
});

test('SIM bytes count in the month of the platform zone', async () => {
  const [key = 0] = await addDevices(db.pool, 1);
  clock.ms = Date.UTC(2026, 10, 30, 15, 59);
  const device = new Speaker(key, clock);
  const used = (bytes: number, d_mono = 0) => ({ k: 'sim', d_mono, rx_bytes: bytes, tx_bytes: 0 }) as const;
  await device.rec(ingest, { seq0: 1, recs: [used(100)] });
  clock.ms += 120_000;
  await device.rec(ingest, { seq0: 2, recs: [used(7), used(1000, 120_000)] });
  const { rows } = await db.pool.query('select sim_month::text, sim_bytes from device_live');
  expect(rows).toEqual([{ sim_month: '2026-12-01', sim_bytes: 7 }]);
});

test('what can not be used is set apart, counted, and its sequence number received', async () => {
  const [key = 0] = await addDevices(db.pool, 1);
  const device = new Speaker(key, clock);
  await device.raw(ingest, 'rec', new TextEncoder().encode('{nonsense'));
  await device.raw(ingest, 'status', new Uint8Array([1, 2, 3]));
  await device.rec(ingest, { seq0: 1, recs: [{ k: 'beat', d_mono: -1 }, beat(), beat(500 * 86_400_000)] });
  const { rows } = await db.pool.query('select channel, code from quarantine order by channel, code');
  expect(rows).toEqual([
    { channel: 'rec', code: 'bad_record' },
    { channel: 'rec', code: 'malformed' },
    { channel: 'rec', code: 'too_old' },
    { channel: 'status', code: 'unknown_form' },
  ]);
  expect(await liveRow(db.pool, key)).toMatchObject({ seqs: '{[1,4)}' });
  expect(await one('select count(*)::int from rec_beat')).toBe(1);
});

test('a mad device fills neither the quarantine nor anybody else', async () => {
  const [key = 0] = await addDevices(db.pool, 1);
  const device = new Speaker(key, clock);
  await Promise.all(Array.from({ length: 300 }, () => device.raw(ingest, 'rec', new Uint8Array([0xff]))));
  expect(await one('select count(*)::int from quarantine')).toBe(20);
  expect(ingest.stats().unusable).toEqual({ unknown_form: 300 });
});

test('an unknown, deleted or revoked device is turned away without harm to others', async () => {
  const [first = 0, second = 0, third = 0] = await addDevices(db.pool, 3);
  const [a, b, c, nobody] = [first, second, third, 999].map((key) => new Speaker(key, clock));
  await Promise.all([a, b, c].map((d) => d?.rec(ingest, { seq0: 1, recs: [beat()] })));
  await db.pool.query('delete from device where device_key = $1', [second]);
  await db.pool.query('update device set revoked_at = now() where device_key = $1', [third]);
  ingest.forget(third);
  await Promise.all([a, b, c, nobody].map((d) => d?.rec(ingest, { seq0: 2, recs: [beat()] })));
  expect(await one('select json_agg(device_key order by seq) from rec_beat where device_key = 1')).toEqual([1, 1]);
  const { rows } = await db.pool.query('select device_id, code from quarantine order by device_id');
  expect(rows).toEqual([
    { device_id: 'dev-2', code: 'unknown_device' },
    { device_id: 'dev-3', code: 'revoked' },
    { device_id: 'dev-999', code: 'unknown_device' },
  ]);
});

test('sequence numbers full of holes are refused before they bloat the row', async () => {
  const [key = 0, other = 0] = await addDevices(db.pool, 2);
  await db.pool.query(
    `update device_live set seqs = (select range_agg(int8range(i::int8 * 1000003 % 99999989, i::int8 * 1000003 % 99999989 + 1)) from generate_series(1, 5000) i)
     where device_key = $1`,
    [key],
  );
  const [device, neighbour] = [new Speaker(key, clock), new Speaker(other, clock)];
  await Promise.all([
    device.rec(ingest, { seq0: 1_000_000_000, recs: [beat()] }),
    neighbour.rec(ingest, { seq0: 1, recs: [beat()] }),
  ]);
  expect(await one('select count(*)::int from rec_beat')).toBe(1);
  expect(await one('select code from quarantine')).toBe('seq_sparse');
});

test('no sample lies after its reception, whatever clocks a device shows', async () => {
  const [key = 0] = await addDevices(db.pool, 1);
  const device = new Speaker(key, clock);
  await device.rec(ingest, { seq0: 1, recs: [beat()], monoMs: 0 });
  await device.rec(ingest, { seq0: 2, recs: [beat()], monoMs: 1e15 });
  await device.rec(ingest, { seq0: 3, recs: [beat()], monoMs: 5 });
  await device.rec(ingest, { seq0: 4, recs: [beat()], boot: 0, cur: 1, sentMs: 4e12, monoMs: 10 });
  expect(await one('select count(*)::int from rec_beat where ts > rcv_at')).toBe(0);
  expect(await one('select count(*)::int from rec_beat')).toBe(4);
  expect(NOON).toBe(clock.ms);
});

test('results and acks move a command forward only', async () => {
  const [key = 0] = await addDevices(db.pool, 1);
  const id = '0193fa4e-0000-7000-8000-000000000001';
  await db.pool.query(
    `insert into command_batch (id, op, ttl_ms, selection, total) values ($1, 'selfcheck', 1000, '{}', 1)`,
    [id],
  );
  await db.pool.query(
    `insert into command (id, batch_id, device_key, op, expires_at) values ($1, $1, $2, 'selfcheck', now() + interval '1 day')`,
    [id, key],
  );
  const device = new Speaker(key, clock);
  await Promise.all([
    device.ack(ingest, id, 'running'),
    device.ack(ingest, id, 'accepted'),
    device.ack(ingest, 'other', 'running'),
  ]);
  await device.rec(ingest, {
    seq0: 1,
    recs: [{ k: 'result', d_mono: 0, cmd: id, state: 'succeeded', d: { ok: true } }],
  });
  await device.ack(ingest, id, 'running');
  await device.rec(ingest, { seq0: 2, recs: [{ k: 'result', d_mono: 0, cmd: id, state: 'failed' }] });
  const { rows } = await db.pool.query('select state, result from command');
  expect(rows).toEqual([{ state: 'succeeded', result: { d: { ok: true } } }]);
  const states = (await told(db.pool)).filter((e) => e.kind === 'command.changed').map((e) => e.payload.state);
  expect(states).toEqual(['running', 'succeeded']);
});
