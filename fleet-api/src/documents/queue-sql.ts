import type { Queryable } from '../db/index.ts';

/** A document to be made. */
export interface Job {
  readonly id: string;
  readonly kind: string;
  readonly params: unknown;
  readonly claim: string;
}

/** A file as its row tells of it; `path` within the folder of documents. */
export interface KeptFile {
  readonly name: string;
  readonly media_type: string;
  readonly bytes: number;
  readonly sha256: string;
  readonly path: string;
}

/** A running job that was not heard of for this long belongs to a process that died, ms. */
const ABANDONED_MS = 2 * 60_000;
/** A job that outlived so many makers is what they die of. */
const MAX_ATTEMPTS = 3;

const GIVE_UP = `update document set state = 'failed', error = 'given up: whoever made it ended each time', updated_at = $1, finished_at = $1
  where state = 'running' and attempts >= ${MAX_ATTEMPTS} and updated_at < $1::timestamptz - interval '${ABANDONED_MS} ms'`;

const TAKE = `update document set state = 'running', claim = $2, attempts = attempts + 1, progress_done = 0, updated_at = $1
  where id = (select id from document
    where state = 'queued' or (state = 'running' and updated_at < $1::timestamptz - interval '${ABANDONED_MS} ms')
    order by created_at limit 1 for update skip locked)
  returning id, kind, params, claim`;

/** Takes the oldest waiting job, or one whose maker died, as `claim`; null if there is none. */
export async function takeJob(db: Queryable, now: Date, claim: string): Promise<Job | null> {
  await db.query(GIVE_UP, [now]);
  const { rows } = await db.query<Job>(TAKE, [now, claim]);
  return rows[0] ?? null;
}

/** Tells that the job is alive, and how far it is unless null; false if it is another's by now. */
export async function tellAlive(
  db: Queryable,
  { id, claim }: Job,
  now: Date,
  progress: { readonly done: number; readonly total: number } | null,
): Promise<boolean> {
  const { rowCount } = await db.query(
    `update document set updated_at = $3, progress_done = coalesce($4, progress_done), progress_total = coalesce($5, progress_total)
     where id = $1 and claim = $2 and state = 'running'`,
    [id, claim, now, progress?.done ?? null, progress?.total ?? null],
  );
  return rowCount === 1;
}

/** False if the job is another's by now: then the files are of no use. */
export async function tellDone(
  db: Queryable,
  { id, claim }: Job,
  now: Date,
  files: readonly KeptFile[],
): Promise<boolean> {
  const { rowCount } = await db.query(
    `update document set state = 'done', files = $4, error = null, updated_at = $3, finished_at = $3,
       progress_done = greatest(progress_total, 1), progress_total = greatest(progress_total, 1)
     where id = $1 and claim = $2 and state = 'running'`,
    [id, claim, now, JSON.stringify(files)],
  );
  return rowCount === 1;
}

export async function tellFailed(db: Queryable, { id, claim }: Job, now: Date, error: string): Promise<void> {
  await db.query(
    `update document set state = 'failed', error = $4, updated_at = $3, finished_at = $3
     where id = $1 and claim = $2 and state = 'running'`,
    [id, claim, now, error.slice(0, 500)],
  );
}

/** Puts a job back for whoever runs next; it does not count as an attempt. */
export async function putBack(db: Queryable, { id, claim }: Job, now: Date): Promise<void> {
  await db.query(
    `update document set state = 'queued', claim = null, attempts = attempts - 1, updated_at = $3
     where id = $1 and claim = $2 and state = 'running'`,
    [id, claim, now],
  );
}
