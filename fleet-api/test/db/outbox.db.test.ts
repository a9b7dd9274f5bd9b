import { afterAll, beforeAll, beforeEach, expect, test } from 'vitest';
import { type TestDatabase, testDatabase } from '../../../test/support/database.ts';
import { inTransaction, type OutboxEvent, OutboxReader, writeOutbox } from '../../src/db/index.ts';

let db: TestDatabase;
beforeAll(async () => {
  db = await testDatabase();
});
beforeEach(() => db.reset());
afterAll(() => db.close());

/** The embedded database runs one transaction at a time: nothing can overlap there. */
const overlapping = test.skipIf((process.env.TEST_DATABASE_URL ?? '') === '');
const event = (n: number) => ({ kind: 'test', payload: { n } });
const range = (from: number, to: number) => Array.from({ length: to - from }, (_, i) => from + i);

function follow(seen: number[], reader?: string): OutboxReader {
  return new OutboxReader({
    pool: db.pool,
    batch: 7,
    pollMs: 50,
    ...(reader === undefined ? {} : { reader }),
    handle: async (events: readonly OutboxEvent[]) => void seen.push(...events.map((e) => Number(e.payload.n))),
  });
}

test('a durable outbox reader sees every committed event once, in order, over restarts', async () => {
  const seen: number[] = [];
  const readUntil = async (until: number, reader = follow(seen, 'test')) => {
    await reader.start();
    await expect.poll(() => seen.length, { timeout: 10_000 }).toBeGreaterThanOrEqual(until);
    await reader.stop();
  };
  const write = (from: number, to: number) =>
    writeOutbox(
      db.pool,
      Array.from({ length: to - from }, (_, i) => ({ kind: 'test', payload: { n: from + i } })),
    );
  await write(0, 20);
  await readUntil(20);
  await write(20, 30);
  await readUntil(30);
  const paused = follow(seen, 'test');
  await paused.start();
  // While nothing comes it waits for its next look: the state in which a pause mostly finds it.
  await new Promise((resolve) => setTimeout(resolve, 120));
  await paused.stop();
  await write(30, 40);
  await readUntil(40, paused);
  expect(seen).toEqual(Array.from({ length: 40 }, (_, i) => i));
});

overlapping('an event that commits after a later one is not skipped', async () => {
  const seen: number[] = [];
  const reader = follow(seen);
  await reader.start();
  const slow = await db.pool.connect();
  await slow.query('begin');
  await writeOutbox(slow, [event(1)]);
  await writeOutbox(db.pool, [event(2)]);
  await new Promise((resolve) => setTimeout(resolve, 300));
  expect(seen).toEqual([]);
  await slow.query('commit');
  slow.release();
  await expect.poll(() => seen).toEqual([1, 2]);
  await reader.stop();
});

overlapping('a long transaction that writes no event delays nobody', async () => {
  const seen: number[] = [];
  const reader = follow(seen);
  await reader.start();
  await inTransaction(db.pool, async (long) => {
    await long.query(`insert into setting (key, value) values ('long', '1')`);
    await writeOutbox(db.pool, [event(1)]);
    await expect.poll(() => seen).toEqual([1]);
    await writeOutbox(long, [event(3)]);
    await writeOutbox(db.pool, [event(2)]);
  });
  await expect.poll(() => [...seen].sort()).toEqual([1, 2, 3]);
  await reader.stop();
});

overlapping('many writers at once: every event once, each in the order of its transaction', async () => {
  const seen: number[] = [];
  const readers = [follow(seen), follow([], 'other')];
  await Promise.all(readers.map((reader) => reader.start()));
  const write = async (writer: number) => {
    for (const n of range(0, 40)) {
      await inTransaction(db.pool, async (client) => {
        await writeOutbox(client, [event(writer * 1000 + n)]);
        if (n % 7 === 0) await client.query('select pg_sleep(0.01)');
      });
    }
  };
  await Promise.all([1, 2, 3].map(write));
  await expect.poll(() => seen.length, { timeout: 10_000 }).toBe(120);
  expect(new Set(seen).size).toBe(120);
  for (const writer of [1, 2, 3]) {
    const own = seen.filter((n) => Math.floor(n / 1000) === writer);
    expect(own).toEqual(range(writer * 1000, writer * 1000 + 40));
  }
  await Promise.all(readers.map((reader) => reader.stop()));
});
