import { afterAll, beforeAll, expect, test } from 'vitest';
import { type TestDatabase, testDatabase } from '../../../test/support/database.ts';
import { dumpSchema } from '../../src/db/schema-dump.ts';

let db: TestDatabase;
beforeAll(async () => {
  db = await testDatabase();
});
afterAll(() => db.close());

test('the dump names tables, hypertables, aggregates and policies, and is the same twice', async () => {
  const dump = await dumpSchema(db.pool);
  for (const part of ['table device\n', 'rec_beat by ts every 1 day', 'health_hourly', 'policy_compression']) {
    expect(dump).toContain(part);
  }
  expect(await dumpSchema(db.pool)).toBe(dump);
});
