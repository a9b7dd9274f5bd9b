import { inTransaction, type Pool, type PoolClient, type Queryable } from '../../db/index.ts';
import type { Member } from '../../exclusions/parties.ts';
import { listFiles, readFile, type StoredFile, storeFile, type Upload } from '../../files/index.ts';
import { apiError } from '../../http/errors.ts';
import { type Frame, frameOf } from '../access.ts';
import { disputeActions, refuseDispute } from './actions.ts';
import * as sql from './dispute-sql.ts';
import type { Dispute, DisputeAction, StatementDetail } from './schemas.ts';
import { acting, getStatement, tell, visible } from './service.ts';
import { lockStatement, type StoredStatement, selectFreeze, setState } from './sql.ts';

/** Files of one dispute at most. */
const MAX_FILES = 10;
const subjectOf = (id: number): string => `statement_dispute:${id}`;

/** Disputes of what a statement was closed with, oldest first. */
export async function listDisputes(db: Queryable, by: Member, row: StoredStatement, frame: Frame): Promise<Dispute[]> {
  const disputes = await sql.selectDisputes(db, row.id);
  const comments = await sql.selectComments(db, row.id);
  const listed: Dispute[] = [];
  for (const each of disputes) {
    const { id, clause, reason, state } = each;
    const isOld = each.freeze_id !== row.freeze_id;
    listed.push({
      id,
      clause,
      reason,
      state,
      opened: { at: each.opened_at, user: each.opened_user, org: each.opened_org },
      resolved:
        each.resolved_at === null
          ? null
          : { at: each.resolved_at, user: each.resolved_user, org: each.resolved_org, note: each.resolution_note },
      comments: comments.flatMap(({ dispute_id, ...comment }) => (dispute_id === id ? [comment] : [])),
      files: await listFiles(db, subjectOf(id)),
      actions: isOld ? [] : disputeActions({ state, opener: each.opened_org }, frame, by),
    });
  }
  return listed;
}

/** A line is disputed; nobody can agree to the statement meanwhile. @throws ApiError `unknown_reference` */
export async function openDispute(
  pool: Pool,
  by: Member,
  id: number,
  { clause, reason }: { readonly clause: string; readonly reason: string },
): Promise<StatementDetail> {
  await acting(pool, by, id, 'dispute', async (client, row) => {
    if (row.freeze_id === null) throw apiError('settlement_state');
    const { content } = await selectFreeze(client, row.freeze_id);
    const { statement } = JSON.parse(content) as { statement: StatementDetail['statement'] };
    if (!statement.lines.some((line) => line.clause === clause)) throw apiError('unknown_reference', 'No such line');
    const dispute = await sql.insertDispute(client, by, { statementId: id, freezeId: row.freeze_id, clause, reason });
    await setState(client, id, 'disputed');
    await tell(client, by, {
      id,
      contractId: row.contract.id,
      action: 'disputed',
      detail: { dispute, clause, reason },
    });
  });
  return getStatement(pool, by, id);
}

export function commentDispute(
  pool: Pool,
  by: Member,
  id: number,
  did: number,
  body: string,
): Promise<StatementDetail> {
  return onDispute(pool, by, id, did, 'comment', async (client, row) => {
    await sql.insertComment(client, by, did, body);
    await tell(client, by, {
      id,
      contractId: row.contract.id,
      action: 'commented',
      detail: { dispute: did, note: body },
    });
  });
}

/** The side that disputes gives in, or the other one grants it. With the last open dispute gone, the statement lies before the agency again. */
export function resolveDispute(
  pool: Pool,
  by: Member,
  id: number,
  did: number,
  { action, note }: { readonly action: 'withdraw' | 'uphold'; readonly note?: string | undefined },
): Promise<StatementDetail> {
  return onDispute(pool, by, id, did, action, async (client, row) => {
    const state = action === 'withdraw' ? 'withdrawn' : 'upheld';
    await sql.setResolved(client, by, did, state, note ?? null);
    if (row.open_disputes === 1) await setState(client, id, 'submitted');
    const told = action === 'withdraw' ? 'dispute_withdrawn' : 'dispute_upheld';
    await tell(client, by, { id, contractId: row.contract.id, action: told, detail: { dispute: did, note } });
  });
}

/** Before anything of an upload is read. @throws ApiError those of {@link refuseDispute} */
export async function requireDisputer(pool: Pool, by: Member, id: number, did: number): Promise<void> {
  const row = await visible(pool, by, id);
  await allowed(pool, by, row, did, 'add_file');
}

export function addDisputeFile(
  pool: Pool,
  by: Member,
  id: number,
  did: number,
  upload: Upload,
): Promise<StatementDetail> {
  return onDispute(pool, by, id, did, 'add_file', async (client, row) => {
    if ((await listFiles(client, subjectOf(did))).length >= MAX_FILES) {
      throw apiError('too_many_files', `At most ${MAX_FILES} files`);
    }
    const { userId, nowMs } = by;
    await storeFile(client, { ...upload, subject: subjectOf(did), purpose: 'document', userId, nowMs });
    const detail = { dispute: did, file: upload.name };
    await tell(client, by, { id, contractId: row.contract.id, action: 'file_added', detail });
  });
}

/** @throws ApiError `not_found` */
export async function disputeFile(pool: Pool, by: Member, id: number, did: number, fid: number): Promise<StoredFile> {
  const row = await visible(pool, by, id);
  const dispute = await sql.selectDispute(pool, row.id, did);
  const file = dispute === null ? null : await readFile(pool, subjectOf(did), fid);
  if (file === null) throw apiError('not_found');
  return file;
}

async function onDispute(
  pool: Pool,
  by: Member,
  id: number,
  did: number,
  action: DisputeAction,
  work: (client: PoolClient, row: StoredStatement) => Promise<void>,
): Promise<StatementDetail> {
  await visible(pool, by, id);
  await inTransaction(pool, async (client) => {
    await lockStatement(client, id);
    const row = await visible(client, by, id);
    await allowed(client, by, row, did, action);
    await work(client, row);
  });
  return getStatement(pool, by, id);
}

async function allowed(db: Queryable, by: Member, row: StoredStatement, did: number, action: DisputeAction) {
  const dispute = await sql.selectDispute(db, row.id, did);
  if (dispute === null) throw apiError('not_found', 'No such dispute');
  if (dispute.freeze_id !== row.freeze_id)
    throw apiError('settlement_state', 'The statement has been opened again since');
  const frame = await frameOf(db, by, row.contract.id);
  const refusal = refuseDispute(action, { state: dispute.state, opener: dispute.opened_org }, frame, by);
  if (refusal !== null) throw refusal;
}
