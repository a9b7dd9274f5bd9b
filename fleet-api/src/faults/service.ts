import { REPAIR_STAGES } from '@uptally/sla';
import { isAllowed } from '../auth/permissions.ts';
import { inTransaction, type Pool, type PoolClient } from '../db/index.ts';
import type { Member } from '../exclusions/parties.ts';
import { listFiles } from '../files/index.ts';
import { apiError } from '../http/errors.ts';
import { DEFAULT_LIMIT, type PageOf } from '../http/paging.ts';
import { regrade, splitOrder } from '../orders/open.ts';
import { clockOf } from '../orders/service.ts';
import { present as presentOrder, selectOrder } from '../orders/sql.ts';
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
import type { Fault, FaultAction, FaultDetail, FaultQuery, NewReport } from './schemas.ts';
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
    actions: actionsFor(row, by),
  };
}

function actionsFor({ state }: Pick<Fault, 'state'>, { role }: Member): FaultAction[] {
  if (!isAllowed(role, 'order.manage')) return [];
  if (state === 'open') return ['change_severity', 'cancel', 'merge'];
  return state === 'merged' ? ['unmerge'] : [];
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

/** Sets another severity. @throws ApiError `not_found`, `fault_over`, `unknown_severity`, `invalid_request` */
export function changeSeverity(
  pool: Pool,
  by: Member,
  id: number,
  { severity, since, reason }: { readonly severity: string; readonly since?: string; readonly reason: string },
): Promise<FaultDetail> {
  return changing(pool, by, id, async (client, fault) => {
    const { severities } = await currentTerms(client, fault.contract_id);
    if (!severities.includes(severity)) {
      throw apiError('unknown_severity', `The contract knows ${severities.join(', ')}`);
    }
    const at = since === undefined ? by.nowMs : Date.parse(since);
    if (at > by.nowMs || at < fault.opened_at.getTime()) {
      throw badField('/body/since', 'must lie between the opening of the fault and now');
    }
    await appendEvents(client, [id], { at, kind: 'severity_changed', data: { severity } }, by);
    if (fault.work_order_id !== null) await regrade(client, fault.work_order_id);
    await record(client, by, 'fault.severity_changed', subjectOf(id), { severity, since, reason });
  });
}

/** Withdraws a fault: there was none. @throws ApiError `not_found`, `fault_over` */
export function cancelFault(pool: Pool, by: Member, id: number, reason: string): Promise<FaultDetail> {
  return changing(pool, by, id, async (client) => {
    await client.query('update fault set dedup_key = null where id = $1', [id]);
    await appendEvents(client, [id], { at: by.nowMs, kind: 'cancelled' }, by);
    await record(client, by, 'fault.cancelled', subjectOf(id), { reason });
  });
}

async function changing(
  pool: Pool,
  by: Member,
  id: number,
  work: (client: PoolClient, fault: Awaited<ReturnType<typeof detail.lockFaults>>[number]) => Promise<void>,
): Promise<FaultDetail> {
  await inTransaction(pool, async (client) => {
    await visible(client, by, id);
    const [fault] = await detail.lockFaults(client, [id]);
    if (fault === undefined) throw apiError('not_found');
    if (fault.status !== 'open' || fault.merged_into !== null) throw apiError('fault_over');
    await work(client, fault);
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
    for (const each of ids) await visible(client, by, each);
    const faults = await detail.lockFaults(client, ids);
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
    await visible(client, by, id);
    const [fault] = await detail.lockFaults(client, [id]);
    if (fault === undefined || fault.merged_into === null) throw apiError('not_merged');
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

/** @throws ApiError `not_found` */
async function visible(db: Pool | PoolClient, by: Member, id: number): Promise<list.FaultRow> {
  const row = await list.selectFault(db, by, id);
  if (row === null) throw apiError('not_found');
  return row;
}

function badField(path: string, message: string): Error {
  return apiError('invalid_request', { detail: message, errors: [{ path, message }] });
}

/** Name of a fault in the audit log, and of the files that hang on it. */
export function subjectOf(id: number): string {
  return `fault:${id}`;
}
