import { inTransaction, type Pool, type PoolClient, sqlState } from '../../db/index.ts';
import { apiError } from '../../http/errors.ts';
import { DEFAULT_LIMIT, type PageOf } from '../../http/paging.ts';
import { newDeviceId } from '../../registry/devices/service.ts';
import { insertDevice } from '../../registry/devices/sql.ts';
import { momentOf } from '../../registry/installations/service.ts';
import { type Doer, record } from '../../registry/shared/doer.ts';
import { tellDevices } from '../../registry/shared/events.ts';
import { declareAct } from '../act.ts';
import { requireWiped } from '../gate.ts';
import type { Store } from '../shared.ts';
import type { Compatibility, MinimumBody, ReceiptBody, Spare, SpareQuery, Stock, TransferBody } from './schemas.ts';
import * as sql from './sql.ts';

export interface Moved {
  devices: string[];
  at: Date;
}

/** What every store in reach holds. */
export async function readStock(pool: Pool, by: Doer): Promise<Stock> {
  const rows = await sql.selectStock(pool, by.scope);
  const stores = new Map<number, Stock['stores'][number]>();
  for (const { store, ...cell } of rows) {
    const entry = stores.get(store.id) ?? { store, models: [] };
    stores.set(store.id, entry);
    const isEmpty = cell.model === null && cell.in_stock + cell.in_repair + cell.at_centre === 0;
    if (!isEmpty) entry.models.push(cell);
  }
  return { stores: [...stores.values()], low: rows.filter((row) => row.missing > 0).length };
}

export function listSpares(pool: Pool, by: Doer, query: SpareQuery): Promise<PageOf<Spare>> {
  return sql.selectSpares(pool, by.scope, query, query.limit ?? DEFAULT_LIMIT);
}

/** @throws ApiError `unknown_reference`, `invalid_request` if spares are not kept in the region but in its county */
export async function changeMinimum(
  pool: Pool,
  by: Doer,
  { region_id, model_id, minimum }: MinimumBody,
): Promise<void> {
  await inTransaction(pool, async (client) => {
    const store = await demandStore(client, by, region_id);
    if (store.id !== region_id) throw apiError('invalid_request', `Spares of this region are kept at ${store.name}`);
    await sql.setMinimum(client, region_id, model_id, minimum).catch((error: unknown) => {
      throw sqlState(error) === '23503'
        ? apiError('unknown_reference', { detail: 'No such model', cause: error })
        : error;
    });
    await record(client, by, 'stock.minimum_set', `region:${region_id}`, { model_id, minimum });
  });
}

export async function readCompatibility(pool: Pool): Promise<Compatibility> {
  return { items: await sql.selectCompatibility(pool) };
}

/** @throws ApiError `unknown_reference` */
export async function changeStandIns(
  pool: Pool,
  by: Doer,
  modelId: number,
  standIns: readonly number[],
): Promise<Compatibility> {
  await inTransaction(pool, async (client) => {
    const found = await client.query('select 1 from device_model where id = $1 for update', [modelId]);
    if (found.rowCount === 0) throw apiError('not_found');
    const others = standIns.filter((id) => id !== modelId);
    const set = await sql.setStandIns(client, modelId, others);
    if (set !== others.length) throw apiError('unknown_reference', 'No such model');
    await record(client, by, 'stock.stand_ins_set', `model:${modelId}`, { stand_in_ids: others });
  });
  return readCompatibility(pool);
}

/** Moves spares from store to store. @throws ApiError `unknown_reference`, `not_in_stock`, `wipe_missing`... */
export async function transfer(pool: Pool, by: Doer, wish: TransferBody): Promise<Moved> {
  return inTransaction(pool, async (client) => {
    const at = momentOf(wish.at, by.nowMs);
    const store = await demandStore(client, by, wish.region_id);
    const devices = await lockAll(client, by, wish.device_ids);
    for (const device of devices) requireInStore(device);
    await requireWiped(
      client,
      devices.filter((device) => device.region_id !== wish.region_id).map((device) => device.device_key),
    );
    await declareAct(client, { at, userId: by.actor.userId, note: wish.reason });
    for (const lifecycle of ['in_stock', 'in_repair']) {
      const keys = devices.filter((device) => device.lifecycle === lifecycle).map((device) => device.device_key);
      await sql.placeDevices(client, keys, lifecycle, wish.region_id);
    }
    await tellDevices(
      client,
      devices.map((device) => device.device_key),
    );
    const moved = devices.map((device) => device.device_id);
    await record(client, by, 'stock.transferred', `region:${store.id}`, { devices: moved, reason: wish.reason });
    return { devices: moved, at };
  });
}

/** Registers new spares. @throws ApiError `unknown_reference`, `already_exists` */
export async function receive(pool: Pool, by: Doer, wish: ReceiptBody): Promise<Moved> {
  return inTransaction(pool, async (client) => {
    const at = new Date(by.nowMs);
    const { region_id, model_id } = wish;
    await demandStore(client, by, region_id);
    const org = await contractorOf(client, by);
    await declareAct(client, { at, userId: by.actor.userId, note: wish.reason ?? null });
    const moved: string[] = [];
    const keys: number[] = [];
    for (const serial of wish.serials) {
      const device = { device_id: newDeviceId(), serial, model_id, region_id, org_id: org };
      const key = await insertDevice(client, device).catch((error: unknown) => {
        throw sqlState(error) === '23505'
          ? apiError('already_exists', { detail: `Serial ${serial} is registered already`, cause: error })
          : error;
      });
      keys.push(key);
      moved.push(device.device_id);
    }
    await tellDevices(client, keys);
    await record(client, by, 'stock.received', `region:${region_id}`, { serials: wish.serials, model_id });
    return { devices: moved, at };
  });
}

/** Ends the life of a device that stands at no station. @throws ApiError `not_found`, `device_installed`, `device_retired` */
export async function retire(pool: Pool, by: Doer, deviceId: string, reason: string): Promise<Moved> {
  return inTransaction(pool, async (client) => {
    const [device] = await sql.lockSpares(client, by.scope, [deviceId]);
    if (device === undefined) throw apiError('not_found');
    requireInStore(device);
    const at = new Date(by.nowMs);
    await declareAct(client, { at, userId: by.actor.userId, note: reason });
    await sql.placeDevices(client, [device.device_key], 'retired', null);
    await tellDevices(client, [device.device_key]);
    await record(client, by, 'device.retired', `device:${device.device_id}`, { reason });
    return { devices: [device.device_id], at };
  });
}

/** @throws ApiError `unknown_reference` */
export async function demandStore(client: PoolClient, by: Doer, regionId: number): Promise<Store> {
  const store = await sql.storeOf(client, by.scope, regionId);
  if (store === null) throw apiError('unknown_reference', 'No such region');
  return store;
}

/** A device that nothing keeps from being moved but its data. @throws ApiError `device_installed`, `device_retired`, `repair_open` */
export function requireInStore(device: sql.LockedSpare): void {
  if (device.stands_at !== null) {
    throw apiError('device_installed', `Device ${device.serial} is installed at ${device.stands_at}`);
  }
  if (device.lifecycle === 'retired') throw apiError('device_retired', `Device ${device.serial} is retired`);
  if (device.is_away) throw apiError('repair_open', `Device ${device.serial} is with the repair centre`);
}

async function lockAll(client: PoolClient, by: Doer, ids: readonly string[]): Promise<sql.LockedSpare[]> {
  const devices = await sql.lockSpares(client, by.scope, ids);
  const missing = ids.find((id) => !devices.some((device) => device.device_id === id || device.serial === id));
  if (missing !== undefined) throw apiError('unknown_reference', `No device ${missing}`);
  return devices;
}

/** The organisation of the caller if it looks after devices, or null. */
export async function contractorOf(client: PoolClient, by: Doer): Promise<number | null> {
  const { rows } = await client.query<{ id: number }>(`select id from org where id = $1 and kind = 'contractor'`, [
    by.actor.orgId,
  ]);
  return rows[0]?.id ?? null;
}
