import { inTransaction, type Pool, type PoolClient, type Queryable } from '../../db/index.ts';
import { apiError } from '../../http/errors.ts';
import { DEFAULT_LIMIT, type PageOf } from '../../http/paging.ts';
import { momentOf } from '../../registry/installations/service.ts';
import { type Doer, record } from '../../registry/shared/doer.ts';
import { tellDevices } from '../../registry/shared/events.ts';
import { dayOf } from '../../registry/shared/month.ts';
import { declareAct } from '../act.ts';
import { requireWiped } from '../gate.ts';
import { insertMovement } from '../movements/sql.ts';
import { replaceWithin } from '../replace/service.ts';
import { demandStore, requireInStore } from '../spares/service.ts';
import { lockSpares, placeDevices } from '../spares/sql.ts';
import type { Repair, RepairPatch, RepairQuery, ReturnBody, SendBody, SwapBackBody } from './schemas.ts';
import * as sql from './sql.ts';

const todayOf = (by: Doer): string => dayOf(by.nowMs, by.timeZone);

/** Ways through the repair centre: those away, overdue first, or those back, newest first. */
export function listRepairs(pool: Pool, by: Doer, query: RepairQuery): Promise<PageOf<Repair>> {
  return sql.selectRepairs(pool, by.scope, query, { today: todayOf(by), limit: query.limit ?? DEFAULT_LIMIT });
}

/** @throws ApiError `not_found` */
export async function getRepair(db: Queryable, by: Doer, id: number): Promise<Repair> {
  const repair = await sql.selectRepair(db, by.scope, id, todayOf(by));
  if (repair === null) throw apiError('not_found');
  return repair;
}

/**
 * Sends a broken device to the repair centre.
 * @throws ApiError `not_found`, `device_installed`, `device_retired`, `repair_open`, `wipe_missing`
 */
export async function send(pool: Pool, by: Doer, deviceId: string, wish: SendBody): Promise<Repair> {
  return inTransaction(pool, async (client) => {
    const [device] = await lockSpares(client, by.scope, [deviceId]);
    if (device === undefined) throw apiError('not_found');
    requireInStore(device);
    await requireWiped(client, [device.device_key]);
    const at = momentOf(wish.at, by.nowMs);
    const { userId } = by.actor;
    const origin = await sql.selectOrigin(client, device.device_key, dayOf(at.getTime(), by.timeZone));
    const orderId = wish.work_order_id ?? origin.order_id;
    await demandSeen(client, by, wish.work_order_id);
    const note = wish.symptom ?? null;
    await declareAct(client, { at, userId, note, orderId });
    if (device.lifecycle === 'in_stock') await placeDevices(client, [device.device_key], 'in_repair', null);
    const id = await sql.insertRepair(client, {
      deviceKey: device.device_key,
      orderId,
      stationId: origin.station_id,
      at,
      userId,
      centre: wish.centre ?? null,
      carrier: wish.carrier ?? null,
      trackingNo: wish.tracking_no ?? null,
      warranty: wish.warranty ?? origin.warranty,
      dueOn: wish.due_on ?? null,
      symptom: wish.symptom ?? null,
      logisticsFen: wish.logistics_fen ?? 0,
    });
    await insertMovement(client, { deviceKey: device.device_key, kind: 'sent', at, userId, orderId, note });
    await tellDevices(client, [device.device_key]);
    await record(client, by, 'repair.sent', `device:${device.device_id}`, { ...wish, repair_id: id });
    return getRepair(client, by, id);
  });
}

/** Changes what is written of a repair; costs often come weeks later. @throws ApiError `not_found`, `version_conflict` */
export async function changeRepair(
  pool: Pool,
  by: Doer,
  id: number,
  patch: RepairPatch,
  version: number | null,
): Promise<Repair> {
  return inTransaction(pool, async (client) => {
    const { device } = await getRepair(client, by, id);
    if (!(await sql.updateRepair(client, id, patch, version))) throw apiError('version_conflict');
    await record(client, by, 'repair.changed', `device:${device.device_id}`, { ...patch, repair_id: id });
    return getRepair(client, by, id);
  });
}

/** Takes a device back from the repair centre: into stock or, scrapped, out of the fleet. @throws ApiError `repair_state`... */
export async function takeBack(pool: Pool, by: Doer, id: number, wish: ReturnBody): Promise<Repair> {
  return inTransaction(pool, async (client) => {
    // Before any lock: swapping back locks in another order, and only what has been returned can be swapped back.
    if ((await getRepair(client, by, id)).returned_at !== null)
      throw apiError('repair_state', 'It has come back already');
    const repair = await sql.lockRepair(client, id);
    if (repair === null) throw apiError('not_found');
    if (repair.version !== wish.version) throw apiError('version_conflict');
    if (repair.returned_at !== null) throw apiError('repair_state', 'It has come back already');
    const at = momentOf(wish.at, by.nowMs);
    if (at < repair.sent_at) {
      throw apiError('invalid_request', { errors: [{ path: '/body/at', message: 'must not be before it was sent' }] });
    }
    const regionId = wish.region_id ?? null;
    if (regionId !== null) await demandStore(client, by, regionId);
    const { userId } = by.actor;
    await declareAct(client, { at, userId, note: wish.diagnosis ?? null, orderId: repair.work_order_id });
    const { at: _at, outcome, region_id: _region, version, ...judged } = wish;
    await sql.updateRepair(client, id, judged, version);
    await sql.setReturned(client, id, { at, userId, outcome });
    await placeDevices(client, [repair.device_key], outcome === 'repaired' ? 'in_stock' : 'retired', regionId);
    await tellDevices(client, [repair.device_key]);
    await record(client, by, 'repair.returned', `device:${repair.device_id}`, { ...wish, repair_id: id });
    return getRepair(client, by, id);
  });
}

/**
 * Puts a repaired device back where it stood, in the place of whatever stands in for it (R-HN-4). The order, if one is named, gets
 * it into its story; that the fault is repaired, a person says there.
 * @throws ApiError `repair_state`, `conflict`, `spare_elsewhere`, those of the swap
 */
export async function swapBack(pool: Pool, by: Doer, id: number, wish: SwapBackBody): Promise<Repair> {
  await inTransaction(pool, async (client) => {
    const repair = await getRepair(client, by, id);
    if (repair.home === null) throw apiError('repair_state', 'It never stood at a station');
    if (!repair.can_swap_back) throw apiError('repair_state', whyNot(repair));
    await sql.setSwappedBack(client, id, momentOf(wish.at, by.nowMs));
    await replaceWithin(client, by, repair.home.id, {
      spare: repair.device.device_id,
      old_device_id: wish.old_device_id,
      reason: wish.reason,
      old_lifecycle: wish.stand_in_lifecycle ?? 'in_stock',
      fromElsewhere: wish.from_elsewhere ?? false,
      isReturn: true,
      ...(wish.at === undefined ? {} : { at: wish.at }),
      ...(wish.work_order_id === undefined ? {} : { work_order_id: wish.work_order_id }),
    });
  });
  return getRepair(pool, by, id);
}

function whyNot(repair: Repair): string {
  if (repair.returned_at === null) return 'It is still with the repair centre';
  if (repair.outcome === 'scrapped') return 'It was scrapped';
  if (repair.swapped_back_at !== null) return 'It has been swapped back already';
  return 'It is not in stock any more, or nothing stands in for it';
}

/** @throws ApiError `unknown_reference` for an order out of sight */
async function demandSeen(client: PoolClient, by: Doer, orderId: number | undefined): Promise<void> {
  if (orderId === undefined) return;
  const { rowCount } = await client.query(
    'select 1 from work_order where id = $1 and ($2::int[] is null or region_path && $2::int[])',
    [orderId, by.scope],
  );
  if (rowCount === 0) throw apiError('unknown_reference', 'No such work order');
}
