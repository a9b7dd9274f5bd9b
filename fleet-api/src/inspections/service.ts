import { inTransaction, type Pool, type PoolClient, type Queryable, writeOutbox } from '../db/index.ts';
import type { Member } from '../exclusions/parties.ts';
import { type FileRow, listFiles, readFile, type StoredFile, storeFile, type Upload } from '../files/index.ts';
import { apiError } from '../http/errors.ts';
import { DEFAULT_LIMIT, type PageOf } from '../http/paging.ts';
import { record } from '../registry/shared/doer.ts';
import { actionsFor, refusalOf, type Standing } from './actions.ts';
import { faultyOf, problemsOfAnswers } from './answers.ts';
import { withFaults } from './item-faults.ts';
import { type ReadingsAsked, readingsFor } from './readings.ts';
import type { FinishBody, StationReadings, Task, TaskAction, TaskDetail, TaskQuery } from './schemas.ts';
import * as sql from './task-sql.ts';

/** Tasks that a phone takes along at most. */
const MINE_TASKS = 100;
/** Files of one task at most. */
const MAX_FILES = 60;
/** A phone's clock may run ahead of the server's by so much, ms. */
const CLOCK_MS = 5 * 60_000;

/** Tasks that the person sees, by their due instants. */
export async function listTasks(pool: Pool, by: Member, query: TaskQuery): Promise<PageOf<Task>> {
  const page = await sql.selectTasks(pool, by, { ...query, limit: query.limit ?? DEFAULT_LIMIT });
  return { ...page, items: page.items.map((row) => present(row, by)) };
}

/** What the person has to carry out, with everything that the work needs without a network. */
export async function listMine(pool: Pool, by: Member): Promise<{ items: TaskDetail[]; more: number }> {
  const { ids, total } = await sql.selectMine(pool, by, MINE_TASKS);
  const items = await details(pool, by, ids, { files: false });
  return { items, more: Math.max(0, total - items.length) };
}

/** @throws ApiError `not_found` */
export async function getTask(db: Queryable, by: Member, id: number): Promise<TaskDetail> {
  const [task] = await details(db, by, [id], { files: true });
  if (task === undefined) throw apiError('not_found');
  return task;
}

/** Begins a task. @throws ApiError those of {@link refusalOf}, `inspection_time` */
export function startTask(pool: Pool, by: Member, id: number, startedAt: string | undefined): Promise<TaskDetail> {
  return changing(pool, by, id, 'start', async (client, row) => {
    const at = instantOf(startedAt ?? new Date(by.nowMs).toISOString(), row, by);
    await sql.setStarted(client, id, by.userId, new Date(at));
    await tell(client, by, row, 'started');
  });
}

/**
 * Stores that a task was carried out. The same word of a phone again (its key) changes nothing and gives the task as it is; a
 * word about a task that somebody else has done is told so.
 * @throws ApiError those of {@link refusalOf}, `inspection_time`, `inspection_incomplete`, `idempotency_mismatch`
 */
export async function finishTask(pool: Pool, by: Member, id: number, body: FinishBody): Promise<TaskDetail> {
  if (await isKnown(pool, by, id, body.client_key)) return getTask(pool, by, id);
  await inTransaction(pool, async (client) => {
    await sql.lockTask(client, id);
    if (await isKnown(client, by, id, body.client_key)) return;
    const row = await visible(client, by, id);
    requireMay('finish', row, by);
    const doneAt = instantOf(body.done_at, row, by);
    const files = await listFiles(client, subjectOf(id));
    const problems = problemsOfAnswers(row.checklist, body.answers, new Set(files.map((file) => file.id)));
    if (problems.length > 0) throw incomplete(problems);
    const answers = await withFaults(client, by, row, body.answers, doneAt);
    const [stations] = await readingsFor(client, [readingsAsked(row)], by.nowMs);
    await sql.setDone(client, id, {
      userId: by.userId,
      now: new Date(by.nowMs),
      doneAt: new Date(doneAt),
      clientKey: body.client_key,
      answers,
      readings: stations ?? [],
      note: body.note ?? null,
      faulty: faultyOf(body.answers),
    });
    await tell(client, by, row, 'done', { done_at: new Date(doneAt).toISOString(), faulty: faultyOf(body.answers) });
  });
  return getTask(pool, by, id);
}

/** Gives a task to somebody, or to nobody. @throws ApiError those of {@link refusalOf}, `unknown_reference` */
export function assignTask(pool: Pool, by: Member, id: number, userId: number | null): Promise<TaskDetail> {
  return changing(pool, by, id, 'assign', async (client, row) => {
    const people = await sql.selectInspectors(client, row.contract.id);
    if (userId !== null && !people.some((person) => person.id === userId)) {
      throw apiError('unknown_reference', 'Nobody of the contractor who carries out inspections');
    }
    await sql.setAssignee(client, id, userId);
    await tell(client, by, row, 'assigned', { user_id: userId });
  });
}

/** Before anything of an upload is read. @throws ApiError `not_found`, those of {@link refusalOf} */
export async function requireUploader(pool: Pool, by: Member, id: number): Promise<void> {
  requireMay('add_file', await visible(pool, by, id), by);
}

/** Adds a photo to a task; the same content again is the same file. @throws ApiError `too_many_files`, {@link refusalOf} */
export async function addTaskFile(pool: Pool, by: Member, id: number, upload: Upload): Promise<FileRow> {
  const fileId = await inTransaction(pool, async (client) => {
    await sql.lockTask(client, id);
    requireMay('add_file', await visible(client, by, id), by);
    const files = await listFiles(client, subjectOf(id));
    const stored = await storeFile(client, {
      ...upload,
      subject: subjectOf(id),
      purpose: 'photo',
      userId: by.userId,
      nowMs: by.nowMs,
    });
    if (files.length >= MAX_FILES && !files.some((file) => file.id === stored)) {
      throw apiError('too_many_files', `At most ${MAX_FILES} files`);
    }
    return stored;
  });
  const file = (await listFiles(pool, subjectOf(id))).find((each) => each.id === fileId);
  if (file === undefined) throw apiError('not_found');
  return file;
}

/** @throws ApiError `not_found` */
export async function getTaskFile(pool: Pool, by: Member, id: number, fileId: number): Promise<StoredFile> {
  await visible(pool, by, id);
  const file = await readFile(pool, subjectOf(id), fileId);
  if (file === null) throw apiError('not_found');
  return file;
}

/** Runs a change on a locked task that the caller may change so. */
export async function changing(
  pool: Pool,
  by: Member,
  id: number,
  action: TaskAction,
  work: (client: PoolClient, row: sql.TaskDetailRow) => Promise<void>,
): Promise<TaskDetail> {
  await inTransaction(pool, async (client) => {
    await sql.lockTask(client, id);
    const row = await visible(client, by, id);
    requireMay(action, row, by);
    await work(client, row);
  });
  return getTask(pool, by, id);
}

/** @throws ApiError `not_found` */
export async function visible(db: Queryable, by: Member, id: number): Promise<sql.TaskDetailRow> {
  const [row] = await sql.selectDetails(db, by, [id]);
  if (row === undefined) throw apiError('not_found');
  return row;
}

/** Tells the outbox and the audit log of a change, as the last thing of its transaction. */
export async function tell(
  client: PoolClient,
  by: Member,
  row: sql.TaskRow,
  action: string,
  detail: Readonly<Record<string, unknown>> = {},
): Promise<void> {
  await writeOutbox(client, [
    { kind: 'inspection.changed', regionPath: row.region_path, payload: { id: row.id, action } },
  ]);
  await record(client, by, `inspection.${action}`, subjectOf(row.id), detail);
}

/** A task as lists show it. */
export function present(row: sql.TaskRow, by: Pick<Member, 'nowMs'>): Task {
  const { station_id: _station, site_id: _site, region_path: _path, parties: _parties, asked_org: _org, ...rest } = row;
  return { ...rest, status: sql.statusOf(row, by.nowMs) };
}

async function details(
  db: Queryable,
  by: Member,
  ids: readonly number[],
  { files }: { readonly files: boolean },
): Promise<TaskDetail[]> {
  if (ids.length === 0) return [];
  const rows = await sql.selectDetails(db, by, ids);
  const readings = await readingsFor(db, rows.map(readingsAsked), by.nowMs);
  const tasks: TaskDetail[] = [];
  for (const [i, row] of rows.entries()) {
    tasks.push({
      ...present(row, by),
      checklist: [...row.checklist],
      answers: row.answers,
      note: row.note,
      device_id: row.device_id,
      stations: row.state === 'done' ? (row.readings as StationReadings[]) : (readings[i] ?? []),
      files: files ? await listFiles(db, subjectOf(row.id)) : [],
      actions: actionsFor(standingOf(row), by),
    });
  }
  return tasks;
}

function standingOf(row: sql.TaskRow): Standing {
  const isAsked = row.cancellation !== null && row.cancellation.decision === null;
  return { state: row.state, parties: row.parties, asker: isAsked ? row.asked_org : null };
}

function requireMay(action: TaskAction, row: sql.TaskRow, by: Member): void {
  const refusal = refusalOf(action, standingOf(row), by);
  if (refusal === null) return;
  if (refusal.code === 'inspection_done' && row.done_at !== null) {
    throw apiError('inspection_done', `Carried out by ${row.done_by?.name ?? '?'} at ${row.done_at.toISOString()}`);
  }
  throw refusal;
}

/** True if the word was heard before. @throws ApiError `idempotency_mismatch` if it was about another task */
async function isKnown(db: Queryable, by: Member, id: number, clientKey: string): Promise<boolean> {
  const known = await sql.taskOfKey(db, clientKey);
  if (known === null) return false;
  await visible(db, by, id);
  if (known !== id) throw apiError('idempotency_mismatch', 'This key was used for another inspection');
  return true;
}

/** An instant as told by a phone, Unix ms. @throws ApiError `inspection_time` */
function instantOf(told: string, row: sql.TaskRow, by: Member): number {
  const at = Date.parse(told);
  if (at > by.nowMs + CLOCK_MS) throw apiError('inspection_time', 'It lies in the future');
  if (at < row.begins_at.getTime()) {
    throw apiError('inspection_time', `Its period begins at ${row.begins_at.toISOString()}`);
  }
  return Math.min(at, by.nowMs);
}

function incomplete(problems: readonly { item: string; message: string }[]) {
  const errors = problems.map(({ item, message }) => ({ path: `/body/answers/${item}`, message }));
  return apiError('inspection_incomplete', {
    detail: errors.map(({ path, message }) => `${path} ${message}`).join('; '),
    errors,
  });
}

function readingsAsked(row: sql.TaskRow): ReadingsAsked {
  return {
    stationId: row.station_id,
    siteId: row.site_id,
    contractId: row.contract.id,
    fromDay: row.period.from_day,
    toDay: row.period.to_day,
    timeZone: row.contract.time_zone,
  };
}

/** Name of a task in the audit log, and what its files hang on. */
export function subjectOf(id: number): string {
  return `inspection:${id}`;
}
