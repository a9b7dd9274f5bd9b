import type { Pool, Queryable } from '../db/index.ts';

/** A database whose registry and records are invented, and known to be: only into such a one may a past be replayed (ADR 8). */
export interface Demo {
  readonly since: string;
  /** A replay says every some seconds until when it is under way. */
  readonly replaying_until?: string;
  /** What was replayed, once it is complete. */
  readonly replayed?: { readonly from: string; readonly to: string; readonly records: number };
}

/** The database can't be a demo's, or is not. */
export class NotADemo extends Error {
  override readonly name = 'NotADemo';
}

/** The mark of a demo; null: this is no demo. */
export async function demoOf(db: Queryable): Promise<Demo | null> {
  const { rows } = await db.query<{ value: Demo }>(`select value from setting where key = 'demo'`);
  return rows[0]?.value ?? null;
}

/**
 * Marks the database as a demo's, for ever. Only one without any device can become one: real evidence and invented never share a database.
 * @throws {@link NotADemo}
 */
export async function markDemo(pool: Pool, nowMs: number): Promise<void> {
  await pool.query(
    `insert into setting (key, value) select 'demo', jsonb_build_object('since', $1::text)
     where not exists (select from device) on conflict do nothing`,
    [new Date(nowMs).toISOString()],
  );
  if ((await demoOf(pool)) === null) {
    throw new NotADemo(
      'this database has devices of its own: a demo needs one for itself (set UPTALLY_DATA or DATABASE_URL)',
    );
  }
}

/** Figures need not follow evidence that is still being replayed: all of it is counted once it is there. */
export async function isReplaying(db: Queryable, nowMs: number): Promise<boolean> {
  const until = (await demoOf(db))?.replaying_until;
  return until !== undefined && Date.parse(until) > nowMs;
}

/** Adds to what the mark says. */
export async function noteDemo(db: Queryable, news: Partial<Demo>): Promise<void> {
  await db.query(`update setting set value = value || $1::jsonb, version = version + 1 where key = 'demo'`, [
    JSON.stringify(news),
  ]);
}
