import { inject } from 'vitest';
import { migrate, openPool, type Pool } from '../../fleet-api/src/db/index.ts';

export interface TestDatabase {
  readonly url: string;
  readonly pool: Pool;
  /** Empties every table and starts identities anew; keeps the schema. */
  reset(): Promise<void>;
  /** Ends the pool. Call it in `afterAll`. */
  close(): Promise<void>;
}

/** A freshly migrated database for this test file, on the worker's own TimescaleDB. */
export async function testDatabase(): Promise<TestDatabase> {
  const urls = inject('databaseUrls');
  const slot = Number(process.env.VITEST_POOL_ID ?? '1') - 1;
  const url = urls[slot % urls.length];
  if (url === undefined) throw new Error('no test database: is this file named *.db.test.ts?');
  const pool = openPool({ url, max: 8 });
  await pool.query('drop schema if exists uptally cascade');
  await migrate(pool);
  return { url, pool, reset: () => reset(pool), close: () => pool.end() };
}

async function reset(pool: Pool): Promise<void> {
  const { rows } = await pool.query<{ name: string }>(
    `select quote_ident(tablename) as name from pg_tables where schemaname = 'uptally' and tablename <> 'schema_migration'`,
  );
  await pool.query(`truncate ${rows.map((row) => row.name).join(', ')} restart identity cascade`);
}
