import { existsSync, mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { periodOf } from '@uptally/sla';
import pino from 'pino';
import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { type TestDatabase, testDatabase } from '../../../test/support/database.ts';
import { settleMarks } from '../../src/availability/ledger/index.ts';
import { removeOldBundles } from '../../src/evidence/bundle/clean.ts';
import { BundleMaker } from '../../src/evidence/bundle/maker.ts';
import { findBundle, insertJob } from '../../src/evidence/bundle/store.ts';
import { closedDays, closedLine } from '../../src/evidence/verify/closed.ts';
import { checkBundle } from '../../src/evidence/verify/offline.ts';
import { type VerifiedStation, verify } from '../../src/evidence/verify/run.ts';
import { closePeriod } from '../exclusions/support.ts';
import { DAY_MS, HOUR_MS, MINUTE_MS } from './support.ts';

/** 2026-10-01 in Shanghai; the platform began a day before, and it is the fourth now. */
const DAY_ONE = Date.UTC(2026, 8, 30, 16);
const NOW = DAY_ONE + 3 * DAY_MS + 2 * HOUR_MS;
const iso = (ms: number): string => new Date(ms).toISOString();

let db: TestDatabase;
let dir: string;
beforeAll(async () => {
  db = await testDatabase();
  dir = mkdtempSync(join(tmpdir(), 'uptally-evidence-'));
});
afterAll(async () => {
  rmSync(dir, { recursive: true, force: true });
  await db.close();
});

/** One station; its device beats each minute but for six hours, of which it tells later; its printer is out for one hour. */
beforeEach(async () => {
  await db.reset();
  const { pool } = db;
  await pool.query(
    `insert into contract (code, name, is_baseline, term_from) values ('baseline', 'baseline', true, '2026-09-01')`,
  );
  await pool.query(
    `with r as (insert into region (kind, code, name) values ('province', 'P', 'Province') returning id),
     s as (insert into site (region_id, code, name) select id, 'SI', 'Clinic' from r returning id),
     t as (insert into station (site_id, code, name, commissioned_at) select id, 'ST-1', 'Counter', $1::timestamptz from s returning id),
     m as (insert into device_model (code, name, required_components) values ('M', 'M', '{printer}') returning id),
     d as (insert into device (device_id, serial, model_id) select 'pos-1', 'SN-1', id from m returning device_key),
     l as (insert into device_live (device_key, seqs) select device_key, '{[1,5001)}' from d)
     insert into installation (device_key, station_id, from_at) select device_key, t.id, $1::timestamptz from d, t`,
    [iso(DAY_ONE - DAY_MS)],
  );
  await pool.query(
    `insert into platform_liveness (component, instance, from_at, to_at) values ('ingest', 'a', $1, $2)`,
    [iso(DAY_ONE - DAY_MS), iso(NOW)],
  );
  const cut = { from: DAY_ONE + 30 * HOUR_MS, to: DAY_ONE + 36 * HOUR_MS };
  await pool.query(
    `insert into rec_beat (ts, rcv_at, seq, device_key, flags, live_ms)
     select ts, ts, row_number() over (order by ts), d.device_key, case when ts >= $2 and ts < $3 then 0 else 1 end, 150000
     from device d, generate_series($1::timestamptz, $4::timestamptz, interval '1 minute') ts`,
    [iso(DAY_ONE), iso(cut.from), iso(cut.to), iso(NOW)],
  );
  for (const live of [true, false]) {
    for (const [from, to] of live
      ? [
          [DAY_ONE, cut.from - MINUTE_MS],
          [cut.to, NOW],
        ]
      : [[cut.from, cut.to - MINUTE_MS]]) {
      await pool.query(
        `insert into beat_run (device_key, live, from_at, to_at, from_seq, to_seq, live_ms)
         select device_key, $3, $1::timestamptz, $2::timestamptz,
           (select min(seq) from rec_beat where ts = $1::timestamptz), (select min(seq) from rec_beat where ts = $2::timestamptz), 150000
         from device`,
        [iso(from ?? 0), iso(to ?? 0), live],
      );
    }
  }
  for (const [state, at] of [
    ['fault', DAY_ONE + 5 * HOUR_MS],
    ['ok', DAY_ONE + 6 * HOUR_MS],
  ] as const) {
    await pool.query(
      `with h as (
         insert into rec_health (ts, rcv_at, seq, device_key, flags, is_full, components)
         select $1::timestamptz, $1::timestamptz, $2, device_key, 1, false, jsonb_build_object('printer', jsonb_build_object('s', $3::text)) from device)
       insert into component_report (device_key, component, at, seq, state) select device_key, 'printer', $1::timestamptz, $2, $3::text from device`,
      [iso(at), state === 'fault' ? 4900 : 4901, state],
    );
  }
  await settleMarks(pool, NOW);
});

async function verified(period = '2026-10-01/2026-10-04'): Promise<VerifiedStation[]> {
  const stations: VerifiedStation[] = [];
  const request = { period: period.replace('/', '..'), contract: null, region: null, station: null };
  const options = { pool: db.pool, clock: () => NOW, settle: () => settleMarks(db.pool, NOW) };
  for await (const each of verify(request, options)) stations.push(each);
  return stations;
}

describe('verify', () => {
  it('finds no difference in what the ledger keeps', async () => {
    const [only] = await verified();
    expect(only?.differences).toEqual([]);
    const [first, second, third] = only?.days ?? [];
    expect(first?.equipment.down).toBe(HOUR_MS);
    expect(second?.network.down).toBe(6 * HOUR_MS - 90_000);
    expect(second?.equipment).toEqual({ up: DAY_MS, down: 0, unknown: 0, platform: 0, excluded: 0 });
    expect(third?.network.up).toBe(DAY_MS);
  });

  it('names day, number and milliseconds of a figure that somebody touched', async () => {
    await db.pool.query(
      `update accrual set net_up_ms = net_up_ms + 7, net_down_ms = net_down_ms - 7 where day = '2026-10-02'`,
    );
    const [only] = await verified();
    expect(only?.differences.map(({ day, number, kept, recomputed }) => [day, number, kept - recomputed])).toEqual([
      ['2026-10-02', 'network.up', 7],
      ['2026-10-02', 'network.down', -7],
    ]);
  });

  it('tells of frozen days what evidence has changed since, and whether somebody touched them', async () => {
    const { rows } = await db.pool.query<{ id: number }>('select id from contract where is_baseline');
    const contractId = rows[0]?.id ?? 0;
    await closePeriod(db.pool, contractId, '2026-10-01', '2026-10-03');
    const told = async (fromDay: string) =>
      (
        await closedDays(db.pool, contractId, { ...periodOf({ from: fromDay, to: '2026-10-04' }, 'UTC'), name: '' })
      ).map(closedLine);
    expect(await told('2026-10-03')).toEqual([]);
    const [line] = await told('2026-10-02');
    expect(line).toContain('NOT WHAT ITS CHECKSUM SAYS'); // it was frozen without figures and without a checksum
    expect(line).toContain('evidence since then gives other figures for 1 station');
  });

  it('sees a record that somebody took away', async () => {
    await db.pool.query('delete from rec_beat where ts >= $1 and ts < $2', [
      iso(DAY_ONE + 50 * HOUR_MS),
      iso(DAY_ONE + 51 * HOUR_MS),
    ]);
    const [only] = await verified();
    expect(only?.differences.map(({ day, number }) => `${day} ${number}`)).toContain('2026-10-03 network.down');
  });
});

it('a bundle of the same station, made in the background, settles what waits, agrees without the database, and goes after its time', async () => {
  const { rows } = await db.pool.query<{ id: number }>('select id from contract where is_baseline');
  await db.pool.query(
    `update accrual set net_up_ms = net_up_ms - 1, net_down_ms = net_down_ms + 1 where day = '2026-10-02'`,
  );
  await db.pool.query('insert into evidence_mark (station_id, from_at, to_at) select id, $1, $2 from station', [
    iso(DAY_ONE),
    iso(NOW),
  ]);
  const { rows: users } = await db.pool.query<{ id: number }>(
    `with o as (insert into org (code, name, kind) values ('AG', 'Agency', 'agency') returning id)
     insert into app_user (login, name, org_id, role, password_hash) select 'ann', 'Ann', id, 'auditor', '-' from o returning id`,
  );
  const id = '00000000-0000-4000-8000-000000000001';
  await insertJob(db.pool, {
    id,
    contractId: rows[0]?.id ?? 0,
    fromDay: '2026-10-01',
    toDay: '2026-10-04',
    regionId: null,
    siteId: null,
    stationId: null,
    createdBy: users[0]?.id ?? 0,
    now: new Date(NOW),
  });
  const bundles = join(dir, 'bundles');
  const maker = new BundleMaker({
    pool: db.pool,
    log: pino({ level: 'silent' }),
    clock: () => NOW,
    dir: bundles,
    keyDir: join(dir, 'keys'),
  });
  expect(await maker.makeNext()).toBe(true);
  expect(await maker.makeNext()).toBe(false);
  const { rows: made } = await db.pool.query(
    'select state, stations_done, stations_total, file_name, error from evidence_bundle where id = $1',
    [id],
  );
  expect(made[0]).toMatchObject({ state: 'done', stations_done: 1, stations_total: 1, error: null });
  const stations = [];
  for await (const each of checkBundle(join(bundles, made[0].file_name), null)) stations.push(each);
  expect(stations.map(({ station, differences }) => [station.code, differences])).toEqual([['ST-1', []]]);
  expect(stations[0]?.days).toEqual((await verified())[0]?.days);

  const path = join(bundles, made[0].file_name);
  const keep = { days: 30, maxBytes: 10 };
  expect(await removeOldBundles(db.pool, bundles, keep, NOW + HOUR_MS)).toBe(0);
  expect(existsSync(path)).toBe(true);
  expect(await removeOldBundles(db.pool, bundles, keep, NOW + 25 * HOUR_MS)).toBe(1);
  expect(existsSync(path)).toBe(false);
  const reader = { scope: null, userId: users[0]?.id ?? 0 };
  expect(await findBundle(db.pool, reader, id)).toMatchObject({ state: 'done', removed: true });
  expect(await removeOldBundles(db.pool, bundles, keep, NOW + 25 * HOUR_MS)).toBe(0);
});
