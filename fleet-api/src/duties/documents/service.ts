import { isAllowed } from '../../auth/permissions.ts';
import { periodNamed } from '../../availability/figures/period.ts';
import { inTransaction, type Pool, type PoolClient } from '../../db/index.ts';
import { type Member, sideOf } from '../../exclusions/parties.ts';
import { listFiles, readFile, type StoredFile, storeFile, type Upload } from '../../files/index.ts';
import { apiError } from '../../http/errors.ts';
import { DEFAULT_LIMIT, type PageOf } from '../../http/paging.ts';
import { record } from '../../registry/shared/doer.ts';
import { contractFor, requireSide, requireThisSide } from '../contract.ts';
import { documentFigures } from '../figures.ts';
import * as sql from './due-sql.ts';
import { reportFiles } from './report.ts';
import {
  type DocumentDue,
  type DocumentFigure,
  type DueDetail,
  type DueQuery,
  MAX_FILES,
  type SubmitBody,
} from './schemas.ts';
import { DOCUMENT_ACTIONS, type DocumentAction, documentMark, documentRefusal, standingSince } from './states.ts';

/** Documents that the person sees. */
export async function listDue(pool: Pool, by: Member, query: DueQuery): Promise<PageOf<DocumentDue>> {
  const page = await sql.selectDue(pool, by, { ...query, limit: query.limit ?? DEFAULT_LIMIT });
  return { ...page, items: page.items.map((row) => present(row, by)) };
}

/** @throws ApiError `not_found` */
export async function getDue(pool: Pool, by: Member, id: number): Promise<DueDetail> {
  const row = await sql.selectOneDue(pool, by, id, { lock: false });
  if (row === null) throw apiError('not_found');
  const [submissions, files] = [await sql.selectSubmissions(pool, id), await listFiles(pool, sql.subjectOf(id))];
  const handedIn = new Set(submissions.flatMap(({ file_ids }) => file_ids));
  const { decided_at: at, decided_org: org } = row;
  return {
    ...present(row, by),
    decided: at === null || org === null ? null : { at, user: row.decided_user, org, note: row.note },
    handed_in: submissions.map(({ file_ids, ...submission }) => ({
      ...submission,
      files: files.filter((file) => file_ids.includes(file.id)),
    })),
    files: files.filter((file) => !handedIn.has(file.id)),
  };
}

/** Document timeliness of a contract and a period. @throws ApiError `unknown_reference`, `invalid_period` */
export async function figureOf(
  pool: Pool,
  by: Member,
  query: { readonly contract: number; readonly period?: string },
): Promise<DocumentFigure> {
  const contract = await contractFor(pool, by, query.contract);
  const name = query.period ?? new Date(by.nowMs).toISOString().slice(0, 7);
  const period = periodNamed(name, contract.time_zone);
  const figures = await documentFigures(pool, { contractId: contract.id, period, nowMs: by.nowMs });
  const { onTime, late, missing, pending, rate } = figures;
  return { period: period.name, on_time: onTime, late, missing, pending, rate };
}

/** Before anything of an upload is read. @throws ApiError `not_found`, those of {@link submitDocument}, `too_many_files` */
export async function requireUploader(pool: Pool, by: Member, id: number): Promise<void> {
  const row = await sql.selectOneDue(pool, by, id, { lock: false });
  if (row === null) throw apiError('not_found');
  requireAct(row, by, 'submit');
  if ((await listFiles(pool, sql.subjectOf(id))).length >= MAX_FILES)
    throw apiError('too_many_files', `At most ${MAX_FILES} files`);
}

/** Keeps a file with the document; it counts once it is handed in. */
export async function addFile(pool: Pool, by: Member, id: number, upload: Upload): Promise<DueDetail> {
  await changing(pool, by, id, { action: 'submit', version: null }, async (client) => {
    const subject = sql.subjectOf(id);
    const fileId = await storeFile(client, {
      ...upload,
      subject,
      purpose: 'document',
      userId: by.userId,
      nowMs: by.nowMs,
    });
    // Several at once may have passed the look before: the row is locked now.
    if ((await listFiles(client, subject)).length > MAX_FILES)
      throw apiError('too_many_files', `At most ${MAX_FILES} files`);
    await record(client, by, 'document_due.file_added', subject, { file: upload.name, file_id: fileId });
  });
  return getDue(pool, by, id);
}

/** @throws ApiError `not_found` */
export async function getFile(pool: Pool, by: Member, id: number, fileId: number): Promise<StoredFile> {
  const row = await sql.selectOneDue(pool, by, id, { lock: false });
  const file = row === null ? null : await readFile(pool, sql.subjectOf(id), fileId);
  if (file === null) throw apiError('not_found');
  return file;
}

/**
 * The contractor hands in files or a report, whose PDFs are kept with the document. The instant that counts is now; to hand in more
 * before the agency decides keeps the earlier instant. `reportDir` is where made reports lie.
 * @throws ApiError `not_found`, `document_empty`, `unknown_reference`, `document_decided`, `duty_other_side`, `version_conflict`
 */
export async function submitDocument(
  pool: Pool,
  by: Member,
  id: number,
  wish: SubmitBody,
  reportDir: string,
): Promise<DueDetail> {
  await changing(pool, by, id, { action: 'submit', version: wish.version }, async (client, row) => {
    const subject = sql.subjectOf(id);
    const { note = null, report_id: reportId = null } = wish;
    const fileIds = [...new Set(wish.file_ids ?? [])];
    if (fileIds.length === 0 && reportId === null) throw apiError('document_empty');
    const known = new Set((await listFiles(client, subject)).map((file) => file.id));
    if (fileIds.some((fileId) => !known.has(fileId)))
      throw apiError('unknown_reference', 'No such file of this document');
    const report = reportId === null ? [] : await reportFiles(client, row.contract.id, reportId, reportDir);
    for (const upload of report) {
      fileIds.push(
        await storeFile(client, { ...upload, subject, purpose: 'document', userId: by.userId, nowMs: by.nowMs }),
      );
    }
    const since = standingSince(row.state, row.submitted_at?.getTime() ?? null, by.nowMs);
    await sql.insertSubmission(client, by, id, { fileIds, reportId, note, standsSince: new Date(since) });
    await record(client, by, 'document_due.submitted', subject, { files: fileIds, report: reportId, note });
  });
  return getDue(pool, by, id);
}

/**
 * The agency takes it, gives it back with a reason, or lets go of it: what is waived is not owed.
 * @throws ApiError `not_found`, `document_decided`, `duty_other_side`, `version_conflict`
 */
export async function decideDocument(
  pool: Pool,
  by: Member,
  id: number,
  action: 'accept' | 'return' | 'waive',
  { note = null, version }: { readonly note?: string | null; readonly version: number },
): Promise<DueDetail> {
  await changing(pool, by, id, { action, version }, async (client) => {
    const state = action === 'accept' ? 'accepted' : action === 'return' ? 'returned' : 'waived';
    await sql.setDueDecision(client, by, id, state, note);
    await record(client, by, `document_due.${state}`, sql.subjectOf(id), { note });
  });
  return getDue(pool, by, id);
}

async function changing(
  pool: Pool,
  by: Member,
  id: number,
  { action, version }: { readonly action: DocumentAction; readonly version: number | null },
  work: (client: PoolClient, row: sql.DueRow) => Promise<void>,
): Promise<void> {
  await inTransaction(pool, async (client) => {
    const row = await sql.selectOneDue(client, by, id, { lock: true });
    if (row === null) throw apiError('not_found');
    requireAct(row, by, action);
    if (version !== null && version !== row.version) throw apiError('version_conflict');
    await work(client, row);
  });
}

const PERMISSION = {
  submit: 'duty.submit',
  accept: 'duty.decide',
  return: 'duty.decide',
  waive: 'duty.decide',
} as const;

function requireAct(row: sql.DueRow, by: Member, action: DocumentAction): void {
  const wanted = action === 'submit' ? 'contractor' : 'agency';
  requireThisSide(row.parties, by, PERMISSION[action], wanted);
  const side = requireSide(row.parties, by, PERMISSION[action]);
  if (documentRefusal(action, row.state, side) === 'state') throw apiError('document_decided', `It is ${row.state}`);
}

function present(row: sql.DueRow, by: Member): DocumentDue {
  const { id, contract, duty, from_day, to_day, due_at, state, submitted_at, submissions, note, version } = row;
  const [dueAt, submittedAt] = [due_at.getTime(), submitted_at?.getTime() ?? null];
  const side = sideOf(row.parties, by.org);
  return {
    ...{ id, contract, duty, from_day, to_day, due_at, state, submitted_at, submissions, note, version },
    mark: documentMark({ state, dueAt, submittedAt }, by.nowMs),
    actions: DOCUMENT_ACTIONS.filter(
      (action) =>
        side !== null && isAllowed(by.role, PERMISSION[action]) && documentRefusal(action, state, side) === null,
    ),
  };
}
