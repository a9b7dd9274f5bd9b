import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, expect, test } from 'vitest';
import { type EmbeddedDatabase, migrate, openEmbedded, openPool } from '../../src/db/index.ts';

const dataDir = join(mkdtempSync(join(tmpdir(), 'uptally-db-')), 'db');
afterAll(() => rmSync(join(dataDir, '..'), { recursive: true, force: true }));

const insert = `insert into rec_health (ts, rcv_at, seq, device_key, flags, is_full, cpu_pct)
  values ($1, now(), 1, 1, 0, false, 50)`;

async function withDatabase(
  work: (pool: ReturnType<typeof openPool>, db: EmbeddedDatabase) => Promise<void>,
): Promise<void> {
  const db = await openEmbedded({ dataDir });
  const pool = openPool({ url: db.url, max: 2 });
  try {
    await work(pool, db);
  } finally {
    await pool.end();
    await db.stop();
  }
}

test('hypertables, compression and aggregates work on files that were there already', async () => {
  await withDatabase(async (pool) => {
    await migrate(pool);
    await pool.query(insert, ['2026-01-01T00:10:00Z']);
  });
  await withDatabase(async (pool) => {
    await pool.query(insert, ['2026-01-02T00:10:00Z']);
    await pool.query(`call refresh_continuous_aggregate('health_hourly', null, null)`);
    await pool.query(`select compress_chunk(c) from show_chunks('rec_health') c`);
    const { rows } = await pool.query('select count(*) as n, sum(samples)::int as samples from health_hourly');
    expect(rows).toEqual([{ n: 2, samples: 2 }]);
  });
});

test('a killed engine is back on the same port with everything that was committed', async () => {
  await withDatabase(async (pool, db) => {
    await pool.query(insert, ['2026-01-03T00:10:00Z']);
    const killed = db.pid();
    process.kill(killed ?? 0, 'SIGKILL');
    const count = async () => {
      const { rows } = await pool.query<{ n: number }>('select count(*) as n from rec_health');
      return rows[0]?.n;
    };
    await expect.poll(() => count().catch(() => -1), { timeout: 30_000, interval: 200 }).toBe(3);
    expect(db.pid()).not.toBe(killed);
  });
});

test('the same files can not be opened twice', async () => {
  await withDatabase(async () => {
    await expect(openEmbedded({ dataDir })).rejects.toThrow('already open');
  });
});
