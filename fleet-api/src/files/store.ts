import { createHash } from 'node:crypto';
import type { PoolClient, Queryable } from '../db/index.ts';
import type { MediaType } from './kind.ts';
import type { FileRow } from './schemas.ts';
import type { Upload } from './upload.ts';

export interface NewFile extends Upload {
  /** What it hangs on: `work_order:12`. Who may see it, the owner of that decides. */
  readonly subject: string;
  /** `photo`, `signature`, `document`, `sheet`. */
  readonly purpose: string;
  /** Null: the site, without an account. */
  readonly userId: number | null;
  readonly nowMs: number;
}

export interface StoredFile {
  readonly name: string;
  readonly media_type: MediaType;
  readonly content: Buffer;
}

/** Keeps a file and gives its id. The same content again on the same subject is the file that is there already. */
export async function storeFile(client: PoolClient, file: NewFile): Promise<number> {
  const hash = sha256(file.content);
  const { rows } = await client.query<{ id: number }>(
    `insert into attached_file (subject, purpose, name, media_type, bytes, sha256, content, uploaded_by, uploaded_at)
     values ($1, $2, $3, $4, $5, $6, $7, $8, $9) on conflict (subject, sha256) do update set sha256 = excluded.sha256
     returning id`,
    [
      file.subject,
      file.purpose,
      file.name,
      file.type,
      file.content.length,
      hash,
      file.content,
      file.userId,
      new Date(file.nowMs),
    ],
  );
  return (rows[0] as { id: number }).id;
}

/** Files of a subject, oldest first. */
export async function listFiles(db: Queryable, subject: string): Promise<FileRow[]> {
  const { rows } = await db.query<FileRow>(
    `select f.id, f.purpose, f.name, f.media_type, f.bytes, encode(f.sha256, 'hex') as sha256, f.uploaded_at,
       (select json_build_object('id', u.id, 'name', u.name) from app_user u where u.id = f.uploaded_by) as uploaded_by
     from attached_file f where f.subject = $1 order by f.id`,
    [subject],
  );
  return rows;
}

/** One file of a subject, or null. */
export async function readFile(db: Queryable, subject: string, id: number): Promise<StoredFile | null> {
  const { rows } = await db.query<StoredFile>(
    'select name, media_type, content from attached_file where subject = $1 and id = $2',
    [subject, id],
  );
  return rows[0] ?? null;
}

export function sha256(content: Buffer): Buffer {
  return createHash('sha256').update(content).digest();
}
