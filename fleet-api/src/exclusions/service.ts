import { inTransaction, type Pool, type PoolClient, type Queryable, writeOutbox } from '../db/index.ts';
import { apiError } from '../http/errors.ts';
import { DEFAULT_LIMIT, type PageOf } from '../http/paging.ts';
import { record } from '../registry/shared/doer.ts';
import { actionsFor, refusalOf, type Standing } from './actions.ts';
import * as change from './change-sql.ts';
import { draftOf, misfits, problemsOf, requireNone } from './checks.ts';
import { coveredStations, effectOf, type Subject } from './effect.ts';
import type { Member } from './parties.ts';
import type {
  Decision,
  Exclusion,
  ExclusionAction,
  ExclusionDetail,
  ExclusionPreview,
  ExclusionQuery,
  ExclusionState,
  NewExclusion,
  Overlap,
} from './schemas.ts';
import * as sql from './sql.ts';

/** Exclusions that the person sees, newest first. */
export async function listExclusions(pool: Pool, by: Member, query: ExclusionQuery): Promise<PageOf<Exclusion>> {
  const page = await sql.selectExclusions(pool, by, { ...query, limit: query.limit ?? DEFAULT_LIMIT });
  return { ...page, items: page.items.map((row) => present(row, by)) };
}

/** @throws ApiError `not_found` */
export async function getExclusion(pool: Pool, by: Member, id: number): Promise<ExclusionDetail> {
  const row = await visible(pool, by, id);
  const subject = subjectOf(row);
  const closed = await change.selectClosed(pool, row.contract.id, row.from, row.to);
  const { actions, ...summary } = present(row, by);
  return {
    ...summary,
    actions: closed.length === 0 ? actions : actions.filter((action) => changesNothing(action, row.state)),
    files: await sql.selectFiles(pool, id),
    history: await sql.selectHistory(pool, id),
    overlaps: await overlapsOf(pool, by, { ...subject, at: row }),
    closed_periods: closed,
    effect: await effectOf(pool, subject, by.nowMs),
  };
}

/** What a proposal would come to. Nothing is stored. @throws ApiError `invalid_request`, `unknown_reference` */
export async function previewExclusion(pool: Pool, by: Member, wish: NewExclusion): Promise<ExclusionPreview> {
  const draft = await draftOf(pool, by, wish, { lock: false });
  const { at, closed, frame, dimension, from, to } = draft;
  const subject = { exclusionId: null, contractId: frame.id, dimension, from, to, at };
  const effect = await effectOf(pool, subject, by.nowMs);
  return {
    target: at.target,
    effect,
    overlaps: await overlapsOf(pool, by, { ...subject, at }),
    closed_periods: [...closed],
    problems: problemsOf(draft, by, effect.stations),
  };
}

/**
 * Proposes an exclusion; the other side of the contract decides.
 * @throws ApiError `invalid_request`, `unknown_reference`, or the first problem of {@link problemsOf}
 */
export async function proposeExclusion(pool: Pool, by: Member, wish: NewExclusion): Promise<ExclusionDetail> {
  const id = await inTransaction(pool, async (client) => {
    const draft = await draftOf(client, by, wish, { lock: true });
    const { at, frame, dimension, from, to } = draft;
    const stations = await coveredStations(client, {
      exclusionId: null,
      contractId: frame.id,
      dimension,
      from,
      to,
      at,
    });
    requireNone(problemsOf(draft, by, stations.length));
    const { region_id, site_id, station_id } = at;
    const row = { ...wish, dimension, region_id, site_id, station_id, from, to };
    const id = await change.insertExclusion(client, by, row);
    await tell(client, by, { id, path: at.path, state: 'proposed', action: 'proposed', detail: row });
    return id;
  });
  return getExclusion(pool, by, id);
}

/**
 * The other side's decision. Of two at once the first wins. An approval must still fit into the contract's term and its open
 * periods; a rejection changes no figure and may come at any time.
 * @throws ApiError `not_found`, `version_conflict`, `period_closed`, `exclusion_outside_contract`, those of {@link refusalOf}
 */
export function decideExclusion(
  pool: Pool,
  by: Member,
  id: number,
  action: 'approve' | 'reject',
  { note, version }: Decision,
): Promise<ExclusionDetail> {
  return changing(pool, by, id, { action, version }, async (client, row, frame) => {
    const state = action === 'approve' ? 'approved' : 'rejected';
    if (state === 'approved') await requireFit(client, row, frame);
    await change.setDecision(client, by, id, state, note ?? null);
    await tell(client, by, { id, path: row.path, state, action: state, detail: { note } });
  });
}

/**
 * Withdraws a proposal, or asks for the withdrawal of an approved exclusion; if the other side asked before, that is done.
 * @throws ApiError `not_found`, `version_conflict`, `period_closed`, those of {@link refusalOf}
 */
export function withdrawExclusion(
  pool: Pool,
  by: Member,
  id: number,
  { note, version }: Decision,
): Promise<ExclusionDetail> {
  return changing(pool, by, id, { action: 'withdraw', version }, async (client, row) => {
    if (row.state === 'approved') requireNone(await closedProblems(client, row));
    const isAsked = row.state === 'approved' && row.withdraw_org === null;
    const state = isAsked ? 'approved' : 'withdrawn';
    await change.setWithdrawal(client, by, id, state, note ?? null);
    const action = isAsked ? 'withdrawal_asked' : 'withdrawn';
    await tell(client, by, { id, path: row.path, state, action, detail: { note } });
  });
}

/** Runs a change on an exclusion that the caller may change so, locked for the transaction, contract first. */
export async function changing(
  pool: Pool,
  by: Member,
  id: number,
  { action, version }: { readonly action: ExclusionAction; readonly version: number | null },
  work: (client: PoolClient, row: sql.ExclusionRow, frame: change.Frame) => Promise<void>,
): Promise<ExclusionDetail> {
  await inTransaction(pool, async (client) => {
    const { contract } = await visible(client, by, id);
    const frame = await change.selectFrame(client, by, contract.id, { lock: true });
    if (frame === null) throw apiError('not_found');
    await change.lockExclusion(client, id);
    const row = await visible(client, by, id);
    const refusal = refusalOf(action, standingOf(row), by);
    if (refusal !== null) throw refusal;
    if (version !== null && version !== row.version) throw apiError('version_conflict');
    await work(client, row, frame);
  });
  return getExclusion(pool, by, id);
}

/** Whether figures stay as they are, so that it may be done within a closed period, too. */
function changesNothing(action: ExclusionAction, state: ExclusionState): boolean {
  return action !== 'approve' && (action !== 'withdraw' || state === 'proposed');
}

/** @throws ApiError `not_found` */
export async function visible(db: Queryable, by: Member, id: number): Promise<sql.ExclusionRow> {
  const row = await sql.selectExclusion(db, by, id);
  if (row === null) throw apiError('not_found');
  return row;
}

export interface Change {
  readonly id: number;
  readonly path: readonly number[];
  readonly state: ExclusionState;
  /** Past participle: the action of the audit log after its dot. */
  readonly action: string;
  readonly detail: object;
}

/** Tells consoles and the audit log of a change, as the last thing of its transaction. */
export async function tell(client: PoolClient, by: Member, { id, path, state, action, detail }: Change): Promise<void> {
  await writeOutbox(client, [{ kind: 'exclusion.changed', regionPath: path, payload: { id, state } }]);
  await record(client, by, `exclusion.${action}`, sql.subjectOf(id), { ...detail });
}

async function requireFit(client: PoolClient, row: sql.ExclusionRow, frame: change.Frame): Promise<void> {
  const closed = await change.selectClosed(client, frame.id, row.from, row.to);
  requireNone(misfits(frame, row.from, row.to, closed));
}

async function closedProblems(client: PoolClient, row: sql.ExclusionRow) {
  const [period] = await change.selectClosed(client, row.contract.id, row.from, row.to);
  if (period === undefined) return [];
  const detail = `${row.contract.code}: [${period.from_day}, ${period.to_day}) is closed`;
  return [{ code: 'period_closed' as const, detail }];
}

async function overlapsOf(db: Queryable, by: Member, query: sql.OverlapQuery): Promise<Overlap[]> {
  if (query.to <= query.from) return [];
  const rows = await sql.selectOverlaps(db, by, query);
  return rows.map(({ id, kind, dimension, state, target, from, to }) => ({
    id,
    kind,
    dimension,
    state,
    target,
    from,
    to,
  }));
}

function subjectOf(row: sql.ExclusionRow): Subject {
  return {
    exclusionId: row.id,
    contractId: row.contract.id,
    dimension: row.dimension,
    from: row.from,
    to: row.to,
    at: row,
  };
}

/** What of a row decides about who may do what. */
export function standingOf(row: sql.ExclusionRow): Standing {
  return {
    state: row.state,
    parties: row.parties,
    proposer: row.proposed_org,
    withdrawer: row.withdraw_org,
    covered: row.covered,
    fileCount: row.file_count,
  };
}

function present(row: sql.ExclusionRow, by: Member): Exclusion {
  const { id, contract, kind, dimension, target, from, to, reason, state, file_count, version } = row;
  return {
    id,
    contract,
    kind,
    dimension,
    target,
    from,
    to,
    reason,
    state,
    proposed: { at: row.proposed_at, user: row.proposed_user, org: row.proposed_org },
    decided: stepOf(row.decided_at, row.decided_user, row.decided_org, row.decision_note),
    withdrawal: stepOf(row.withdraw_at, row.withdraw_user, row.withdraw_org, row.withdraw_note),
    file_count,
    version,
    actions: actionsFor(standingOf(row), by),
  };
}

function stepOf(
  at: Date | null,
  user: sql.ExclusionRow['decided_user'],
  org: sql.ExclusionRow['decided_org'],
  note: string | null,
): Exclusion['decided'] {
  return at === null || org === null ? null : { at, user, org, note };
}
