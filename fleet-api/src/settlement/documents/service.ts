import { lockContract } from '../../availability/contracts/sql.ts';
import { inTransaction, type Pool, type PoolClient, type Queryable, writeOutbox } from '../../db/index.ts';
import type { Member } from '../../exclusions/parties.ts';
import { apiError } from '../../http/errors.ts';
import { record } from '../../registry/shared/doer.ts';
import { type Frame, frameOf, requireSide } from '../access.ts';
import { canonicalJson, digestOf, sha256Of } from '../canonical.ts';
import { dropStrayDrafts } from '../statements/service.ts';
import { documentActions, refuseDocument } from './actions.ts';
import { applyDocument } from './apply.ts';
import { changesBetween } from './difference.ts';
import { fitOf } from './fit.ts';
import type { DocumentAction, DocumentDetail, DocumentRow } from './schemas.ts';
import * as sql from './sql.ts';
import { type DocumentFlaw, type Given, readDocument, yamlOf } from './text.ts';

/** Versions of a contract's document, newest first. @throws ApiError `not_found` */
export async function listDocuments(db: Queryable, by: Member, contractId: number) {
  const frame = await frameOf(db, by, contractId);
  const rows = await sql.selectDocuments(db, contractId);
  return {
    items: rows.map((row) => present(row, frame, by)),
    in_force_id: rows.find(({ in_force }) => in_force)?.id ?? null,
    may_write: frame.side !== null && frame.whole && (by.role === 'manager' || by.role === 'auditor'),
  };
}

/** @throws ApiError `not_found` */
export async function getDocument(db: Queryable, by: Member, contractId: number, id: number): Promise<DocumentDetail> {
  const frame = await frameOf(db, by, contractId);
  const row = await found(db, contractId, id);
  return { ...present(row, frame, by), document: row.document, text: row.source_text };
}

/** What is wrong with a document; stores nothing. */
export async function checkDocument(db: Queryable, given: Given) {
  const { contract, flaws } = readDocument(given);
  if (contract === null) return { document: null, text: null, flaws: [...flaws], sha256: null };
  const fit = await fitOf(db, contract);
  return { document: contract, text: yamlOf(contract), flaws: [...fit.flaws], sha256: digestOf(contract) };
}

/** Stores a new version as a draft of one side. @throws ApiError `not_found`, `contract_flawed`, `settlement_not_a_party` */
export async function draftDocument(
  pool: Pool,
  by: Member,
  contractId: number,
  given: Given & { readonly note?: string },
): Promise<DocumentDetail> {
  const id = await inTransaction(pool, async (client) => {
    const frame = await locked(client, by, contractId);
    requireSide(frame);
    const content = await contentOf(client, given);
    const id = await sql.insertDocument(client, by, contractId, { ...content, note: given.note ?? null });
    await tell(client, by, frame, id, 'drafted');
    return id;
  });
  return getDocument(pool, by, contractId, id);
}

/** @throws ApiError `not_found`, `contract_flawed`, those of {@link refuseDocument} */
export async function editDocument(
  pool: Pool,
  by: Member,
  contractId: number,
  id: number,
  given: Given & { readonly note?: string },
): Promise<DocumentDetail> {
  await acting(pool, by, contractId, id, 'edit', async (client, frame) => {
    const isChanged = given.text !== undefined || given.document !== undefined;
    const content = isChanged ? await contentOf(client, given) : {};
    await sql.updateDocument(client, id, { ...content, ...(given.note === undefined ? {} : { note: given.note }) });
    await tell(client, by, frame, id, 'edited');
  });
  return getDocument(pool, by, contractId, id);
}

export function removeDocument(pool: Pool, by: Member, contractId: number, id: number): Promise<void> {
  return acting(pool, by, contractId, id, 'delete', async (client, frame) => {
    await sql.deleteDocument(client, id);
    await tell(client, by, frame, id, 'deleted');
  });
}

export interface DecisionWish {
  readonly note?: string;
  /** Digest of the document that was read. */
  readonly sha256?: string;
}

/** A step of a document between the two sides. @throws ApiError `not_found`, `statement_changed`, `contract_flawed`, those of {@link refuseDocument} */
export async function decideDocument(
  pool: Pool,
  by: Member,
  contractId: number,
  id: number,
  action: 'propose' | 'withdraw' | 'agree' | 'reject',
  wish: DecisionWish,
): Promise<DocumentDetail> {
  await acting(pool, by, contractId, id, action, async (client, frame, row) => {
    if (wish.sha256 !== undefined && wish.sha256 !== row.sha256) throw apiError('statement_changed');
    const note = wish.note ?? null;
    if (action === 'propose') await sql.setProposed(client, by, id);
    else if (action === 'agree') {
      const { document } = await contentOf(client, { document: row.document });
      const applied = await applyDocument(client, by, frame, document);
      await dropStrayDrafts(client, by, contractId, document);
      await sql.setDecided(client, by, id, { state: 'agreed', note, ...applied });
    } else await sql.setDecided(client, by, id, { state: action === 'reject' ? 'rejected' : 'withdrawn', note });
    const told = { propose: 'proposed', withdraw: 'withdrawn', agree: 'agreed', reject: 'rejected' }[action];
    await tell(client, by, frame, id, told, { note: wish.note, sha256: row.sha256 });
  });
  return getDocument(pool, by, contractId, id);
}

/** What differs between two versions; the one before is the one in force unless another is named. @throws ApiError `not_found` */
export async function compareDocuments(db: Queryable, by: Member, contractId: number, id: number, otherId?: number) {
  await frameOf(db, by, contractId);
  const after = await found(db, contractId, id);
  const before = otherId === undefined ? await sql.selectInForce(db, contractId) : await found(db, contractId, otherId);
  if (before === null) throw apiError('no_agreed_document');
  const head = (row: sql.StoredDocument) => ({ id: row.id, number: row.number });
  return { before: head(before), after: head(after), items: changesBetween(before.document, after.document) };
}

/** @throws ApiError `not_found` */
export async function found(db: Queryable, contractId: number, id: number): Promise<sql.StoredDocument> {
  const row = await sql.selectDocument(db, contractId, id);
  if (row === null) throw apiError('not_found', 'No such document');
  return row;
}

async function acting(
  pool: Pool,
  by: Member,
  contractId: number,
  id: number,
  action: DocumentAction,
  work: (client: PoolClient, frame: Frame, row: sql.StoredDocument) => Promise<void>,
): Promise<void> {
  await inTransaction(pool, async (client) => {
    const frame = await locked(client, by, contractId);
    const row = await found(client, contractId, id);
    const refusal = refuseDocument(action, standingOf(row), frame, by);
    if (refusal !== null) throw refusal;
    await work(client, frame, row);
  });
}

async function locked(client: PoolClient, by: Member, contractId: number): Promise<Frame> {
  if (!(await lockContract(client, contractId))) throw apiError('not_found', 'No such contract');
  const frame = await frameOf(client, by, contractId);
  if (frame.contract.is_baseline) throw apiError('baseline_fixed', 'The baseline has no parties and no document');
  return frame;
}

/** @throws ApiError `contract_flawed` with every flaw */
export async function contentOf(db: Queryable, given: Given) {
  const read = readDocument(given);
  if (read.contract === null) throw flawed(read.flaws);
  const fit = await fitOf(db, read.contract);
  if (fit.flaws.length > 0) throw flawed(fit.flaws);
  return { document: read.contract, text: read.text, sha256: sha256Of(canonicalJson(read.contract)) };
}

function flawed(flaws: readonly DocumentFlaw[]): Error {
  const [first] = flaws;
  return apiError('contract_flawed', {
    detail: `${first?.path || '/'}: ${first?.reason ?? ''}${flaws.length > 1 ? `, and ${flaws.length - 1} more` : ''}`,
    errors: flaws.map(({ path, code, reason }) => ({ path, message: `${code}: ${reason}` })),
  });
}

async function tell(client: PoolClient, by: Member, frame: Frame, id: number, action: string, detail: object = {}) {
  const { id: contractId, code } = frame.contract;
  await writeOutbox(client, [{ kind: 'contract_document.changed', payload: { id, contract_id: contractId, action } }]);
  await record(client, by, `contract_document.${action}`, `contract:${code}`, { document: id, ...detail });
}

const standingOf = (row: sql.StoredDocument) => ({
  state: row.state,
  author: row.created_org,
  proposer: row.proposed_org,
});

function present(row: sql.StoredDocument, frame: Frame, by: Member): DocumentRow {
  const { id, contract_id, number, state, in_force, sha256, note, effective_from, repair_terms_id, version } = row;
  return {
    id,
    contract_id,
    number,
    state,
    in_force,
    sha256,
    note,
    name: row.document.name,
    created: { at: row.created_at, user: row.created_user, org: row.created_org },
    proposed: row.proposed_at === null ? null : { at: row.proposed_at, user: row.proposed_user, org: row.proposed_org },
    decided:
      row.decided_at === null
        ? null
        : { at: row.decided_at, user: row.decided_user, org: row.decided_org, note: row.decision_note },
    effective_from,
    repair_terms_id,
    version,
    actions: documentActions(standingOf(row), frame, by),
  };
}
