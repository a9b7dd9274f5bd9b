import { rm } from 'node:fs/promises';
import { join } from 'node:path';
import type { Pool } from '../db/index.ts';

/** Documents whose files go in one run. */
const BATCH = 200;

/** Takes away the files of documents that were finished `days` ago or more; their rows stay. Returns how many documents. */
export async function removeOldFiles(pool: Pool, dir: string, days: number, nowMs: number): Promise<number> {
  const { rows } = await pool.query<{ id: string }>(
    `select id from document where removed_at is null and finished_at < $1::timestamptz - make_interval(days => $2)
     order by finished_at limit ${BATCH}`,
    [new Date(nowMs), days],
  );
  for (const { id } of rows) await rm(join(dir, id), { recursive: true, force: true });
  await pool.query('update document set removed_at = $1 where id = any ($2::uuid[])', [
    new Date(nowMs),
    rows.map(({ id }) => id),
  ]);
  return rows.length;
}
