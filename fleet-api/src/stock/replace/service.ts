import { inTransaction, type Pool, type PoolClient } from '../../db/index.ts';
import { apiError } from '../../http/errors.ts';
import { exchange, finish, momentOf, type Occupied, occupied } from '../../registry/installations/service.ts';
import type { Doer } from '../../registry/shared/doer.ts';
import { stateOf } from '../../registry/shared/state.ts';
import type { Station } from '../../registry/stations/schemas.ts';
import { requireWiped } from '../gate.ts';
import { contractorOf } from '../spares/service.ts';
import { type LockedSpare, lockSpares, troublesIn } from '../spares/sql.ts';
import { enterWipe } from '../wipes/service.ts';
import { lockCheck, openCheckOf } from '../wipes/sql.ts';
import { demandOrder, tellOrder } from './order.ts';
import { bestFirst, fitOf, refuseSpare } from './rules.ts';
import type { Candidate, ReplaceBody, Replaced, Replacement } from './schemas.ts';
import * as sql from './sql.ts';

/** Spares on offer at most. */
const OFFERED = 100;

/** What a person needs to replace the device of a station. @throws ApiError `not_found` */
export async function readReplacement(pool: Pool, by: Doer, stationId: number): Promise<Replacement> {
  const position = await sql.selectPosition(pool, by.scope, stationId);
  if (position === null) throw apiError('not_found');
  const { station, store, old, model_id, org_id } = position;
  const standIns = await sql.selectStandIns(pool, model_id);
  const models = model_id === null ? null : [model_id, ...standIns];
  const rows = await sql.selectCandidates(pool, by.scope, { storeId: store.id, orgId: org_id, models }, OFFERED);
  const spares = rows.map((row): Candidate => {
    const troubles = troublesIn(row.components);
    const fit = fitOf(model_id, row.model_id, standIns);
    return {
      device: row.device,
      store: row.store,
      here: row.here,
      fit: fit === 'other' ? 'unknown' : fit,
      wiped: row.wiped,
      sound: troubles.length === 0,
      state: stateOf(row.state),
      last_seen_at: row.last_seen_at,
      troubles,
    };
  });
  return { station, store, old, orders: await sql.selectOrders(pool, stationId), spares: bestFirst(spares) };
}

/**
 * Replaces the device of a station in one act (R-HN-4, R-DG-7): installations, life-cycles, ledger, wipe check, the order's story
 * and the clocks of its faults, all or nothing. Of two people at once the second finds another device than it saw: `conflict`.
 */
export async function replace(pool: Pool, by: Doer, stationId: number, wish: ReplaceBody): Promise<Replaced> {
  return inTransaction(pool, async (client) => {
    const { from_elsewhere: fromElsewhere = false, old_lifecycle = 'in_repair' } = wish;
    return replaceWithin(client, by, stationId, { ...wish, old_lifecycle, fromElsewhere, isReturn: false });
  });
}

export type Exchange = Pick<ReplaceBody, 'spare' | 'old_device_id' | 'at' | 'reason' | 'work_order_id' | 'wipe'> & {
  readonly old_lifecycle: 'in_repair' | 'in_stock';
  readonly fromElsewhere: boolean;
  readonly isReturn: boolean;
};

/** The same as part of a larger act, of which it is the last: it ends with the audit log. */
export async function replaceWithin(
  client: PoolClient,
  by: Doer,
  stationId: number,
  wish: Exchange,
): Promise<Replaced> {
  const place = await occupied(client, by, stationId, wish.old_device_id);
  const [old, spare] = await lockBoth(client, by, place, wish.spare);
  const order = await demandOrder(client, wish.work_order_id, stationId);
  const own = await contractorOf(client, by);
  if (own !== null && old.org_id !== null && old.org_id !== own) {
    throw apiError('spare_of_other_contractor', `Device ${old.serial} is looked after by another contractor`);
  }
  if (own !== null && order?.org_id != null && order.org_id !== own) throw apiError('order_not_yours');
  const refusal = refuseSpare(spare, {
    model_id: old.model_id,
    standIns: await sql.selectStandIns(client, old.model_id),
    org_id: order?.org_id ?? old.org_id ?? own,
    store: place.station.county_id,
    fromElsewhere: wish.fromElsewhere,
    isReturn: wish.isReturn,
  });
  if (refusal !== null) throw refusal;
  await requireWiped(client, [spare.device_key], { exceptStation: stationId });
  const done = await exchange(client, by, place, {
    device_id: spare.device_id,
    reason: wish.reason,
    old_lifecycle: wish.old_lifecycle,
    orderId: order?.id ?? null,
    ...(wish.at === undefined ? {} : { at: wish.at }),
  });
  const checkId = await wipeOld(client, by, old, wish);
  if (order !== null) {
    await tellOrder(client, by, order, {
      at: momentOf(wish.at, by.nowMs),
      reason: wish.reason,
      oldSerial: old.serial,
      newSerial: spare.serial,
      restores: !wish.isReturn,
    });
  }
  const station: Station = await finish(client, by, {
    ...done,
    detail: { ...done.detail, work_order_id: order?.id ?? null },
  });
  return { station, old_device_id: old.device_id, new_device_id: spare.device_id, wipe_check_id: checkId };
}

async function lockBoth(
  client: PoolClient,
  by: Doer,
  { old }: Occupied,
  name: string,
): Promise<[LockedSpare, LockedSpare]> {
  const devices = await lockSpares(client, null, [old.device_id, name]);
  const leaving = devices.find((device) => device.device_id === old.device_id);
  const coming =
    devices.find((device) => device.device_id === name) ?? devices.find((device) => device.serial === name);
  if (leaving === undefined || coming === undefined) throw apiError('unknown_reference', `No device ${name}`);
  if (leaving === coming) throw apiError('device_installed', 'It stands at this station already');
  const inReach = await lockSpares(client, by.scope, [coming.device_id]);
  if (inReach.length === 0) throw apiError('out_of_scope', `Device ${name} is kept outside of your regions`);
  return [leaving, coming];
}

/** Records on the spot that the old device was wiped, if the person says so; the id of its check. */
async function wipeOld(client: PoolClient, by: Doer, old: LockedSpare, wish: Exchange): Promise<number | null> {
  const checkId = await openCheckOf(client, old.device_key);
  if (checkId === null || wish.wipe === undefined) return checkId;
  const check = await lockCheck(client, checkId);
  if (check !== null)
    await enterWipe(client, by, check, wish.at === undefined ? wish.wipe : { ...wish.wipe, at: wish.at });
  return checkId;
}
