import type { Queryable } from '../../db/index.ts';
import type { PageOf } from '../../http/paging.ts';
import { Filter } from '../shared/filter.ts';
import { afterCursor, type Order, orderBy, pageByKeyset, type SortedRow, sortColumns } from '../shared/keyset.ts';
import type { Installation } from './schemas.ts';

type Scope = readonly number[] | null;

export interface OpenInstallation {
  readonly id: number;
  readonly device_key: number;
  readonly device_id: string;
  readonly from_at: Date;
}

/** The installation that stands at a station now, or null. */
export async function openAtStation(db: Queryable, stationId: number): Promise<OpenInstallation | null> {
  const { rows } = await db.query<OpenInstallation>(
    `select i.id, i.device_key, d.device_id, i.from_at
     from installation i join device d on d.device_key = i.device_key where i.station_id = $1 and i.to_at is null`,
    [stationId],
  );
  return rows[0] ?? null;
}

export interface LockedStation {
  readonly id: number;
  readonly code: string;
  readonly site_id: number;
  readonly region_id: number;
  /** County of the region: where its spares are kept (R-HN-1); the region itself if it has none. */
  readonly county_id: number;
  readonly decommissioned_at: Date | null;
}

/**
 * Locks a station in scope, and its site against being renamed or moved, until the end of the transaction; null if there is
 * none. Stations are always locked before devices.
 */
export async function lockStation(db: Queryable, scope: Scope, id: number): Promise<LockedStation | null> {
  const { rows } = await db.query<LockedStation>(
    `select st.id, st.code, st.site_id, si.region_id, st.decommissioned_at,
       coalesce((select up.id from region up where up.id = any (r.path) and up.kind = 'county'), r.id) as county_id
     from station st join site si on si.id = st.site_id join region r on r.id = si.region_id
     where st.id = $1 and ($2::int[] is null or r.path && $2::int[])
     for no key update of st for share of si`,
    [id, scope],
  );
  return rows[0] ?? null;
}

export interface LockedDevice {
  readonly device_key: number;
  readonly device_id: string;
  readonly lifecycle: string;
}

/** Locks devices in the order of their keys until the end of the transaction. Those outside of the scope are left out. */
export async function lockDevices(db: Queryable, scope: Scope, deviceIds: readonly string[]): Promise<LockedDevice[]> {
  const { rows } = await db.query<LockedDevice>(
    `select d.device_key, d.device_id, d.lifecycle from device d
     where d.device_id = any ($1::text[]) and ($2::int[] is null
       or d.region_id = any (array(select id from region where path && $2::int[])))
     order by d.device_key for no key update of d`,
    [deviceIds, scope],
  );
  return rows;
}

/** Code of the station where a device stands now, or null. */
export async function standsAt(db: Queryable, deviceKey: number): Promise<string | null> {
  const { rows } = await db.query<{ code: string }>(
    `select st.code from installation i join station st on st.id = i.station_id
     where i.device_key = $1 and i.to_at is null`,
    [deviceKey],
  );
  return rows[0]?.code ?? null;
}

/** When the last ended installation of the station or of the device ended, or null. */
export async function lastEnd(db: Queryable, stationId: number, deviceKey: number): Promise<Date | null> {
  const { rows } = await db.query<{ ended: Date | null }>(
    'select max(to_at) as ended from installation where (station_id = $1 or device_key = $2) and to_at is not null',
    [stationId, deviceKey],
  );
  return rows[0]?.ended ?? null;
}

/** Ends an installation. */
export async function endInstallation(db: Queryable, id: number, at: Date): Promise<void> {
  await db.query('update installation set to_at = $2 where id = $1', [id, at]);
}

/** Begins an installation; its id. */
export async function beginInstallation(
  db: Queryable,
  row: { readonly deviceKey: number; readonly stationId: number; readonly at: Date; readonly reason: string },
): Promise<number> {
  const { rows } = await db.query<{ id: number }>(
    'insert into installation (device_key, station_id, from_at, reason) values ($1, $2, $3, $4) returning id',
    [row.deviceKey, row.stationId, row.at, row.reason],
  );
  return (rows[0] as { id: number }).id;
}

/** Moves a device in its life and to a region. */
export async function placeDevice(
  db: Queryable,
  deviceKey: number,
  lifecycle: string,
  regionId: number,
): Promise<void> {
  await db.query('update device set lifecycle = $2, region_id = $3, version = version + 1 where device_key = $1', [
    deviceKey,
    lifecycle,
    regionId,
  ]);
}

/** Marks that what stands at a station changed, for those who hold an older ETag. */
export async function touchStation(db: Queryable, stationId: number): Promise<void> {
  await db.query('update station set version = version + 1 where id = $1', [stationId]);
}

/** The history of a station or of a device, newest first. The caller has checked that its subject is in scope. */
export async function selectInstallations(
  db: Queryable,
  scope: Scope,
  subject: { readonly stationId: number } | { readonly deviceKey: number },
  page: { readonly order: Order; readonly cursor: string | undefined; readonly limit: number },
): Promise<PageOf<Installation>> {
  const filter = new Filter();
  if ('stationId' in subject) filter.where(`i.station_id = ${filter.bind(subject.stationId)}`);
  else filter.where(`i.device_key = ${filter.bind(subject.deviceKey)}`);
  if (scope !== null) filter.where(`r.path && ${filter.bind(scope)}::int[]`);
  afterCursor(filter, page.order, page.cursor);
  const rows = db.query<Installation & SortedRow>(
    `select i.id, json_build_object('device_id', d.device_id, 'serial', d.serial) as device,
       json_build_object('id', st.id, 'code', st.code, 'name', st.name) as station,
       json_build_object('id', si.id, 'name', si.name) as site,
       i.from_at as "from", i.to_at as "to", i.reason, ${sortColumns(page.order)}
     from installation i join device d on d.device_key = i.device_key join station st on st.id = i.station_id
     join site si on si.id = st.site_id join region r on r.id = si.region_id
     ${filter.sql} ${orderBy(page.order)} limit ${page.limit + 1}`,
    filter.values,
  );
  return pageByKeyset(rows, page.limit, page.order, ({ sort_value: _value, sort_id: _id, ...row }) => row);
}
