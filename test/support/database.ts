import { mkdirSync, rmSync } from 'node:fs';
import { join } from 'node:path';
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

/** A freshly migrated database for this test file alone. */
export async function testDatabase(): Promise<TestDatabase> {
  const { url, release } = await claim();
  const pool = openPool({ url, max: 8 });
  await pool.query('drop schema if exists uptally cascade');
  await migrate(pool);
  const close = async (): Promise<void> => {
    await pool.end();
    release();
  };
  return { url, pool, reset: () => reset(pool), close };
}

/** Takes a database that no other file uses now. Making a folder is the lock: it succeeds for one of those who try. */
async function claim(): Promise<{ url: string; release: () => void }> {
  const urls = inject('databaseUrls');
  const claims = inject('databaseClaims');
  for (;;) {
    for (const [i, url] of urls.entries()) {
      const mark = join(claims, String(i));
      try {
        mkdirSync(mark);
      } catch {
        continue;
      }
      const release = () => rmSync(mark, { recursive: true, force: true });
      process.once('exit', release);
      return { url, release };
    }
    await new Promise((resolve) => setTimeout(resolve, 50));
  }
}

async function reset(pool: Pool): Promise<void> {
  const { rows } = await pool.query<{ name: string }>(
    `select quote_ident(tablename) as name from pg_tables where schemaname = 'uptally' and tablename <> 'schema_migration'`,
  );
  await pool.query(`truncate ${rows.map((row) => row.name).join(', ')} restart identity cascade`);
}
