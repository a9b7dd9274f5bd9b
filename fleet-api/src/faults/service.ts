import { REPAIR_STAGES } from '@uptally/sla';
import { inTransaction, type Pool, type PoolClient } from '../db/index.ts';
import type { Member } from '../exclusions/parties.ts';
import { listFiles } from '../files/index.ts';
import { apiError } from '../http/errors.ts';
import { DEFAULT_LIMIT, type PageOf } from '../http/paging.ts';
import { splitOrder } from '../orders/open.ts';
import { clockOf } from '../orders/service.ts';
import { present as presentOrder, selectOrder } from '../orders/sql.ts';
import { isConcerned, mayWithdraw } from '../orders/standing.ts';
import { record } from '../registry/shared/doer.ts';
import { readLogs } from '../repair/cases.ts';
import { appendEvents } from '../repair/log.ts';
import { orderNumber } from '../repair/numbers.ts';
import { refreshOrders } from '../repair/refresh-orders.ts';
import { currentTerms } from '../repair/terms.ts';
import * as detail from './detail-sql.ts';
import * as list from './list-sql.ts';
import { openFault } from './open.ts';
import { requireInScope } from './places.ts';
import type { Fault, FaultDetail, FaultQuery, NewReport } from './schemas.ts';
import { actionsFor, type FaultStanding, selectStanding, shownProposal } from './standing.ts';
import { tellFaults } from './tell.ts';

/** How far back a person may date what is told, ms. */
const TOLD_BACK_MS = 7 * 86_400_000;

/** Faults that the person sees. */
export async function listFaults(pool: Pool, by: Member, query: FaultQuery): Promise<PageOf<Fault>> {
  const page = await list.selectFaults(pool, by, { ...query, limit: query.limit ?? DEFAULT_LIMIT });
  return { ...page, items: page.items.map(list.present) };
}

/** @throws ApiError `not_found` */
export async function getFault(pool: Pool, by: Member, id: number): Promise<FaultDetail> {
  const row = await visible(pool, by, id);
  const read = (await readLogs(pool, [id], by.nowMs)).get(id);
  const related = await list.selectRelated(pool, by, row);
  const evidence = [...(await detail.selectLog(pool, id)), ...(await detail.selectTelemetry(pool, row, by.nowMs))];
  const standing = await selectStanding(pool, id);
  const order = row.order === null ? null : await selectOrder(pool, by, row.order.id);
  return {
    ...list.present(row),
    verdict: read?.verdict ?? row.verdict,
    clocks: read === undefined ? [] : REPAIR_STAGES.map((stage) => clockOf(read.clocks.stages[stage])),
    severities: [...(await inTransaction(pool, (client) => currentTerms(client, row.contract.id))).severities],
    reports: await detail.selectReports(pool, id),
    evidence: evidence.sort((a, b) => a.at.getTime() - b.at.getTime()),
    earlier: related.earlier.map(list.present),
    merged: related.merged.map(list.present),
    files: await listFiles(pool, subjectOf(id)),
    work_order: order === null ? null : presentOrder(order),
    severity_proposal: shownProposal(standing, by),
    actions: actionsFor(row, standing, by),
  };
}

/** Takes a report of a person. @throws ApiError `invalid_request`, `unknown_reference`, `unknown_severity` */
export async function reportFault(
  pool: Pool,
  by: Member,
  report: NewReport,
): Promise<{ created: boolean; fault: Fault }> {
  const openedAtMs = report.began_at === undefined ? by.nowMs : Date.parse(report.began_at);
  if (openedAtMs > by.nowMs || openedAtMs < by.nowMs - TOLD_BACK_MS) {
    throw badField('/body/began_at', 'must lie within the last seven days');
  }
  if ((report.station_id === undefined) === (report.site_id === undefined)) {
    throw badField('/body', 'give exactly one of station_id and site_id');
  }
  const { faultId, created } = await inTransaction(pool, async (client) => {
    await requireInScope(client, by.scope, report.station_id ?? null, report.site_id ?? null);
    const opened = await openFault(client, {
      stationId: report.station_id ?? null,
      siteId: report.site_id ?? null,
      source: 'person',
      cause: report.cause,
      ...(report.severity !== undefined && { severity: report.severity }),
      description: report.words ?? '',
      reporter: { name: report.reporter_name ?? null, phone: report.reporter_phone ?? null },
      userId: by.userId,
      openedAtMs,
      nowMs: by.nowMs,
    });
    if (!opened.created) await tellFaults(client, [opened.faultId], 'reported');
    await record(client, by, 'fault.reported', subjectOf(opened.faultId), { ...report, created: opened.created });
    return opened;
  });
  return { created, fault: list.present(await visible(pool, by, faultId)) };
}

/**
 * Withdraws a fault: there was none, says the side that gains nothing by it.
 * @throws ApiError `not_found`, `fault_over`, `order_not_yours`, `order_by_agency`
 */
export function cancelFault(pool: Pool, by: Member, id: number, reason: string): Promise<FaultDetail> {
  return changing(pool, by, id, async (client, _, standing) => {
    if (!mayWithdraw(standing, by)) throw apiError('order_by_agency');
    await client.query('update fault set dedup_key = null where id = $1', [id]);
    await appendEvents(client, [id], { at: by.nowMs, kind: 'cancelled' }, by);
    await record(client, by, 'fault.cancelled', subjectOf(id), { reason });
  });
}

type Locked = Awaited<ReturnType<typeof detail.lockFaults>>[number];

/** Changes an open fault, which is locked until the end. @throws ApiError `not_found`, `order_not_yours`, `fault_over` */
export async function changing(
  pool: Pool,
  by: Member,
  id: number,
  work: (client: PoolClient, fault: Locked, standing: FaultStanding) => Promise<void>,
): Promise<FaultDetail> {
  await inTransaction(pool, async (client) => {
    const fault = await lockOwn(client, by, id);
    if (fault.status !== 'open' || fault.merged_into !== null) throw apiError('fault_over');
    await work(client, fault, await selectStanding(client, id));
    await tellFaults(client, [id], 'changed');
  });
  return getFault(pool, by, id);
}

/**
 * Merges duplicates. The one that began first holds the others, so that no clock begins later for it; whoever is named does not matter.
 * @throws ApiError `not_found`, `not_mergeable`
 */
export async function mergeFaults(pool: Pool, by: Member, id: number, others: readonly number[]): Promise<FaultDetail> {
  const ids = [...new Set([id, ...others])];
  const holder = await inTransaction(pool, async (client) => {
    const faults = await detail.lockFaults(client, ids);
    for (const each of ids) await requireConcerned(client, by, each);
    const sites = new Set(faults.map(({ site_id }) => site_id));
    const areOpen = faults.every(({ status, merged_into }) => status === 'open' && merged_into === null);
    if (faults.length < 2 || sites.size > 1 || !areOpen) throw apiError('not_mergeable');
    const first = faults.reduce((a, b) => (b.opened_at < a.opened_at ? b : a));
    const rest = faults.filter((each) => each !== first).map((each) => each.id);
    await detail.setMerged(client, rest, first.id);
    await refreshOrders(client, ordersOf(faults), by.nowMs);
    await tellFaults(client, ids, 'merged');
    await record(client, by, 'fault.merged', subjectOf(first.id), { merged: rest });
    return first.id;
  });
  return getFault(pool, by, holder);
}

/** Takes a merge back for one duplicate. @throws ApiError `not_found`, `not_merged` */
export async function unmergeFault(pool: Pool, by: Member, id: number): Promise<FaultDetail> {
  await inTransaction(pool, async (client) => {
    const fault = await lockOwn(client, by, id);
    if (fault.merged_into === null) throw apiError('not_merged');
    await detail.setUnmerged(client, id);
    await refreshOrders(client, ordersOf([fault]), by.nowMs);
    await tellFaults(client, [id, fault.merged_into], 'merged');
    await record(client, by, 'fault.unmerged', subjectOf(id), { from: fault.merged_into });
  });
  return getFault(pool, by, id);
}

/** Takes faults off an order into one of their own. @throws ApiError `not_found`, `not_splittable` */
export async function splitFaults(
  pool: Pool,
  by: Member,
  orderId: number,
  faultIds: readonly number[],
): Promise<{ order_id: number; number: string }> {
  const id = await inTransaction(pool, async (client) => {
    const order = await selectOrder(client, by, orderId);
    if (order === null) throw apiError('not_found');
    const faults = await detail.lockFaults(client, faultIds);
    const areIts =
      faults.length === faultIds.length &&
      faults.every((each) => each.work_order_id === orderId && each.merged_into === null);
    if (!areIts || faults.length >= order.faults_total || ['closed', 'cancelled'].includes(order.state)) {
      throw apiError('not_splittable');
    }
    const split = await splitOrder(client, orderId, faultIds, { userId: by.userId, nowMs: by.nowMs });
    await tellFaults(client, faultIds, 'changed');
    await record(client, by, 'work_order.split', `work_order:${orderId}`, { into: split, faults: faultIds.length });
    return split;
  });
  return { order_id: id, number: orderNumber(id) };
}

const ordersOf = (faults: readonly { readonly work_order_id: number | null }[]): number[] => [
  ...new Set(faults.flatMap(({ work_order_id }) => work_order_id ?? [])),
];

async function lockOwn(client: PoolClient, by: Member, id: number): Promise<Locked> {
  const [fault] = await detail.lockFaults(client, [id]);
  await requireConcerned(client, by, id);
  if (fault === undefined) throw apiError('not_found');
  return fault;
}

async function requireConcerned(client: PoolClient, by: Member, id: number): Promise<void> {
  await visible(client, by, id);
  if (!isConcerned(await selectStanding(client, id), by)) throw apiError('order_not_yours');
}

/** @throws ApiError `not_found` */
export async function visible(db: Pool | PoolClient, by: Member, id: number): Promise<list.FaultRow> {
  const row = await list.selectFault(db, by, id);
  if (row === null) throw apiError('not_found');
  return row;
}

export function badField(path: string, message: string): Error {
  return apiError('invalid_request', { detail: message, errors: [{ path, message }] });
}

/** Name of a fault in the audit log, and of the files that hang on it. */
export function subjectOf(id: number): string {
  return `fault:${id}`;
}
