import { inTransaction, type Pool, type Queryable } from '../../db/index.ts';
import { apiError } from '../../http/errors.ts';
import { DEFAULT_LIMIT, type PageOf } from '../../http/paging.ts';
import { missedUpdate } from '../../http/preconditions.ts';
import { type Doer, record } from '../shared/doer.ts';
import { tellRegistry } from '../shared/events.ts';
import { orderOf } from '../shared/keyset.ts';
import { selectSite } from '../sites/sql.ts';
import { type NewStation, STATION_SORTS, type Station, type StationPatch, type StationQuery } from './schemas.ts';
import * as sql from './sql.ts';
import { requireTerm } from './term.ts';

type Scope = readonly number[] | null;

export async function listStations(pool: Pool, scope: Scope, query: StationQuery): Promise<PageOf<Station>> {
  const order = orderOf(STATION_SORTS, query.sort ?? 'code', 'st.id');
  return sql.selectStations(pool, scope, { ...query, limit: query.limit ?? DEFAULT_LIMIT }, order);
}

/** @throws ApiError `not_found` */
export async function getStation(pool: Queryable, scope: Scope, id: number): Promise<Station> {
  const station = await sql.selectStation(pool, scope, id);
  if (station === null) throw apiError('not_found');
  return station;
}

/** @throws ApiError `unknown_reference` (site outside of the scope), `already_exists` */
export async function createStation(pool: Pool, by: Doer, station: NewStation): Promise<Station> {
  return inTransaction(pool, async (client) => {
    const site = await selectSite(client, by.scope, station.site_id);
    if (site === null) throw apiError('unknown_reference', 'No such site');
    const id = await sql.insertStation(client, station);
    await tellRegistry(client, 'station', id, site.region.id);
    await record(client, by, 'station.created', `station:${station.code}`, station);
    return (await sql.selectStation(client, by.scope, id)) as Station;
  });
}

/**
 * A station with a device can't be decommissioned: remove the device first, so that its history says when and why.
 * @throws ApiError `not_found`, `version_conflict`, `station_occupied`, and those of {@link requireTerm}
 */
export async function changeStation(
  pool: Pool,
  by: Doer,
  id: number,
  patch: StationPatch,
  expected: number | null,
): Promise<Station> {
  return inTransaction(pool, async (client) => {
    const before = await sql.selectStation(client, by.scope, id);
    if (before === null) throw apiError('not_found');
    await requireTerm(client, by, before, patch);
    if ((await sql.updateStation(client, id, patch, expected)) === null) throw missedUpdate(true);
    const station = (await sql.selectStation(client, by.scope, id)) as Station;
    if (station.decommissioned_at !== null && station.device !== null) {
      throw apiError('station_occupied', `Remove device ${station.device.device_id} first`);
    }
    await tellRegistry(client, 'station', id, station.region.id);
    await record(client, by, 'station.changed', `station:${station.code}`, patch);
    return station;
  });
}
