import type { Queryable } from '../db/index.ts';

/** True until an administrator has finished the first run. */
export async function isSetupNeeded(db: Queryable): Promise<boolean> {
  const { rowCount } = await db.query(`select 1 from setting where key = 'setup'`);
  return rowCount === 0;
}
