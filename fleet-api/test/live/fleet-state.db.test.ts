import { afterAll, afterEach, beforeAll, beforeEach, expect, test } from 'vitest';
import { type TestDatabase, testDatabase } from '../../../test/support/database.ts';
import type { Ingest } from '../../src/ingest/index.ts';
import { type FleetChange, FleetState } from '../../src/live/index.ts';
import { addDevices, beat, Clock, openIngest, Speaker, silent } from '../ingest/support.ts';

let db: TestDatabase;
let clock: Clock;
let ingest: Ingest;
let state: FleetState;
let keys: readonly number[];
beforeAll(async () => {
  db = await testDatabase();
});
afterAll(() => db.close());
beforeEach(async () => {
  await db.reset();
  clock = new Clock();
  keys = await addDevices(db.pool, 4);
  await db.pool.query(
    `insert into region (parent_id, kind, code, name) values (null, 'province', 'p', 'P'), (1, 'county', 'a', 'A'), (1, 'county', 'b', 'B')`,
  );
  await db.pool.query(`insert into site (region_id, code, name) values (2, 's', 'S')`);
  await db.pool.query(`insert into station (site_id, code, name) values (1, '1', '1'), (1, '2', '2'), (1, '3', '3')`);
  await db.pool.query(
    `insert into installation (device_key, station_id, from_at) select i, i, now() from generate_series(1, 3) i`,
  );
  await db.pool.query(
    `update device set region_id = case when device_key = 4 then 3 else 2 end, lifecycle = case when device_key = 4 then 'in_stock' else 'in_service' end`,
  );
  state = new FleetState({ pool: db.pool, log: silent });
  ingest = await openIngest(db.pool, clock, { live: state });
});
afterEach(async () => {
  await ingest.stop();
  await state.stop();
});

const speak = (i: number) => new Speaker(keys[i] ?? 0, clock);

test('it is read from the database at the start and follows what is committed', async () => {
  await speak(0).rec(ingest, { seq0: 1, recs: [beat()] });
  await state.start();
  expect(state.totals()).toEqual({ stations: 3, devices: 4, spares: 1, online: 1, offline: 0, faulty: 0, never: 2 });
  const changes: FleetChange[] = [];
  const end = state.subscribe((change) => changes.push(change));
  await speak(1).rec(ingest, { seq0: 1, recs: [{ k: 'health', d_mono: 0, c: { printer: { s: 'fault' } } }] });
  await expect.poll(() => state.totals(2).faulty, { timeout: 5_000 }).toBe(1);
  expect(state.totals(2)).toEqual({ stations: 3, devices: 3, spares: 0, online: 1, offline: 0, faulty: 1, never: 1 });
  expect(state.totals(3)).toEqual({ stations: 0, devices: 1, spares: 1, online: 0, offline: 0, faulty: 0, never: 0 });
  await expect
    .poll(() => changes.flatMap((c) => c.devices).map((d) => d.deviceId), { timeout: 5_000 })
    .toEqual(['dev-2']);
  end();
  clock.ms += 10_000;
  await speak(0).rec(ingest, { seq0: 2, recs: [beat()] });
  expect(state.byId('dev-1')).toMatchObject({ state: 'online', seenMs: clock.ms, path: [1, 2] });
});

test('a device that is gone, moved or added is counted where it belongs', async () => {
  await state.start();
  await db.pool.query('delete from installation where device_key = 3');
  await db.pool.query('delete from device where device_key = 3');
  await db.pool.query('update device set region_id = 3 where device_key = 2');
  await db.pool.query(`insert into outbox (kind, device_key) values ('device.changed', 2), ('device.changed', 3)`);
  await expect.poll(() => state.totals().devices, { timeout: 5_000 }).toBe(3);
  expect([state.totals(2).devices, state.totals(3).devices]).toEqual([1, 2]);
});
