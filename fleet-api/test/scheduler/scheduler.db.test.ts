import { afterAll, beforeAll, beforeEach, expect, test } from 'vitest';
import { type TestDatabase, testDatabase } from '../../../test/support/database.ts';
import { cleanUp, PolicyRunner, Scheduler, TableKeeper } from '../../src/scheduler/index.ts';
import { addDevices, Clock, NOON, silent } from '../ingest/support.ts';

const DAY_MS = 86_400_000;
let db: TestDatabase;
beforeAll(async () => {
  db = await testDatabase();
});
afterAll(() => db.close());
beforeEach(() => db.reset());

async function addEvents(ages: readonly number[]): Promise<void> {
  await db.pool.query(
    `insert into outbox (kind, at) select 'x', to_timestamp($1::float8 / 1000) - interval '1 day' * a from unnest($2::int[]) a`,
    [NOON, ages],
  );
}

const events = async (): Promise<number> =>
  (await db.pool.query<{ n: number }>('select count(*)::int as n from outbox')).rows[0]?.n ?? -1;

test('the outbox keeps what a reader has yet to see, and a week of the rest', async () => {
  await addEvents([40, 20]);
  await db.pool.query(`insert into outbox_cursor (reader, id) select 'alerts', min(id) from outbox`);
  await addEvents([8, 1]);
  expect(await cleanUp(db.pool, NOON)).toEqual({ outbox: 1, quarantine: 0 });
  expect(await events()).toBe(3);
  await db.pool.query('update outbox_cursor set id = (select max(id) from outbox)');
  expect(await cleanUp(db.pool, NOON)).toEqual({ outbox: 2, quarantine: 0 });
  expect(await events()).toBe(1);
});

test('two processes never clean up at once', async () => {
  await addEvents([40]);
  const both = await Promise.all([cleanUp(db.pool, NOON), cleanUp(db.pool, NOON)]);
  expect(both.filter((cleaned) => cleaned?.outbox === 1)).toHaveLength(1);
});

test('policies run in turn, each at its own pace, and compress what is old', async () => {
  const clock = new Clock(Date.now());
  const [key = 0] = await addDevices(db.pool, 1);
  await db.pool.query(
    `insert into rec_beat (ts, rcv_at, seq, device_key, flags)
     select now() - interval '30 days' + interval '1 minute' * i, now(), i, $1, 0 from generate_series(1, 500) i`,
    [key],
  );
  const runner = new PolicyRunner(db.pool, clock.now);
  const ran: string[] = [];
  for (let policy = await runner.runNext(); policy !== null; policy = await runner.runNext()) ran.push(policy.name);
  expect(ran.length).toBeGreaterThanOrEqual(9);
  expect(new Set(ran).size).toBe(ran.length);
  const { rows } = await db.pool.query<{ n: number }>(
    `select count(*)::int as n from timescaledb_information.chunks where hypertable_name = 'rec_beat' and is_compressed`,
  );
  expect(rows[0]?.n).toBeGreaterThan(0);
  expect((await db.pool.query<{ n: number }>('select count(*)::int as n from rec_beat')).rows[0]?.n).toBe(500);
  clock.ms += DAY_MS * 2;
  expect(await runner.runNext()).not.toBeNull();
});

test('the planner learns what became of tables, the one that grew most first, and deleted rows give back their place', async () => {
  const clock = new Clock(NOON);
  const keeper = new TableKeeper(db.pool, clock.now);
  const rest = async (): Promise<string[]> => {
    const seen: string[] = [];
    for (let name = await keeper.tidyNext(); name !== null; name = await keeper.tidyNext()) seen.push(name);
    return seen;
  };
  for (const table of ['outbox', 'audit_log'])
    await db.pool.query(`alter table ${table} set (autovacuum_enabled = off)`);
  await rest();
  await addEvents(Array.from({ length: 20_000 }, () => 1));
  await db.pool.query(
    `insert into audit_log (at, action, subject, prev_hash, hash) select now(), 'x', 'y', '\\x00', '\\x00' from generate_series(1, 2000)`,
  );
  expect(await rest()).toEqual(['outbox', 'audit_log']);
  const known = `select reltuples::int as rows, relpages as pages from pg_class where oid = 'outbox'::regclass`;
  const before = (await db.pool.query<{ rows: number; pages: number }>(known)).rows[0];
  expect(before?.rows).toBe(20_000);
  await db.pool.query('delete from outbox');
  clock.ms += 6 * 3_600_000;
  expect(await rest()).toContain('outbox');
  await addEvents(Array.from({ length: 10_000 }, () => 1));
  const { rows } = await db.pool.query<{ pages: number }>(`select pg_relation_size('outbox')::int / 8192 as pages`);
  expect(rows[0]?.pages).toBeLessThan(before?.pages ?? 0);
});

test('it starts and stops, more than once', async () => {
  const scheduler = new Scheduler({ pool: db.pool, clock: Date.now, log: silent, embedded: true });
  await scheduler.start();
  await scheduler.stop();
  await scheduler.stop();
});
