import { afterAll, afterEach, beforeAll, beforeEach, expect, test } from 'vitest';
import { type TestDatabase, testDatabase } from '../../../../test/support/database.ts';
import {
  countStep,
  Ledger,
  refreshStations,
  settleMarks,
  spreadStep,
  sweep,
} from '../../../src/availability/ledger/index.ts';
import { openPool } from '../../../src/db/index.ts';
import type { Ingest } from '../../../src/ingest/index.ts';
import { addDevices, beat, Clock, NOON, openIngest, Speaker, silent } from '../../ingest/support.ts';
import { differences } from './recount.ts';
import { type AccrualRow, accruals, exclude, install, makePlace, type Place, platformUp } from './support.ts';

const MINUTE = 60_000;
const HOUR = 60 * MINUTE;
const DAY = 24 * HOUR;
/** Midnight in China, three days before that of NOON. */
const BEGIN = NOON - 12 * HOUR - 3 * DAY;
const END = BEGIN + 3 * DAY + 6 * HOUR;
const STATIONS = 6;

let db: TestDatabase;
let clock: Clock;
let ingest: Ingest;
let place: Place;
let devices: readonly Speaker[];
beforeAll(async () => {
  db = await testDatabase();
});
afterAll(() => db.close());
beforeEach(async () => {
  await db.reset();
  clock = new Clock(BEGIN);
  ingest = await openIngest(db.pool, clock);
  place = await makePlace(db.pool, { stations: STATIONS, commissionedMs: BEGIN, termFrom: '2026-11-01' });
  const keys = await addDevices(db.pool, STATIONS);
  devices = keys.map((key) => new Speaker(key, clock));
  for (const [i, deviceKey] of keys.entries()) {
    await install(db.pool, { deviceKey, stationId: place.stationIds[i] ?? 0, fromMs: BEGIN });
  }
  await platformUp(db.pool, [BEGIN - DAY, BEGIN + 10 * DAY]);
  await Promise.all(devices.map((device) => said(device, 0, [BEGIN, BEGIN + DAY])));
  clock.ms = END;
  await Promise.all(devices.map((device) => said(device, 3_000, [END, END])));
});
afterEach(() => ingest.stop());

/** Beats every minute of the stretch, in one message sent now; the device's clock began at BEGIN. */
async function said(device: Speaker, seq0: number, [from, to]: readonly [number, number]): Promise<void> {
  const sentMs = Math.max(clock.ms, to);
  const ages: number[] = [];
  for (let at = from; at <= to; at += MINUTE) ages.push(sentMs - at);
  clock.ms = sentMs;
  for (let i = 0; i < ages.length; i += 500) {
    const recs = ages.slice(i, i + 500).map((age) => beat(age));
    await device.rec(ingest, { seq0: seq0 + i, recs, monoMs: sentMs - BEGIN });
  }
}

const key = ({ contract_id, station_id, day }: AccrualRow): string => `${contract_id}/${station_id}/${day}`;

async function settle(): Promise<void> {
  await sweep(db.pool, clock.ms, 0);
  await settleMarks(db.pool, clock.ms);
}

/** Rows written since `before`. */
async function written(before: readonly AccrualRow[]): Promise<readonly string[]> {
  const known = new Map(before.map((row) => [key(row), row.version]));
  return (await accruals(db.pool)).filter((row) => known.get(key(row)) !== row.version).map(key);
}

test('a sweep makes every day since commissioning, for the baseline and the contract, and all but today final', async () => {
  await settle();
  const rows = await accruals(db.pool);
  expect(rows).toHaveLength(2 * STATIONS * 4);
  for (const row of rows) {
    const dayBegan = Date.parse(`${row.day}T00:00:00+08:00`);
    expect(row.computed_to).toBe(row.day === '2026-11-21' ? END : dayBegan + DAY);
    expect(row.required_ms).toBe(row.computed_to - dayBegan);
  }
  expect(await differences(db.pool, clock.ms)).toEqual([]);
});

test('late evidence opens the days that it touches and no others', async () => {
  await settle();
  const before = await accruals(db.pool);
  const device = devices[2];
  if (device === undefined) throw new Error('no device');
  clock.ms = END + MINUTE;
  await said(device, 1_500, [BEGIN + DAY + 5 * HOUR, BEGIN + DAY + 7 * HOUR]);
  await settleMarks(db.pool, clock.ms);
  const station = place.stationIds[2];
  const touched = (day: string) => [place.baselineId, place.contractId].map((id) => `${id}/${station}/${day}`);
  const changed = await written(before);
  // Today comes out different because a minute has passed: the silence reaches into it.
  expect(changed.filter((row) => !row.endsWith('2026-11-21'))).toEqual(touched('2026-11-19'));
  expect(changed.every((row) => row.split('/')[1] === String(station))).toBe(true);
  const [row] = (await accruals(db.pool)).filter((each) => each.day === '2026-11-19' && each.station_id === station);
  expect(row?.eq).toEqual([2 * HOUR + 150_000 + 150_000, 0, DAY - 2 * HOUR - 300_000, 0, 0]);
  expect(await differences(db.pool, clock.ms)).toEqual([]);
});

test('a swap, a suspension, an exclusion, and a contract that moves are marked by themselves', async () => {
  await settle();
  const [station, other] = place.stationIds;
  const at = (hours: number) => new Date(BEGIN + hours * HOUR).toISOString();
  await db.pool.query('update installation set to_at = $1 where station_id = $2', [at(10), station]);
  await settleMarks(db.pool, clock.ms);
  const down = (await accruals(db.pool)).filter((row) => row.station_id === station && row.day === '2026-11-18');
  expect(down.map((row) => row.eq)).toEqual(Array(2).fill([10 * HOUR, 14 * HOUR, 0, 0, 0]));
  await db.pool.query('insert into station_suspension (station_id, from_at, to_at, reason) values ($1, $2, $3, $4)', [
    other,
    at(6),
    at(30),
    'rebuilding',
  ]);
  await settleMarks(db.pool, clock.ms);
  const suspended = (await accruals(db.pool)).filter((row) => row.station_id === other && row.day <= '2026-11-19');
  expect(suspended.map((row) => row.required_ms)).toEqual([6 * HOUR, 18 * HOUR, 6 * HOUR, 18 * HOUR]);
  await exclude(db.pool, place, {
    dimension: 'network',
    stationId: other ?? 0,
    fromMs: BEGIN + 40 * HOUR,
    toMs: BEGIN + 41 * HOUR,
  });
  await settleMarks(db.pool, clock.ms);
  const excluded = (await accruals(db.pool)).filter((row) => row.net[4] !== 0 || row.eq[4] !== 0);
  expect(excluded.map((row) => [row.contract_id, row.station_id, row.day, row.net[4], row.eq[4]])).toEqual([
    [place.contractId, other, '2026-11-19', HOUR, 0],
  ]);
  await db.pool.query('update contract set term_from = $2 where id = $1', [place.contractId, '2026-11-20']);
  await settleMarks(db.pool, clock.ms);
  const days = (await accruals(db.pool)).filter((row) => row.contract_id === place.contractId).map((row) => row.day);
  expect(new Set(days)).toEqual(new Set(['2026-11-20', '2026-11-21']));
  await db.pool.query('delete from contract_region where contract_id = $1', [place.contractId]);
  await settleMarks(db.pool, clock.ms);
  expect((await accruals(db.pool)).every((row) => row.contract_id === place.baselineId)).toBe(true);
  expect(await differences(db.pool, clock.ms)).toEqual([]);
});

test('a worker that is killed in the middle of a step loses no mark and no stretch', async () => {
  const far = openPool({ url: db.url, max: 1, onIdleError: () => undefined });
  await sweep(db.pool, clock.ms, 0);
  const waiting = async () =>
    (
      await db.pool.query(
        'select (select count(*)::int from evidence_mark) as marks, (select count(*)::int from accrual_due) as due',
      )
    ).rows[0];
  const before = await waiting();
  expect(before).toMatchObject({ due: STATIONS });
  const steps = { evidence_mark: () => spreadStep(far, clock.ms), accrual: () => countStep(far, clock.ms, 3) };
  await db.pool.query(`create function die() returns trigger language plpgsql as $$ begin raise 'killed'; end $$`);
  for (const [table, step] of Object.entries(steps)) {
    await db.pool.query(
      `create trigger die before insert or update or delete on ${table} for each statement execute function die()`,
    );
    await expect(step()).rejects.toThrow('killed');
    await db.pool.query(`drop trigger die on ${table}`);
    expect(await waiting()).toEqual(before);
  }
  await db.pool.query('drop function die');
  await far.end();
  await settleMarks(db.pool, clock.ms);
  expect(await waiting()).toEqual({ marks: 0, due: 0 });
  expect(await differences(db.pool, clock.ms)).toEqual([]);
});

test('two workers take turns while records arrive, and nothing is lost between them', async () => {
  const other = openPool({ url: db.url, max: 3 });
  const ledgers = [db.pool, other].map((pool) => new Ledger({ pool, clock: clock.now, log: silent }));
  for (const ledger of ledgers) await ledger.start();
  for (let piece = 0; piece < 12; piece += 1) {
    await Promise.all(
      devices.map((device, i) => {
        const from = BEGIN + DAY + (1 + ((piece * 5 + i) % 12) * 3) * HOUR;
        return said(device, 10_000 + piece * 200, [from, from + 2 * HOUR]);
      }),
    );
  }
  const idle = async () =>
    (
      await db.pool.query<{ n: number }>(
        'select ((select count(*) from evidence_mark) + (select count(*) from accrual_due))::int as n',
      )
    ).rows[0]?.n;
  await expect.poll(idle, { timeout: 60_000, interval: 200 }).toBe(0);
  for (const ledger of ledgers) await ledger.stop();
  await other.end();
  expect((await accruals(db.pool)).length).toBe(2 * STATIONS * 4);
  expect(await differences(db.pool, clock.ms)).toEqual([]);
});

test('a station whose figures can not be made is told of and does not hold up the others', async () => {
  await sweep(db.pool, clock.ms, 0);
  await spreadStep(db.pool, clock.ms);
  // A station without a device row: as if somebody had removed it behind our back.
  await db.pool.query('alter table installation drop constraint installation_device_key_fkey');
  try {
    await db.pool.query('update installation set device_key = 999999 where station_id = $1', [place.stationIds[0]]);
    await spreadStep(db.pool, clock.ms);
    const step = await countStep(db.pool, clock.ms, STATIONS);
    expect(step).toMatchObject({ stations: STATIONS - 1, failed: [{ stationId: place.stationIds[0] }] });
    expect(await countStep(db.pool, clock.ms, STATIONS)).toMatchObject({ failed: [] });
    clock.ms += 10 * MINUTE;
    const window = { from: BEGIN, to: END };
    await expect(refreshStations(db.pool, clock.ms, [], window)).rejects.toThrow('can not be made');
  } finally {
    await db.pool.query('delete from installation where device_key = 999999');
    await db.pool.query(
      'alter table installation add constraint installation_device_key_fkey foreign key (device_key) references device',
    );
  }
});

test('a station that is not yet commissioned has no figures and nothing waiting', async () => {
  const [station] = place.stationIds;
  await settle();
  await db.pool.query('update station set commissioned_at = $2 where id = $1', [station, new Date(END + DAY)]);
  await settle();
  expect((await accruals(db.pool)).filter((row) => row.station_id === station)).toEqual([]);
  expect((await db.pool.query('select * from accrual_due')).rows).toEqual([]);
});
