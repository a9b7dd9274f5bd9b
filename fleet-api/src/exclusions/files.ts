import type { Pool, Queryable } from '../db/index.ts';
import { type MediaType, sha256, type Upload } from '../files/index.ts';
import { apiError } from '../http/errors.ts';
import { refusalOf } from './actions.ts';
import type { Member } from './parties.ts';
import type { ExclusionDetail } from './schemas.ts';
import { changing, standingOf, tell, visible } from './service.ts';

/** Before anything of an upload is read. @throws ApiError `not_found`, those of {@link refusalOf} */
export async function requireUploader(pool: Pool, by: Member, id: number): Promise<void> {
  const refusal = refusalOf('add_file', standingOf(await visible(pool, by, id)), by);
  if (refusal !== null) throw refusal;
}

/**
 * Adds a file to a proposal. What is there already is not added again.
 * @throws ApiError `not_found`, those of {@link refusalOf}
 */
export function addFile(pool: Pool, by: Member, id: number, upload: Upload): Promise<ExclusionDetail> {
  return changing(pool, by, id, { action: 'add_file', version: null }, async (client, row) => {
    if (!(await insertFile(client, by, id, upload))) return;
    const detail = { file: upload.name, bytes: upload.content.length, sha256: sha256(upload.content).toString('hex') };
    await tell(client, by, { id, path: row.path, state: row.state, action: 'file_added', detail });
  });
}

export interface StoredFile {
  readonly name: string;
  readonly media_type: MediaType;
  readonly content: Buffer;
}

/** A file of an exclusion that the person sees. @throws ApiError `not_found` */
export async function getFile(pool: Pool, by: Member, id: number, fileId: number): Promise<StoredFile> {
  await visible(pool, by, id);
  const { rows } = await pool.query<StoredFile>(
    'select name, media_type, content from exclusion_file where exclusion_id = $1 and id = $2',
    [id, fileId],
  );
  const file = rows[0];
  if (file === undefined) throw apiError('not_found');
  return file;
}

/** False if the exclusion has the same content already. It is locked, so nobody adds the same at the same time. */
async function insertFile(db: Queryable, by: Member, id: number, { name, type, content }: Upload): Promise<boolean> {
  const hash = sha256(content);
  const same = await db.query('select 1 from exclusion_file where exclusion_id = $1 and sha256 = $2', [id, hash]);
  if (same.rowCount !== 0) return false;
  await db.query(
    `insert into exclusion_file (exclusion_id, name, media_type, bytes, sha256, content, uploaded_by, uploaded_at)
     values ($1, $2, $3, $4, $5, $6, $7, $8)`,
    [id, name, type, content.length, hash, content, by.userId, new Date(by.nowMs)],
  );
  await db.query('update exclusion set version = version + 1 where id = $1', [id]);
  return true;
}
