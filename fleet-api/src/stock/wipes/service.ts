import { inTransaction, type Pool, type PoolClient, type Queryable } from '../../db/index.ts';
import { listFiles, readFile, type StoredFile, storeFile, type Upload } from '../../files/index.ts';
import { apiError } from '../../http/errors.ts';
import { DEFAULT_LIMIT, type PageOf } from '../../http/paging.ts';
import { momentOf } from '../../registry/installations/service.ts';
import { type Doer, record } from '../../registry/shared/doer.ts';
import type { WipeBody, WipeCheck, WipeDetail, WipeQuery } from './schemas.ts';
import * as sql from './sql.ts';

/** What the files of a check hang on. */
const subjectOf = (id: number): string => `wipe_check:${id}`;
/** Photos of one check at most. */
const MAX_PHOTOS = 10;

export function listChecks(pool: Pool, by: Doer, query: WipeQuery): Promise<PageOf<WipeCheck>> {
  return sql.selectChecks(pool, by.scope, query, query.limit ?? DEFAULT_LIMIT);
}

/** @throws ApiError `not_found` */
export async function getCheck(db: Queryable, by: Doer, id: number): Promise<WipeDetail> {
  const check = await sql.selectCheck(db, by.scope, id);
  if (check === null) throw apiError('not_found');
  return { ...check, records: await sql.selectRecords(db, id), files: await listFiles(db, subjectOf(id)) };
}

/** Records an attempt to wipe a device. @throws ApiError `not_found`, `version_conflict`, `conflict`, `invalid_request` */
export async function recordWipe(pool: Pool, by: Doer, id: number, wish: WipeBody): Promise<WipeDetail> {
  return inTransaction(pool, async (client) => {
    await getCheck(client, by, id);
    const check = await sql.lockCheck(client, id);
    if (check === null) throw apiError('not_found');
    if (check.version !== wish.version) throw apiError('version_conflict');
    await enterWipe(client, by, check, wish);
    const { version: _version, ...detail } = wish;
    await record(client, by, 'device.wipe_recorded', `device:${check.device_id}`, detail);
    return getCheck(client, by, id);
  });
}

/** The same as part of a larger act, which writes the audit log. The caller holds the lock of the check or of its device. */
export async function enterWipe(
  client: PoolClient,
  by: Doer,
  check: sql.OpenCheck,
  { at, method, result, note }: Omit<WipeBody, 'version'>,
): Promise<void> {
  if (check.state === 'clean') throw apiError('conflict', 'It has been recorded as wiped already');
  if (check.state === 'void') throw apiError('conflict', 'The device went back to the station that it had left');
  const moment = momentOf(at, by.nowMs);
  if (moment < check.left_at) {
    const message = `must not be before the device left its station (${check.left_at.toISOString()})`;
    throw apiError('invalid_request', { errors: [{ path: '/body/at', message }] });
  }
  const row = { checkId: check.id, at: moment, userId: by.actor.userId, method, result, note: note ?? null };
  await sql.insertRecord(client, row);
}

/** @throws ApiError `not_found` */
export async function addPhoto(pool: Pool, by: Doer, id: number, upload: Upload): Promise<WipeDetail> {
  return inTransaction(pool, async (client) => {
    const check = await getCheck(client, by, id);
    await sql.lockCheck(client, id);
    if (check.files.length >= MAX_PHOTOS) throw apiError('conflict', `At most ${MAX_PHOTOS} photos`);
    const { userId } = by.actor;
    await storeFile(client, { ...upload, subject: subjectOf(id), purpose: 'photo', userId, nowMs: by.nowMs });
    await record(client, by, 'device.wipe_photo_added', `device:${check.device.device_id}`, { file: upload.name });
    return getCheck(client, by, id);
  });
}

/** @throws ApiError `not_found` */
export async function getPhoto(pool: Pool, by: Doer, id: number, fileId: number): Promise<StoredFile> {
  if ((await sql.selectCheck(pool, by.scope, id)) === null) throw apiError('not_found');
  const file = await readFile(pool, subjectOf(id), fileId);
  if (file === null) throw apiError('not_found');
  return file;
}
