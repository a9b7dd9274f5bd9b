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
      // Workers outlive files: one that ends must not give back what another has taken since.
      const release = () => {
        process.off('exit', release);
        rmSync(mark, { recursive: true, force: true });
      };
      process.once('exit', release);
      return { url, release };
    }
    await new Promise((resolve) => setTimeout(resolve, 50));
  }
}

/**
 * Most tests fill a few of more than a hundred tables. Truncating them all costs a second each time, truncating one takes along all
 * that refer to it; so what holds rows is emptied, without triggers. Needs a superuser, as the embedded database's user is.
 */
const RESET = `do $$
declare
  t record;
  filled boolean;
begin
  set local session_replication_role = replica;
  for t in
    select c.oid::regclass::text as name, h.id is not null as is_hypertable
    from pg_class c join pg_namespace n on n.oid = c.relnamespace
    left join _timescaledb_catalog.hypertable h on h.schema_name = n.nspname and h.table_name = c.relname
    where n.nspname = 'uptally' and c.relkind = 'r' and c.relname <> 'schema_migration'
  loop
    execute format('select exists (select 1 from %s)', t.name) into filled;
    if filled then
      execute format(case when t.is_hypertable then 'truncate %s' else 'delete from %s' end, t.name);
    end if;
  end loop;
  perform setval(format('%I.%I', schemaname, sequencename)::regclass, start_value, false)
  from pg_sequences where schemaname = 'uptally' and last_value is not null;
end $$`;

async function reset(pool: Pool): Promise<void> {
  await pool.query(RESET);
}
