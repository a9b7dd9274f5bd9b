import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { type TestDatabase, testDatabase } from '../../../test/support/database.ts';
import { inTransaction } from '../../src/db/index.ts';
import { splitOrder } from '../../src/orders/open.ts';
import { type BigCounty, bigCounty, Hand, HOUR_MS, listened, MINUTE_MS, type Told, tellOutbox } from './support.ts';

const T = Date.parse('2026-03-10T04:00:00Z');

let database: TestDatabase;
let hand: Hand;
let county: BigCounty;

beforeAll(async () => {
  database = await testDatabase();
});
afterAll(async () => {
  await database?.close();
});
const begin = async (stations: number): Promise<void> => {
  await database.reset();
  county = await bigCounty(database.pool, stations, T - 30 * 24 * HOUR_MS);
  hand = new Hand(database.pool, T);
  await listened(database.pool, T - 30 * 24 * HOUR_MS, T + 30 * 24 * HOUR_MS);
};

const told = (i: number, kind: Told['kind'], atMs: number, more: Partial<Told> = {}): Told => ({
  device: county.devices[i] ?? 0,
  kind,
  atMs,
  ...more,
});
const paper = (i: number, atMs: number): Told =>
  told(i, 'component.fault', atMs, { component: 'printer', reason: 'paper_out' });
const paperBack = (i: number, atMs: number): Told => told(i, 'component.ok', atMs, { component: 'printer' });
const faults = async () =>
  (
    await database.pool.query(
      `select id, cause, reason, station_id, work_order_id, status, opened_at, recovered_at, changes, is_flapping, recurrence_of
       from fault order by id`,
    )
  ).rows;
const orders = async () =>
  (await database.pool.query(`select id, kind, state, cause, faults_total, faults_open from work_order order by id`))
    .rows;

describe('one station', () => {
  beforeEach(() => begin(6));

  it('has a fault from the instant of the evidence on, once it has lasted, until the instant of its end', async () => {
    await hand.at(T + MINUTE_MS, [paper(0, T)]);
    expect(await faults()).toEqual([]);
    await hand.at(T + 3 * MINUTE_MS);
    expect(await faults()).toMatchObject([
      { cause: 'printer', reason: 'paper_out', station_id: county.stations[0], opened_at: new Date(T), status: 'open' },
    ]);
    expect(await orders()).toMatchObject([{ kind: 'station', state: 'new', faults_open: 1 }]);
    await hand.at(T + HOUR_MS + MINUTE_MS, [paperBack(0, T + HOUR_MS)]);
    expect(await faults()).toMatchObject([{ status: 'repaired', recovered_at: new Date(T + HOUR_MS) }]);
    expect(await orders()).toMatchObject([{ state: 'repaired', faults_open: 0 }]);
  });

  it('is silent for a quarter of an hour before that is a fault; what is over sooner never was one', async () => {
    await hand.at(T + MINUTE_MS, [
      told(0, 'device.offline', T, { reason: 'silent' }),
      told(1, 'device.offline', T, { reason: 'clean' }),
    ]);
    await hand.at(T + 10 * MINUTE_MS, [told(0, 'device.online', T + 9 * MINUTE_MS)]);
    await hand.at(T + HOUR_MS);
    expect(await faults()).toEqual([]);
    await hand.at(T + HOUR_MS + MINUTE_MS, [told(0, 'device.offline', T + HOUR_MS, { reason: 'silent' })]);
    await hand.at(T + HOUR_MS + 16 * MINUTE_MS);
    expect(await faults()).toMatchObject([{ cause: 'offline', opened_at: new Date(T + HOUR_MS) }]);
  });

  it('gathers further faults on its open order', async () => {
    await hand.at(T + 3 * MINUTE_MS, [paper(0, T)]);
    await hand.at(T + 9 * MINUTE_MS, [
      told(0, 'component.fault', T + 5 * MINUTE_MS, { component: 'screen', reason: 'no_answer' }),
    ]);
    expect(await orders()).toMatchObject([{ faults_total: 2, faults_open: 2 }]);
  });

  it('has what comes back soon reopened, and what comes back later as a recurrence', async () => {
    await hand.at(T + 3 * MINUTE_MS, [paper(0, T)]);
    await hand.at(T + 10 * MINUTE_MS, [paperBack(0, T + 9 * MINUTE_MS)]);
    await hand.at(T + 20 * MINUTE_MS, [paper(0, T + 15 * MINUTE_MS)]);
    expect(await faults()).toMatchObject([{ status: 'open', changes: 1, recovered_at: null }]);
    await hand.at(T + 40 * MINUTE_MS, [paperBack(0, T + 30 * MINUTE_MS)]);
    await hand.at(T + 30 * HOUR_MS, [paper(0, T + 29 * HOUR_MS)]);
    const [first, second] = await faults();
    expect(first).toMatchObject({ status: 'repaired' });
    expect(second).toMatchObject({ status: 'open', recurrence_of: first?.id });
  });

  it('is one fault, held open, while its cause comes and goes', async () => {
    for (let i = 0; i < 10; i++) {
      const at = T + i * 12 * MINUTE_MS;
      await hand.at(at + 4 * MINUTE_MS, [paper(0, at)]);
      await hand.at(at + 7 * MINUTE_MS, [paperBack(0, at + 6 * MINUTE_MS)]);
    }
    expect(await faults()).toMatchObject([{ status: 'open', is_flapping: true }]);
    await hand.at(T + 6 * HOUR_MS);
    expect(await faults()).toMatchObject([
      { status: 'repaired', is_flapping: false, recovered_at: new Date(T + 9 * 12 * MINUTE_MS + 6 * MINUTE_MS) },
    ]);
  });

  it('owes nothing without a device, before it is in service, while suspended or under planned maintenance', async () => {
    const { pool } = database;
    const [a, b, c, d] = county.stations;
    const agency = await pool.query<{ id: number }>(
      `insert into org (code, name, kind) values ('a', 'a', 'agency') returning id`,
    );
    const person = await pool.query<{ id: number }>(
      `insert into app_user (login, name, org_id, role, password_hash) values ('x', 'x', $1, 'auditor', 'x') returning id`,
      [agency.rows[0]?.id],
    );
    await pool.query('delete from installation where station_id = $1', [a]);
    await pool.query('update station set commissioned_at = null where id = $1', [b]);
    await pool.query(`insert into station_suspension (station_id, from_at, reason) values ($1, $2, 'x')`, [
      c,
      new Date(T - HOUR_MS),
    ]);
    await pool.query(
      `insert into exclusion (contract_id, kind, station_id, from_at, to_at, reason, state, proposed_by, proposed_org_id, proposed_at)
       select id, 'planned_maintenance', $1, $2, $3, 'x', 'approved', $4, $5, $2 from contract`,
      [d, new Date(T - HOUR_MS), new Date(T + HOUR_MS), person.rows[0]?.id, agency.rows[0]?.id],
    );
    await hand.at(
      T + 10 * MINUTE_MS,
      [0, 1, 2, 3].map((i) => paper(i, T)),
    );
    expect(await faults()).toEqual([]);
    // What outlasts the maintenance is a fault from its end on.
    await hand.at(T + 2 * HOUR_MS);
    expect(await faults()).toMatchObject([{ station_id: d, opened_at: new Date(T + HOUR_MS) }]);
  });

  it('enters the record with its true times when all is known late, and alarms nobody', async () => {
    await hand.at(T, [
      paper(0, T - 5 * HOUR_MS),
      paperBack(0, T - 4 * HOUR_MS),
      paper(0, T - 2 * HOUR_MS),
      paperBack(0, T - 2 * HOUR_MS + MINUTE_MS),
    ]);
    expect(await faults()).toMatchObject([
      {
        opened_at: new Date(T - 5 * HOUR_MS),
        recovered_at: new Date(T - 4 * HOUR_MS),
        status: 'repaired',
        work_order_id: null,
      },
    ]);
    expect(await orders()).toEqual([]);
  });

  it('is well again with another device', async () => {
    const { pool } = database;
    await hand.at(T + 3 * MINUTE_MS, [paper(0, T)]);
    await pool.query('update installation set to_at = $2 where station_id = $1', [
      county.stations[0],
      new Date(T + HOUR_MS),
    ]);
    await pool.query(`update installation set to_at = $2 where station_id = $1`, [
      county.stations[1],
      new Date(T + HOUR_MS),
    ]);
    await pool.query('insert into installation (device_key, station_id, from_at) values ($1, $2, $3)', [
      county.devices[1],
      county.stations[0],
      new Date(T + HOUR_MS),
    ]);
    await pool.query('update device_live set last_rcv_at = $1', [new Date(T + HOUR_MS + MINUTE_MS)]);
    await hand.at(T + 2 * HOUR_MS);
    expect(await faults()).toMatchObject([{ status: 'repaired', recovered_at: new Date(T + HOUR_MS) }]);
  });
});

describe('an outage of the platform', () => {
  it('opens nothing; what lasts longer does, once the platform has listened for long enough', async () => {
    await begin(6);
    await database.pool.query('truncate platform_liveness');
    await listened(database.pool, T - HOUR_MS, T);
    await listened(database.pool, T + HOUR_MS, T + 3 * HOUR_MS);
    // Silences that began while nobody listened; the worker is back before the devices are.
    await hand.at(
      T + HOUR_MS + MINUTE_MS,
      county.devices.map((_, i) => told(i, 'device.offline', T + MINUTE_MS, { reason: 'silent' })),
    );
    expect(await faults()).toEqual([]);
    await hand.at(
      T + HOUR_MS + 3 * MINUTE_MS,
      county.devices.slice(1).map((_, i) => told(i + 1, 'device.online', T + HOUR_MS + 2 * MINUTE_MS)),
    );
    await hand.at(T + HOUR_MS + 20 * MINUTE_MS);
    // The one that stayed away is told of from when it could have been heard.
    expect(await faults()).toMatchObject([
      { station_id: county.stations[0], opened_at: new Date(T + HOUR_MS), work_order_id: 1 },
    ]);
  });
});

describe('a county', () => {
  it('that goes silent as a whole is one incident, whoever is killed meanwhile, and can be split', async () => {
    await begin(500);
    const silent = county.devices.map((_, i) => told(i, 'device.offline', T + i * 100, { reason: 'silent' }));
    hand.clock.now = T + MINUTE_MS;
    await tellOutbox(database.pool, silent);
    await hand.take({ kill: true });
    await hand.take();
    hand.clock.now = T + 15 * MINUTE_MS + 1000; // the first ten have lasted long enough
    await hand.settle();
    expect(await orders()).toMatchObject([{ kind: 'incident', faults_total: 11 }]);
    hand.clock.now = T + 20 * MINUTE_MS;
    const other = new Hand(database.pool, hand.clock.now);
    await Promise.all([hand.settle(), other.settle()]);
    const [incident, ...more] = await orders();
    expect(more).toEqual([]);
    expect(incident).toMatchObject({ kind: 'incident', cause: 'offline', faults_total: 500, faults_open: 500 });

    const own = (await faults()).slice(0, 3).map(({ id }) => id as number);
    await inTransaction(database.pool, (client) =>
      splitOrder(client, incident?.id as number, own, { userId: null, nowMs: hand.clock.now }),
    );
    expect(await orders()).toMatchObject([{ faults_total: 497 }, { kind: 'incident', faults_total: 3 }]);

    await hand.at(
      T + HOUR_MS,
      county.devices.map((_, i) => told(i, 'device.online', T + 30 * MINUTE_MS + i)),
    );
    expect(await orders()).toMatchObject([{ state: 'repaired', faults_open: 0 }, { state: 'repaired' }]);
  });
});
