import { rm } from 'node:fs/promises';
import { join } from 'node:path';
import type { Pool } from '../../db/index.ts';

/** What is kept of finished bundles; one that goes can be ordered again. */
export interface BundleLimits {
  readonly days: number;
  /** Of all files together; the oldest go first. */
  readonly maxBytes: number;
}

/** Bundles whose files go in one run. */
const BATCH = 200;

/** Files stay for a day whatever they weigh, so that whoever ordered one can fetch it. */
const EXCESS = `select id, file_name from (
  select id, file_name, finished_at, sum(file_bytes) over (order by finished_at desc, id) as bytes_to_here
  from evidence_bundle where file_name is not null) b
where finished_at < $1::timestamptz - make_interval(days => $2)
  or finished_at < $1::timestamptz - interval '1 day' and bytes_to_here > $3::int8
order by finished_at limit ${BATCH}`;

/** Takes away the files of bundles that are too old or too many; their rows stay. Returns how many. */
export async function removeOldBundles(
  pool: Pool,
  dir: string,
  { days, maxBytes }: BundleLimits,
  nowMs: number,
): Promise<number> {
  const { rows } = await pool.query<{ id: string; file_name: string }>(EXCESS, [new Date(nowMs), days, maxBytes]);
  for (const { file_name } of rows) await rm(join(dir, file_name), { force: true });
  await pool.query('update evidence_bundle set file_name = null where id = any ($1::uuid[])', [
    rows.map(({ id }) => id),
  ]);
  return rows.length;
}
