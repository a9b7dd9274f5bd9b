import { randomBytes } from 'node:crypto';
import { inTransaction, type Pool, type Queryable } from '../../db/index.ts';
import { apiError } from '../../http/errors.ts';
import { DEFAULT_LIMIT, type PageOf } from '../../http/paging.ts';
import { missedUpdate } from '../../http/preconditions.ts';
import { declareAct } from '../../stock/act.ts';
import { requireWiped } from '../../stock/gate.ts';
import { regionInScope } from '../regions/sql.ts';
import { type Doer, record } from '../shared/doer.ts';
import { tellDevices } from '../shared/events.ts';
import { orderOf } from '../shared/keyset.ts';
import { monthOf } from '../shared/month.ts';
import type { StateCounts } from '../shared/state.ts';
import { countDevices, selectDevices } from './list-sql.ts';
import {
  DEVICE_SORTS,
  type DeviceCsvQuery,
  type DeviceDetail,
  type DeviceFilter,
  type DeviceItem,
  type DevicePatch,
  type DeviceQuery,
  type NewDevice,
} from './schemas.ts';
import * as sql from './sql.ts';

type Scope = readonly number[] | null;

/** Rows fetched at a time while an export runs. */
const EXPORT_ROWS = 1000;

export async function listDevices(pool: Pool, by: Doer, query: DeviceQuery): Promise<PageOf<DeviceItem>> {
  const { sort = 'device_id', cursor, limit = DEFAULT_LIMIT, ...filter } = query;
  const order = orderOf(DEVICE_SORTS, sort, 'l.device_key');
  return selectDevices(pool, by.scope, filter, { order, cursor, limit, month: monthOf(by.nowMs, by.timeZone) });
}

export async function countDevicesByState(pool: Pool, scope: Scope, filter: DeviceFilter): Promise<StateCounts> {
  return countDevices(pool, scope, filter);
}

/** Every device that a filter finds, page by page: no connection is held between pages. */
export async function* everyDevice(pool: Pool, by: Doer, query: DeviceCsvQuery): AsyncGenerator<DeviceItem> {
  const { sort = 'device_id', ...filter } = query;
  const order = orderOf(DEVICE_SORTS, sort, 'l.device_key');
  let cursor: string | undefined;
  do {
    const options = { order, cursor, limit: EXPORT_ROWS, month: monthOf(by.nowMs, by.timeZone) };
    const page: PageOf<DeviceItem> = await selectDevices(pool, by.scope, filter, options);
    yield* page.items;
    cursor = page.next_cursor ?? undefined;
  } while (cursor !== undefined);
}

/** @throws ApiError `not_found` */
export async function getDevice(db: Queryable, by: Doer, deviceId: string): Promise<DeviceDetail> {
  const device = await sql.selectDevice(db, by.scope, deviceId, monthOf(by.nowMs, by.timeZone));
  if (device === null) throw apiError('not_found');
  return device;
}

/** @throws ApiError `not_found` */
export async function deviceKeyOf(db: Queryable, scope: Scope, deviceId: string): Promise<number> {
  const device = await sql.findDevice(db, scope, deviceId);
  if (device === null) throw apiError('not_found');
  return device.device_key;
}

/** Registers a spare. @throws ApiError `unknown_reference`, `already_exists` */
export async function createDevice(pool: Pool, by: Doer, device: NewDevice): Promise<DeviceDetail> {
  const deviceId = device.device_id ?? newDeviceId();
  return inTransaction(pool, async (client) => {
    await demandRegion(client, by.scope, device.region_id ?? null);
    await declareAct(client, { at: new Date(by.nowMs), userId: by.actor.userId });
    const key = await sql.insertDevice(client, { ...device, device_id: deviceId });
    await tellDevices(client, [key]);
    await record(client, by, 'device.created', `device:${deviceId}`, device);
    return getDevice(client, by, deviceId);
  });
}

/**
 * Region and life-cycle of an installed device follow its station, so they can't be set by hand.
 * @throws ApiError `not_found`, `version_conflict`, `device_installed`, `unknown_reference`, `wipe_missing`
 */
export async function changeDevice(
  pool: Pool,
  by: Doer,
  deviceId: string,
  patch: DevicePatch,
  expected: number | null,
): Promise<DeviceDetail> {
  return inTransaction(pool, async (client) => {
    const device = await sql.findDevice(client, by.scope, deviceId);
    if (device === null) throw apiError('not_found');
    const { installed } = await sql.lockDevice(client, device.device_key);
    if (installed && (patch.lifecycle !== undefined || patch.region_id !== undefined)) {
      throw apiError('device_installed', 'Remove it from its station first');
    }
    if (patch.region_id !== undefined) await demandRegion(client, by.scope, patch.region_id);
    if (patch.region_id !== undefined && patch.region_id !== device.region_id) {
      await requireWiped(client, [device.device_key]);
    }
    await declareAct(client, { at: new Date(by.nowMs), userId: by.actor.userId });
    if ((await sql.updateDevice(client, device.device_key, patch, expected)) === null) throw missedUpdate(true);
    await tellDevices(client, [device.device_key]);
    await record(client, by, 'device.changed', `device:${deviceId}`, patch);
    return getDevice(client, by, deviceId);
  });
}

/** A caller with a scope must put devices inside of it: one without region would vanish from its sight. */
async function demandRegion(db: Queryable, scope: Scope, regionId: number | null): Promise<void> {
  const allowed = regionId === null ? scope === null : await regionInScope(db, regionId, scope);
  if (!allowed) throw apiError('unknown_reference', regionId === null ? 'A region is needed' : 'No such region');
}

const ALPHABET = '0123456789abcdefghjkmnpqrstvwxyz';

/** A fresh public id: `d-` and ten letters of 5 random bits each, none of which are easily mistaken for another. */
export function newDeviceId(): string {
  return `d-${[...randomBytes(10)].map((byte) => ALPHABET[byte & 31]).join('')}`;
}
