import { inTransaction, type Pool, sqlState } from '../../db/index.ts';
import { apiError } from '../../http/errors.ts';
import { type Doer, record } from '../shared/doer.ts';
import { tellRegistry } from '../shared/events.ts';
import type { NewRegion, Region, RegionKind, RegionPatch } from './schemas.ts';
import * as sql from './sql.ts';

/** Kind of the parent that each kind must have; null: it is a root. */
const PARENT_KIND: Readonly<Record<RegionKind, RegionKind | null>> = {
  province: null,
  county: 'province',
  township: 'county',
};

/** The tree as far as the scope reaches, parents first. */
export async function listRegions(pool: Pool, scope: readonly number[] | null): Promise<Region[]> {
  return sql.selectRegions(pool, scope);
}

/** Adds a region below a parent of the right kind. @throws ApiError `unknown_reference`, `already_exists` */
export async function createRegion(pool: Pool, by: Doer, region: NewRegion): Promise<number> {
  return inTransaction(pool, async (client) => {
    const expected = PARENT_KIND[region.kind];
    const parentId = region.parent_id ?? null;
    const parent = parentId === null ? null : await sql.selectRegion(client, parentId);
    if ((parent?.kind ?? null) !== expected) {
      const rule = expected === null ? 'stands at the top' : `needs a ${expected} as parent`;
      throw apiError('unknown_reference', `A ${region.kind} ${rule}`);
    }
    const id = await sql.insertRegion(client, region);
    await tellRegistry(client, 'region', id, id);
    await record(client, by, 'region.created', `region:${id}`, region);
    return id;
  });
}

/** Renames or re-orders. Regions don't move: what was settled for a county stays with it. @throws ApiError `not_found` */
export async function changeRegion(pool: Pool, by: Doer, id: number, patch: RegionPatch): Promise<void> {
  await inTransaction(pool, async (client) => {
    if (!(await sql.updateRegion(client, id, patch))) throw apiError('not_found');
    await tellRegistry(client, 'region', id, id);
    await record(client, by, 'region.changed', `region:${id}`, patch);
  });
}

/** Deletes a region that nothing refers to. @throws ApiError `not_found`, `still_referenced` */
export async function removeRegion(pool: Pool, by: Doer, id: number): Promise<void> {
  await inTransaction(pool, async (client) => {
    await tellRegistry(client, 'region', id, id);
    try {
      if (!(await sql.deleteRegion(client, id))) throw apiError('not_found');
    } catch (cause) {
      if (sqlState(cause) === '23503') throw apiError('still_referenced', { cause });
      throw cause;
    }
    await record(client, by, 'region.deleted', `region:${id}`);
  });
}
