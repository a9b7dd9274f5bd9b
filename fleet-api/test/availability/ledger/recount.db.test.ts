import fc from 'fast-check';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { type TestDatabase, testDatabase } from '../../../../test/support/database.ts';
import { settleMarks, sweep } from '../../../src/availability/ledger/index.ts';
import type { Ingest } from '../../../src/ingest/index.ts';
import { addDevices, Clock, NOON, openIngest } from '../../ingest/support.ts';
import { Life, lives } from './history.ts';
import { differences } from './recount.ts';
import { accruals, exclude, install, makePlace, type Place, platformUp } from './support.ts';

const MINUTE = 60_000;
const HOUR = 60 * MINUTE;
const DAY = 24 * HOUR;
const BEGIN = NOON - 12 * HOUR;
const MINUTES = (52 * HOUR) / MINUTE;

let db: TestDatabase;
let clock: Clock;
let ingests: readonly Ingest[];
beforeAll(async () => {
  db = await testDatabase();
  clock = new Clock(BEGIN);
  ingests = [await openIngest(db.pool, clock), await openIngest(db.pool, clock)];
});
afterAll(async () => {
  for (const ingest of ingests) await ingest.stop();
  await db.close();
});

const stories = fc.record({
  lives,
  /** Of the platform, in minutes from the beginning. */
  outage: fc.record({ from: fc.integer({ min: 0, max: MINUTES }), length: fc.integer({ min: 1, max: 200 }) }),
  swapAt: fc.integer({ min: 100, max: MINUTES }),
  excluded: fc.record({ from: fc.integer({ min: 0, max: MINUTES }), length: fc.integer({ min: 1, max: 900 }) }),
  dimension: fc.constantFrom('network', 'equipment', 'both'),
  settleEvery: fc.integer({ min: 100, max: 1500 }),
  required: fc.boolean(),
});
type Story = typeof stories extends fc.Arbitrary<infer T> ? T : never;

/** Office hours in a zone that is far from the other contract's and changes its clocks now and then. */
const OFFICE = {
  kind: 'weekly',
  holidays: false,
  hours: {
    mon: [{ from: '08:30', to: '18:00' }],
    sat: [
      { from: '00:00', to: '07:15' },
      { from: '20:00', to: '24:00' },
    ],
    sun: [{ from: '01:00', to: '23:59' }],
  },
};

async function begin({
  required,
  excluded,
  dimension,
  outage,
}: Story): Promise<{ place: Place; keys: readonly number[] }> {
  await db.reset();
  clock.ms = BEGIN;
  const place = await makePlace(db.pool, {
    stations: 2,
    commissionedMs: BEGIN + 3 * HOUR,
    termFrom: '2026-11-20',
    timeZone: 'America/New_York',
    calendar: OFFICE,
  });
  const keys = await addDevices(db.pool, 3);
  for (const key of keys) for (const ingest of ingests) ingest.forget(key);
  if (required) {
    await db.pool.query(
      `with m as (insert into device_model (code, name, required_components) values ('M', 'M', '{printer}') returning id)
       update device set model_id = m.id from m`,
    );
  }
  const at = (minute: number) => BEGIN + minute * MINUTE;
  await platformUp(db.pool, [BEGIN - DAY, at(outage.from)], [at(outage.from + outage.length) + 1, BEGIN + 10 * DAY]);
  const [one = 0, two = 0] = place.stationIds;
  await install(db.pool, { deviceKey: keys[0] ?? 0, stationId: one, fromMs: BEGIN + HOUR });
  await install(db.pool, { deviceKey: keys[1] ?? 0, stationId: two, fromMs: BEGIN });
  await exclude(db.pool, place, {
    dimension,
    stationId: one,
    fromMs: at(excluded.from),
    toMs: at(excluded.from + excluded.length),
  });
  return { place, keys };
}

async function tell(story: Story): Promise<void> {
  const { place, keys } = await begin(story);
  const devices = keys.map((deviceKey, i) => new Life({ deviceKey, clock, ingests, phases: story.lives[i] ?? [] }));
  for (let minute = 0; minute < MINUTES; minute += 1) {
    clock.ms = BEGIN + minute * MINUTE + 17;
    const isOut = minute >= story.outage.from && minute <= story.outage.from + story.outage.length;
    await Promise.all(devices.map((device) => device.minute(minute, !isOut)));
    if (minute === story.swapAt) await swap(place, keys);
    if (minute % story.settleEvery === 0) {
      await sweep(db.pool, clock.ms, 0);
      await settleMarks(db.pool, clock.ms);
    }
  }
  clock.ms = BEGIN + 5 * DAY;
  await sweep(db.pool, clock.ms, 0);
  await settleMarks(db.pool, clock.ms);
  expect(await differences(db.pool, clock.ms)).toEqual([]);
  for (const share of [3, 2, 1]) {
    clock.ms += MINUTE;
    await Promise.all(devices.map((device) => device.release(share)));
    await settleMarks(db.pool, clock.ms);
    expect(await differences(db.pool, clock.ms)).toEqual([]);
  }
}

/** The third device takes the place of the first. */
async function swap({ stationIds }: Place, keys: readonly number[]): Promise<void> {
  const at = new Date(clock.ms - 20 * MINUTE).toISOString();
  await db.pool.query('update installation set to_at = $1 where device_key = $2', [at, keys[0]]);
  await install(db.pool, { deviceKey: keys[2] ?? 0, stationId: stationIds[0] ?? 0, fromMs: clock.ms - 5 * MINUTE });
}

test('whatever devices live through, the ledger equals a recount from raw records', { timeout: 600_000 }, async () => {
  await fc.assert(
    fc.asyncProperty(stories, async (story) => {
      await tell(story);
      expect((await accruals(db.pool)).length).toBeGreaterThan(10);
    }),
    { numRuns: 5, endOnFailure: true },
  );
});
