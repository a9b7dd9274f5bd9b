import { afterAll, beforeAll, expect, test } from 'vitest';
import { type TestDatabase, testDatabase } from '../../../test/support/database.ts';
import { inTransaction, migrate, openPool } from '../../src/db/index.ts';

let db: TestDatabase;
beforeAll(async () => {
  db = await testDatabase();
});
afterAll(() => db.close());

test('eight clients in transactions never see each other half-way', async () => {
  await db.pool.query('create table counter (n int not null); insert into counter values (0)');
  const bump = () =>
    inTransaction(db.pool, async (client) => {
      const { rows } = await client.query<{ n: number }>('select n from counter for update');
      await client.query('update counter set n = $1', [(rows[0]?.n ?? 0) + 1]);
    });
  await Promise.all(Array.from({ length: 40 }, bump));
  const { rows } = await db.pool.query('select n from counter');
  expect(rows).toEqual([{ n: 40 }]);
});

test('named statements of different clients do not clash', async () => {
  const [a, b] = await Promise.all([db.pool.connect(), db.pool.connect()]);
  const run = (client: typeof a, text: string) => client.query({ name: 'same', text, values: [7] });
  expect((await run(a, 'select $1::int as v')).rows).toEqual([{ v: 7 }]);
  expect((await run(b, 'select $1::int + 1 as v')).rows).toEqual([{ v: 8 }]);
  expect((await run(a, 'select $1::int as v')).rows).toEqual([{ v: 7 }]);
  a.release();
  b.release();
});

test('an error inside an extended query leaves the session usable', async () => {
  await expect(db.pool.query('select 1 / $1::int', [0])).rejects.toMatchObject({ code: '22012' });
  await expect(db.pool.query('select nonsense from nowhere')).rejects.toMatchObject({ code: '42P01' });
  expect((await db.pool.query('select 1 as one')).rows).toEqual([{ one: 1 }]);
});

test('a client that vanishes inside a transaction is rolled back', async () => {
  await db.pool.query('create table t (n int)');
  const other = openPool({ url: db.url, max: 1 });
  const client = await other.connect();
  await client.query('begin');
  await client.query('insert into t values (1)');
  client.release(true);
  await other.end();
  expect((await db.pool.query('select count(*) as n from t')).rows).toEqual([{ n: 0 }]);
});

test('messages of several megabytes pass both ways', async () => {
  const values = Array.from({ length: 200_000 }, (_, i) => `value number ${i}`);
  const { rows } = await db.pool.query<{ v: string }>('select v from unnest($1::text[]) v', [values]);
  expect(rows.length).toBe(values.length);
  expect(rows.at(-1)?.v).toBe('value number 199999');
});

test.each([8_192, 16_384, 131_072])('a message that ends on or near byte %i of its group is answered', async (edge) => {
  for (let length = edge - 110; length <= edge + 4; length += 1) {
    const { rows } = await db.pool.query<{ n: number }>('select length($1) as n', ['x'.repeat(length)]);
    expect(rows).toEqual([{ n: length }]);
  }
});

test('migrating again, by racing processes, changes nothing', async () => {
  expect(await Promise.all([migrate(db.pool), migrate(db.pool)])).toEqual([[], []]);
});

test('a database of a newer version is refused', async () => {
  await expect(migrate(db.pool, [])).rejects.toMatchObject({ code: 'newer_database' });
});
