import { inTransaction, type Pool, type PoolClient } from '../../db/index.ts';
import { apiError } from '../../http/errors.ts';
import { DEFAULT_LIMIT, type PageOf } from '../../http/paging.ts';
import { declareAct } from '../../stock/act.ts';
import { requireWiped } from '../../stock/gate.ts';
import { requireOpen } from '../../suspensions/open.ts';
import { deviceKeyOf } from '../devices/service.ts';
import { type Doer, record } from '../shared/doer.ts';
import { tellDevices, tellRegistry } from '../shared/events.ts';
import type { Order } from '../shared/keyset.ts';
import type { Station } from '../stations/schemas.ts';
import { getStation } from '../stations/service.ts';
import type { Install, Installation, InstallationQuery, Remove, Swap } from './schemas.ts';
import * as sql from './sql.ts';

/**
 * Installations are evidence: they decide which device answers for a station, so they are only ever begun at the open end of
 * both histories and never rewritten, and never in a period that is closed. All of it happens under row locks, stations before
 * devices.
 */

/** Newest first. */
const NEWEST: Order = {
  name: '-from',
  key: { column: 'i.from_at', type: 'timestamptz' },
  descending: true,
  idColumn: 'i.id',
};

/** Puts a device at an empty station. @throws ApiError `station_occupied`, `device_installed`, `installation_overlap`... */
export async function install(pool: Pool, by: Doer, stationId: number, request: Install): Promise<Station> {
  return inTransaction(pool, async (client) => {
    const station = await lockOpenStation(client, by, stationId);
    const occupant = await sql.openAtStation(client, stationId);
    if (occupant !== null)
      throw apiError('station_occupied', `Device ${occupant.device_id} is installed at ${station.code}`);
    const at = momentOf(request.at, by.nowMs);
    await declareAct(client, { at, userId: by.actor.userId, note: request.reason });
    const device = await begin(client, by, station, { ...request, at });
    return finish(client, by, {
      station,
      devices: [device.device_key],
      action: 'device.installed',
      detail: { ...request, at },
    });
  });
}

/**
 * Ends one installation and begins the next at the same instant; the station's history goes on. Of two swaps at once the
 * first wins: the other finds a different device than it set out to replace.
 */
export async function swap(pool: Pool, by: Doer, stationId: number, request: Swap): Promise<Station> {
  return inTransaction(pool, async (client) => {
    const seen = request.old_device_id ?? (await sql.openAtStation(client, stationId))?.device_id;
    const place = await occupied(client, by, stationId, seen);
    return finish(client, by, await exchange(client, by, place, request));
  });
}

/** A locked station and what stands there. */
export interface Occupied {
  readonly station: sql.LockedStation;
  readonly old: sql.OpenInstallation;
}

/** Locks a station at which the device stands that the caller saw. @throws ApiError `station_empty`, `conflict`, `not_found` */
export async function occupied(
  client: PoolClient,
  by: Doer,
  stationId: number,
  seen: string | undefined,
): Promise<Occupied> {
  const station = await lockOpenStation(client, by, stationId);
  const old = await sql.openAtStation(client, stationId);
  if (old === null) throw apiError('station_empty', `Nothing is installed at ${station.code}`);
  if (old.device_id !== seen) throw apiError('conflict', `Meanwhile ${old.device_id} is installed at ${station.code}`);
  return { station, old };
}

/** A swap as part of a larger act: its transaction ends with {@link finish} of what this gives. */
export async function exchange(
  client: PoolClient,
  by: Doer,
  { station, old }: Occupied,
  request: Swap & { readonly orderId?: number | null },
): Promise<Done> {
  if (old.device_id === request.device_id) throw apiError('device_installed', 'It stands at this station already');
  const at = momentOf(request.at, by.nowMs);
  const { orderId = null, ...asked } = request;
  await declareAct(client, { at, userId: by.actor.userId, note: request.reason, orderId });
  await sql.lockDevices(client, null, [old.device_id, request.device_id]); // both at once, in the order of their keys
  await end(client, station, old, { at, lifecycle: request.old_lifecycle });
  const device = await begin(client, by, station, { ...request, at });
  const detail = { ...asked, old_device_id: old.device_id, at };
  return { station, devices: [old.device_key, device.device_key], action: 'device.swapped', detail };
}

/** Takes the device away; the station stays empty. @throws ApiError `station_empty`, `installation_overlap` */
export async function remove(pool: Pool, by: Doer, stationId: number, request: Remove): Promise<Station> {
  return inTransaction(pool, async (client) => {
    const station = await lockOpenStation(client, by, stationId);
    const old = await sql.openAtStation(client, stationId);
    if (old === null) throw apiError('station_empty', `Nothing is installed at ${station.code}`);
    const at = momentOf(request.at, by.nowMs);
    await declareAct(client, { at, userId: by.actor.userId, note: request.reason });
    await end(client, station, old, { at, lifecycle: request.lifecycle });
    const detail = { ...request, device_id: old.device_id, at };
    return finish(client, by, { station, devices: [old.device_key], action: 'device.removed', detail });
  });
}

/** What stood at a station, newest first. @throws ApiError `not_found` */
export async function historyOfStation(
  pool: Pool,
  by: Doer,
  stationId: number,
  query: InstallationQuery,
): Promise<PageOf<Installation>> {
  await getStation(pool, by.scope, stationId);
  return sql.selectInstallations(pool, by.scope, { stationId }, pageOptions(query));
}

/** Where a device stood, newest first, as far as the scope reaches. @throws ApiError `not_found` */
export async function historyOfDevice(
  pool: Pool,
  by: Doer,
  deviceId: string,
  query: InstallationQuery,
): Promise<PageOf<Installation>> {
  const deviceKey = await deviceKeyOf(pool, by.scope, deviceId);
  return sql.selectInstallations(pool, by.scope, { deviceKey }, pageOptions(query));
}

function pageOptions({ cursor, limit = DEFAULT_LIMIT }: InstallationQuery) {
  return { order: NEWEST, cursor, limit };
}

async function lockOpenStation(client: PoolClient, by: Doer, stationId: number): Promise<sql.LockedStation> {
  const station = await sql.lockStation(client, by.scope, stationId);
  if (station === null) throw apiError('not_found');
  if (station.decommissioned_at !== null) throw apiError('conflict', `Station ${station.code} is decommissioned`);
  return station;
}

/** The instant of an act. @throws ApiError `invalid_request` in the future */
export function momentOf(at: string | undefined, nowMs: number): Date {
  const ms = at === undefined ? nowMs : Date.parse(at);
  if (ms > nowMs) {
    throw apiError('invalid_request', { errors: [{ path: '/body/at', message: 'must not be in the future' }] });
  }
  return new Date(ms);
}

interface Beginning {
  readonly device_id: string;
  readonly at: Date;
  readonly reason: string;
}

async function begin(
  client: PoolClient,
  by: Doer,
  station: sql.LockedStation,
  request: Beginning,
): Promise<sql.LockedDevice> {
  const { at, reason } = request;
  const [device] = await sql.lockDevices(client, by.scope, [request.device_id]);
  if (device === undefined) throw apiError('unknown_reference', `No device ${request.device_id}`);
  if (device.lifecycle === 'retired') throw apiError('device_retired', `Device ${device.device_id} is retired`);
  const elsewhere = await sql.standsAt(client, device.device_key);
  if (elsewhere !== null) throw apiError('device_installed', `Device ${device.device_id} is installed at ${elsewhere}`);
  await requireWiped(client, [device.device_key], { exceptStation: station.id });
  await requireOpen(client, station.id, [{ from: at, to: null }]);
  const ended = await sql.lastEnd(client, station.id, device.device_key);
  if (ended !== null && at < ended) {
    throw apiError('installation_overlap', `An earlier installation ends at ${ended.toISOString()}`);
  }
  await sql.beginInstallation(client, { deviceKey: device.device_key, stationId: station.id, at, reason });
  await sql.placeDevice(client, device.device_key, 'in_service', station.region_id);
  return device;
}

async function end(
  client: PoolClient,
  station: sql.LockedStation,
  old: sql.OpenInstallation,
  { at, lifecycle = 'in_repair' }: { readonly at: Date; readonly lifecycle: string | undefined },
): Promise<void> {
  await sql.lockDevices(client, null, [old.device_id]);
  if (at <= old.from_at) {
    throw apiError(
      'installation_overlap',
      `${old.device_id} was installed at ${old.from_at.toISOString()}, not before that`,
    );
  }
  await requireOpen(client, station.id, [{ from: at, to: null }]);
  await sql.endInstallation(client, old.id, at);
  await sql.placeDevice(client, old.device_key, lifecycle, station.county_id);
}

export interface Done {
  readonly station: sql.LockedStation;
  readonly devices: readonly number[];
  readonly action: string;
  readonly detail: Readonly<Record<string, unknown>>;
}

/** Tells consoles and the audit log, as the last thing of the transaction. */
export async function finish(
  client: PoolClient,
  by: Doer,
  { station, devices, action, detail }: Done,
): Promise<Station> {
  await sql.touchStation(client, station.id);
  await tellRegistry(client, 'station', station.id, station.region_id);
  await tellDevices(client, devices);
  await record(client, by, action, `station:${station.code}`, detail);
  return getStation(client, by.scope, station.id);
}
