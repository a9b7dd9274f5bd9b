import { REPAIR_STAGES, type StageClock as SlaClock } from '@uptally/sla';
import { inTransaction, type Pool, type PoolClient, type Queryable } from '../db/index.ts';
import type { Member } from '../exclusions/parties.ts';
import { listFiles } from '../files/index.ts';
import { apiError } from '../http/errors.ts';
import { DEFAULT_LIMIT, type PageOf } from '../http/paging.ts';
import { record } from '../registry/shared/doer.ts';
import { readLogs } from '../repair/cases.ts';
import { faultNumber } from '../repair/numbers.ts';
import { refreshOrders } from '../repair/refresh-orders.ts';
import { currentTermsOf } from '../repair/terms.ts';
import type { OrderDetail } from './detail-schemas.ts';
import * as detail from './detail-sql.ts';
import type {
  Board,
  BoardQuery,
  Entry,
  Order,
  OrderFault,
  OrderFilters,
  OrderQuery,
  Pause,
  StageClock,
} from './schemas.ts';
import * as sql from './sql.ts';
import { actionsFor, pauseActions, pausesIn } from './standing.ts';

/** Orders that the person sees. */
export async function listOrders(pool: Pool, by: Member, query: OrderQuery): Promise<PageOf<Order>> {
  const page = await sql.selectOrders(pool, by, { ...query, limit: query.limit ?? DEFAULT_LIMIT });
  return { ...page, items: page.items.map(sql.present) };
}

export function countOrders(pool: Pool, by: Member, query: OrderFilters): Promise<sql.OrderCounts> {
  return sql.countOrders(pool, by, query);
}

/** Open orders by state: how many, and those due first. */
export async function getBoard(pool: Pool, by: Member, { per_column, ...query }: BoardQuery): Promise<Board> {
  const counts = await sql.countBoard(pool, by, query);
  const rows = await sql.selectBoard(pool, by, query, per_column ?? 20);
  return {
    columns: sql.BOARD_STATES.map((state) => {
      const { total = 0, late = 0 } = counts.find((each) => each.state === state) ?? {};
      return { state, total, late, items: rows.filter((row) => row.state === state).map(sql.present) };
    }),
  };
}

/** @throws ApiError `not_found` */
export async function getOrder(pool: Pool, by: Member, id: number): Promise<OrderDetail> {
  const row = await sql.selectOrder(pool, by, id);
  const standing = await detail.selectStanding(pool, by.scope, id, { lock: false });
  if (row === null || standing === null) throw apiError('not_found');
  const story = await detail.selectStory(pool, id);
  const parts = await detail.selectParts(pool, id);
  return {
    ...sql.present(row),
    ...(await detail.selectMore(pool, id)),
    faults: await faultsOf(pool, id, by.nowMs),
    story,
    pauses: await pausesOf(pool, story, standing, by),
    files: await listFiles(pool, sql.subjectOf(id)),
    parts,
    parts_fen: parts.reduce((sum, { qty, unit_fen }) => sum + qty * unit_fen, 0),
    confirmation: await detail.selectConfirmation(pool, id),
    severities: await currentTermsOf(pool, standing.contract_id),
    actions: actionsFor(standing, story, by),
  };
}

async function faultsOf(db: Queryable, orderId: number, nowMs: number): Promise<OrderFault[]> {
  const rows = await detail.selectFaults(db, orderId);
  const cases = await readLogs(
    db,
    rows.map(({ id }) => id),
    nowMs,
  );
  return rows.map((row) => {
    const read = cases.get(row.id);
    const clocks = read === undefined ? [] : REPAIR_STAGES.map((stage) => clockOf(read.clocks.stages[stage]));
    return { ...row, number: faultNumber(row.id), verdict: read?.verdict ?? row.verdict, clocks };
  });
}

const instant = (ms: number | null): Date | null => (ms === null ? null : new Date(ms));

/** A clock as it is shown. */
export function clockOf(clock: SlaClock): StageClock {
  const { stage, state } = clock;
  const none = { began_at: null, due_at: null, stopped_at: null, stopped_by: null, left_ms: null, paused: false };
  if (clock.state === 'not_applicable') return { stage, state, limit_ms: null, ...none };
  if (clock.state === 'pending') return { stage, state, limit_ms: clock.limitMs, ...none };
  return {
    stage,
    state,
    limit_ms: clock.limitMs,
    began_at: instant(clock.beganAt),
    due_at: instant(clock.dueAt),
    stopped_at: instant(clock.stoppedAt),
    stopped_by: clock.stoppedBy,
    left_ms: clock.leftMs,
    paused: clock.paused,
  };
}

async function pausesOf(
  db: Queryable,
  story: readonly Entry[],
  standing: detail.StandingRow,
  by: Member,
): Promise<Pause[]> {
  const told = pausesIn(story);
  const kinds = await orgKinds(
    db,
    told.flatMap(({ proposerOrg }) => proposerOrg ?? []),
  );
  return told.map(({ proposerOrg, ...pause }) => ({
    ...pause,
    actions: pauseActions({ ...pause, proposerOrg }, standing, by, kinds.get(proposerOrg ?? 0) ?? ''),
  }));
}

/** Kinds of organisations by id. */
export async function orgKinds(db: Queryable, ids: readonly number[]): Promise<Map<number, string>> {
  if (ids.length === 0) return new Map();
  const { rows } = await db.query<{ id: number; kind: string }>('select id, kind from org where id = any ($1)', [ids]);
  return new Map(rows.map(({ id, kind }) => [id, kind]));
}

/** An act on an order, inside of its transaction. */
export interface Act {
  readonly client: PoolClient;
  readonly row: detail.StandingRow;
  readonly by: Member;
}

/**
 * Runs an act on an order, which is locked until its end, and gives the order as it is then. `version`: what the caller has seen.
 * What was done goes to the audit log under the name that the act gives.
 * @throws ApiError `not_found`, `version_conflict`
 */
export async function changing(
  pool: Pool,
  by: Member,
  id: number,
  version: number | null,
  work: (act: Act) => Promise<{ readonly action: string; readonly detail?: object }>,
): Promise<OrderDetail> {
  await inTransaction(pool, async (client) => {
    const row = await detail.selectStanding(client, by.scope, id, { lock: true });
    if (row === null) throw apiError('not_found');
    if (version !== null && version !== row.version) throw apiError('version_conflict');
    const done = await work({ client, row, by });
    await client.query('update work_order set version = version + 1 where id = $1', [id]);
    await refreshOrders(client, [id], by.nowMs);
    await record(client, by, `work_order.${done.action}`, sql.subjectOf(id), { ...done.detail });
  });
  return getOrder(pool, by, id);
}
