import { inTransaction, type Pool, type Queryable } from '../../db/index.ts';
import { apiError } from '../../http/errors.ts';
import { DEFAULT_LIMIT, type PageOf } from '../../http/paging.ts';
import { missedUpdate } from '../../http/preconditions.ts';
import { regionInScope } from '../regions/sql.ts';
import { type Doer, record } from '../shared/doer.ts';
import { tellDevices, tellRegistry } from '../shared/events.ts';
import { orderOf } from '../shared/keyset.ts';
import { type NewSite, SITE_SORTS, type Site, type SitePatch, type SiteQuery } from './schemas.ts';
import * as sql from './sql.ts';

type Scope = readonly number[] | null;

export async function listSites(pool: Pool, scope: Scope, query: SiteQuery): Promise<PageOf<Site>> {
  const order = orderOf(SITE_SORTS, query.sort ?? 'name', 'si.id');
  return sql.selectSites(pool, scope, { ...query, limit: query.limit ?? DEFAULT_LIMIT }, order);
}

/** @throws ApiError `not_found` */
export async function getSite(pool: Queryable, scope: Scope, id: number): Promise<Site> {
  const site = await sql.selectSite(pool, scope, id);
  if (site === null) throw apiError('not_found');
  return site;
}

/** @throws ApiError `unknown_reference` (region outside of the scope), `already_exists` */
export async function createSite(pool: Pool, by: Doer, site: NewSite): Promise<Site> {
  return inTransaction(pool, async (client) => {
    if (!(await regionInScope(client, site.region_id, by.scope))) throw apiError('unknown_reference', 'No such region');
    const id = await sql.insertSite(client, site);
    await tellRegistry(client, 'site', id, site.region_id);
    await record(client, by, 'site.created', `site:${site.code}`, site);
    return (await sql.selectSite(client, by.scope, id)) as Site;
  });
}

/** @throws ApiError `not_found`, `version_conflict`, `unknown_reference` */
export async function changeSite(
  pool: Pool,
  by: Doer,
  id: number,
  patch: SitePatch,
  expected: number | null,
): Promise<Site> {
  return inTransaction(pool, async (client) => {
    const before = await sql.selectSite(client, by.scope, id);
    if (before === null) throw apiError('not_found');
    if (patch.region_id !== undefined && !(await regionInScope(client, patch.region_id, by.scope))) {
      throw apiError('unknown_reference', 'No such region');
    }
    if ((await sql.updateSite(client, id, patch, expected)) === null) throw missedUpdate(true);
    if (patch.region_id !== undefined) await tellDevices(client, await sql.moveDevicesOfSite(client, id));
    await tellRegistry(client, 'site', id, patch.region_id ?? before.region.id);
    await record(client, by, 'site.changed', `site:${before.code}`, patch);
    return (await sql.selectSite(client, by.scope, id)) as Site;
  });
}
