import { addDays, type Contract, dayBounds, instalmentPeriods } from '@uptally/sla';
import { inTransaction, type Pool, type PoolClient, type Queryable, writeOutbox } from '../../db/index.ts';
import type { Member } from '../../exclusions/parties.ts';
import { apiError } from '../../http/errors.ts';
import { DEFAULT_LIMIT, type PageOf } from '../../http/paging.ts';
import { record } from '../../registry/shared/doer.ts';
import { type Frame, frameOf, requireSide } from '../access.ts';
import { type StoredDocument, selectInForce } from '../documents/sql.ts';
import { metricsNeeded } from '../metrics/needed.ts';
import { refuseStatement } from './actions.ts';
import { detailOf } from './detail.ts';
import type { NewStatement, StatementAction, StatementDetail, StatementQuery, StatementRow } from './schemas.ts';
import * as sql from './sql.ts';

/** Statements that the person sees, latest period first. */
export async function listStatements(db: Queryable, by: Member, query: StatementQuery): Promise<PageOf<StatementRow>> {
  const page = await sql.selectStatements(db, by, { ...query, limit: query.limit ?? DEFAULT_LIMIT });
  return { ...page, items: page.items.map(rowOf) };
}

/** @throws ApiError `not_found`, `no_agreed_document` */
export async function getStatement(pool: Pool, by: Member, id: number): Promise<StatementDetail> {
  const row = await visible(pool, by, id);
  return detailOf(pool, by, row, await frameOf(pool, by, row.contract.id));
}

/** What a contract's schedule has to settle, and which of it has a statement. @throws ApiError `not_found`, `no_agreed_document` */
export async function statementPeriods(db: Queryable, by: Member, contractId: number) {
  const { contract } = await frameOf(db, by, contractId);
  const { document } = await inForce(db, contractId);
  const known = await sql.statementIds(db, contractId);
  const items = document.schedule.flatMap((instalment) =>
    instalmentPeriods(document, instalment).map(({ sub_period, from, to }) => ({
      instalment: instalment.id,
      title: instalment.title,
      cycle: instalment.cycle,
      sub_period,
      from_day: from,
      to_day: to,
      state: stateOf(contract.time_zone, from, to, by.nowMs),
      statement_id: known.get(sql.keyOf(instalment.id, sub_period, from, to)) ?? null,
    })),
  );
  return { items };
}

function stateOf(timeZone: string, from: string, to: string, nowMs: number): 'past' | 'running' | 'coming' {
  if (dayBounds(timeZone, to).from <= nowMs) return 'past';
  return dayBounds(timeZone, from).from <= nowMs ? 'running' : 'coming';
}

/** Begins a statement: a draft that follows the evidence until it is closed. @throws ApiError `not_found`, `invalid_period`, `already_exists`, `no_agreed_document` */
export async function createStatement(
  pool: Pool,
  by: Member,
  contractId: number,
  wish: NewStatement,
): Promise<StatementDetail> {
  const id = await inTransaction(pool, async (client) => {
    const frame = await frameOf(client, by, contractId);
    requireSide(frame);
    const { document } = await inForce(client, contractId);
    const instalment = document.schedule.find(({ id }) => id === wish.instalment);
    if (instalment === undefined) throw apiError('unknown_reference', `The schedule has no ${wish.instalment}`);
    const isScheduled = instalmentPeriods(document, instalment).some(
      ({ sub_period, from, to }) =>
        sub_period === (wish.sub_period ?? null) && from === wish.from_day && to === wish.to_day,
    );
    if (!isScheduled) throw apiError('invalid_period', 'The schedule has no such period; see statement-periods');
    const id = await sql.insertStatement(client, by, contractId, wish);
    await tell(client, by, { id, contractId, action: 'created', detail: wish });
    return id;
  });
  return getStatement(pool, by, id);
}

export async function removeStatement(pool: Pool, by: Member, id: number): Promise<void> {
  await acting(pool, by, id, 'delete', async (client, row) => {
    await sql.deleteStatement(client, id);
    await tell(client, by, { id, contractId: row.contract.id, action: 'deleted' });
  });
}

/** Removes drafts, never closed, of payments and periods that the schedule now in force has no more: nothing could be said of them. */
export async function dropStrayDrafts(
  client: PoolClient,
  by: Member,
  contractId: number,
  document: Contract,
): Promise<void> {
  const scheduled = new Set(
    document.schedule.flatMap((instalment) =>
      instalmentPeriods(document, instalment).map(({ sub_period, from, to }) =>
        sql.keyOf(instalment.id, sub_period, from, to),
      ),
    ),
  );
  for (const [key, id] of await sql.statementIds(client, contractId, 'never_closed')) {
    if (scheduled.has(key)) continue;
    await sql.deleteStatement(client, id);
    await tell(client, by, { id, contractId, action: 'deleted' });
  }
}

/** @throws ApiError `not_found` */
export async function visible(db: Queryable, by: Member, id: number): Promise<sql.StoredStatement> {
  const row = await sql.selectStatement(db, by, id);
  if (row === null) throw apiError('not_found', 'No such statement');
  return row;
}

/** The document that both sides agreed on. @throws ApiError `no_agreed_document` */
export async function inForce(db: Queryable, contractId: number): Promise<StoredDocument> {
  const document = await selectInForce(db, contractId);
  if (document === null) throw apiError('no_agreed_document');
  return document;
}

/** When the period may be closed, Unix ms; null: at once, since nothing of it is measured. */
export function closableFrom({ document }: Pick<StoredDocument, 'document'>, row: StatementRow): number | null {
  if (metricsNeeded(document, row.instalment).length === 0) return null;
  return dayBounds(document.time_zone, addDays(row.to_day, document.counting.grace_days)).from;
}

/** Takes a step of a statement under its lock. @throws ApiError `not_found`, those of {@link refuseStatement} */
export async function acting<T>(
  pool: Pool,
  by: Member,
  id: number,
  action: StatementAction,
  work: (client: PoolClient, row: sql.StoredStatement, frame: Frame) => Promise<T>,
  before: (client: PoolClient, contractId: number) => Promise<void> = async () => undefined,
): Promise<T> {
  const { contract } = await visible(pool, by, id);
  return inTransaction(pool, async (client) => {
    await before(client, contract.id);
    await sql.lockStatement(client, id);
    const row = await visible(client, by, id);
    const frame = await frameOf(client, by, row.contract.id);
    const refusal = refuseStatement(action, row, frame, by);
    if (refusal !== null) throw refusal;
    return work(client, row, frame);
  });
}

export interface Told {
  readonly id: number;
  readonly contractId: number;
  /** Past participle: the action of the audit log after its dot. */
  readonly action: string;
  readonly detail?: object;
}

/** Tells consoles and the audit log, as the last thing of the transaction. */
export async function tell(
  client: PoolClient,
  by: Member,
  { id, contractId, action, detail = {} }: Told,
): Promise<void> {
  await writeOutbox(client, [{ kind: 'statement.changed', payload: { id, contract_id: contractId, action } }]);
  await record(client, by, `statement.${action}`, `statement:${id}`, { ...detail });
}

/** A row as lists show it. */
export function rowOf(row: sql.StoredStatement): StatementRow {
  const { id, contract, instalment, title, sub_period, from_day, to_day, state, total_fen, is_complete } = row;
  const { open_disputes, restated_fen, created_at, version } = row;
  return {
    id,
    contract,
    instalment,
    title,
    sub_period,
    from_day,
    to_day,
    state,
    total_fen,
    is_complete,
    open_disputes,
    restated_fen,
    created_at,
    version,
  };
}
