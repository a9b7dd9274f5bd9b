import { afterAll, afterEach, beforeAll, beforeEach, expect, test } from 'vitest';
import { type TestDatabase, testDatabase } from '../../../../test/support/database.ts';
import { settleMarks, sweep } from '../../../src/availability/ledger/index.ts';
import type { Ingest } from '../../../src/ingest/index.ts';
import { addDevices, beat, Clock, NOON, openIngest, Speaker } from '../../ingest/support.ts';
import { accruals, install, makePlace, platformUp } from './support.ts';

const MINUTE = 60_000;
const HOUR = 60 * MINUTE;
const DAY = 24 * HOUR;
/** Midnight in China before NOON, which is noon there. */
const MIDNIGHT = NOON - 12 * HOUR;
const L = 150_000;

let db: TestDatabase;
let clock: Clock;
let ingest: Ingest;
let device: Speaker;
let seq: number;
beforeAll(async () => {
  db = await testDatabase();
});
afterAll(() => db.close());
beforeEach(async () => {
  await db.reset();
  clock = new Clock(MIDNIGHT);
  ingest = await openIngest(db.pool, clock);
  seq = 0;
  const place = await makePlace(db.pool, { stations: 1, commissionedMs: MIDNIGHT, termFrom: '2026-11-01' });
  const [deviceKey = 0] = await addDevices(db.pool, 1);
  device = new Speaker(deviceKey, clock);
  await install(db.pool, { deviceKey, stationId: place.stationIds[0] ?? 0, fromMs: MIDNIGHT });
});
afterEach(() => ingest.stop());

/** Beats every minute in `[from, to]`, hours after midnight, each sent at once. `boot` has its own monotonic clock. */
async function beats(from: number, to: number, boot = 1): Promise<void> {
  const sent: Promise<void>[] = [];
  for (clock.ms = MIDNIGHT + from * HOUR; clock.ms <= MIDNIGHT + to * HOUR; clock.ms += MINUTE) {
    sent.push(device.rec(ingest, { seq0: seq++, recs: [beat()], boot, monoMs: mono(boot) }));
    if (sent.length >= 50) await Promise.all(sent.splice(0));
  }
  await Promise.all(sent);
}

/** A boot's clock began an hour times its number before midnight's next; boots of a test have different ones. */
const bootedAt = new Map<number, number>();
function mono(boot: number): number {
  const began = bootedAt.get(boot) ?? clock.ms;
  bootedAt.set(boot, began);
  return clock.ms - began;
}

/** Beats every minute in between, sent now in batches: the backlog of a device that was cut off. */
async function backlog(from: number, to: number): Promise<void> {
  const ages: number[] = [];
  for (let at = MIDNIGHT + from * HOUR; at <= MIDNIGHT + to * HOUR; at += MINUTE) ages.push(clock.ms - at);
  const first = seq;
  seq += ages.length;
  for (let i = 0; i < ages.length; i += 100) {
    await device.rec(ingest, {
      seq0: first + i,
      recs: ages.slice(i, i + 100).map((age) => beat(age)),
      monoMs: mono(1),
    });
  }
}

async function figures(day = '2026-11-21') {
  await sweep(db.pool, clock.ms, 0);
  await settleMarks(db.pool, clock.ms);
  const row = (await accruals(db.pool)).find((each) => each.day === day);
  const named = (n: readonly number[] = []) => ({ up: n[0], down: n[1], unknown: n[2], platform: n[3] });
  return { network: named(row?.net), equipment: named(row?.eq), final: row?.computed_to === MIDNIGHT + DAY };
}

/** A whole day and the next quarter of an hour. */
async function untilNextDay(from: number): Promise<void> {
  await beats(from, 24.3);
}

test('a device that is cut off for six hours and then comes back was disconnected, not broken', async () => {
  bootedAt.clear();
  await platformUp(db.pool, [MIDNIGHT - DAY, MIDNIGHT + 2 * DAY]);
  await beats(0, 6);
  clock.ms = MIDNIGHT + 11 * HOUR;
  expect(await figures()).toMatchObject({
    network: { up: 6 * HOUR + L, down: 5 * HOUR - L, unknown: 0 },
    equipment: { up: 6 * HOUR + L, down: 0, unknown: 5 * HOUR - L },
  });
  // The numbers of what it could not send come before those of what it sends now.
  const cut = seq;
  seq += 6 * 60 - 1;
  await untilNextDay(12);
  const now = seq;
  seq = cut;
  await backlog(6 + 1 / 60, 12 - 1 / 60);
  seq = now;
  const outage = 6 * HOUR - L;
  expect(await figures()).toEqual({
    network: { up: DAY - outage, down: outage, unknown: 0, platform: 0 },
    equipment: { up: DAY, down: 0, unknown: 0, platform: 0 },
    final: true,
  });
});

test('a device that was powered off was neither connected nor working, once it told of its boot', async () => {
  bootedAt.clear();
  await platformUp(db.pool, [MIDNIGHT - DAY, MIDNIGHT + 2 * DAY]);
  await beats(0, 6);
  clock.ms = MIDNIGHT + 11 * HOUR;
  expect(await figures()).toMatchObject({ equipment: { unknown: 5 * HOUR - L } });
  bootedAt.set(2, MIDNIGHT + 12 * HOUR - 30_000);
  await beats(12, 24.3, 2);
  const outage = 6 * HOUR - L;
  expect(await figures()).toEqual({
    network: { up: DAY - outage, down: outage, unknown: 0, platform: 0 },
    equipment: { up: DAY - outage, down: outage, unknown: 0, platform: 0 },
    final: true,
  });
});

test('an outage of the platform is charged to nobody, and the backlog shows that the device worked', async () => {
  bootedAt.clear();
  await platformUp(db.pool, [MIDNIGHT - DAY, MIDNIGHT + 6 * HOUR], [MIDNIGHT + 7 * HOUR, MIDNIGHT + 2 * DAY]);
  await beats(0, 6);
  const cut = seq;
  seq += 59;
  await untilNextDay(7 + 1 / 60);
  expect(await figures()).toEqual({
    network: { up: DAY - HOUR - MINUTE, down: 0, unknown: 0, platform: HOUR + MINUTE },
    equipment: { up: DAY - HOUR - MINUTE + L, down: 0, unknown: 0, platform: HOUR + MINUTE - L },
    final: true,
  });
  const now = seq;
  seq = cut;
  await backlog(6 + 1 / 60, 7 - 1 / 60);
  seq = now;
  expect(await figures()).toEqual({
    network: { up: DAY - HOUR - MINUTE, down: 0, unknown: 0, platform: HOUR + MINUTE },
    equipment: { up: DAY, down: 0, unknown: 0, platform: 0 },
    final: true,
  });
});

test('a record that fills the last hole before a boot turns the silence into off, though it is no beat', async () => {
  bootedAt.clear();
  await platformUp(db.pool, [MIDNIGHT - DAY, MIDNIGHT + 2 * DAY]);
  await beats(0, 6);
  const hole = seq++;
  const monoMs = mono(1);
  bootedAt.set(2, MIDNIGHT + 12 * HOUR - 30_000);
  await beats(12, 24.3, 2);
  const outage = 6 * HOUR - L;
  expect(await figures()).toMatchObject({ equipment: { down: 0, unknown: outage }, final: true });
  const recs = [{ k: 'log', d_mono: 0, lvl: 'info', msg: 'last words' }] as const;
  await device.rec(ingest, { seq0: hole, recs, boot: 1, cur: 2, monoMs });
  expect(await figures()).toMatchObject({ equipment: { down: outage, unknown: 0 }, final: true });
});

test('a boot that is told of by backlog alone reaches back into days that were final', async () => {
  bootedAt.clear();
  await platformUp(db.pool, [MIDNIGHT - DAY, MIDNIGHT + 3 * DAY]);
  await beats(0, 6);
  clock.ms = MIDNIGHT + 26 * HOUR;
  expect(await figures()).toMatchObject({ equipment: { down: 0, unknown: 18 * HOUR - L }, final: true });
  bootedAt.set(2, MIDNIGHT + 25 * HOUR);
  clock.ms = MIDNIGHT + 28 * HOUR;
  const recs = Array.from({ length: 100 }, (_, i) => beat(3 * HOUR - (i + 1) * MINUTE));
  await device.rec(ingest, { seq0: seq, recs, boot: 2, monoMs: mono(2) });
  expect(await figures()).toMatchObject({ equipment: { down: 18 * HOUR - L, unknown: 0 }, final: true });
});
