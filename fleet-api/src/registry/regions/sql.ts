import type { Queryable } from '../../db/index.ts';
import { setList } from '../shared/patch.ts';
import type { NewRegion, Region, RegionPatch } from './schemas.ts';

/**
 * Regions that the scope reaches into, with the sums of their subtrees. Ancestors of a scoped region are named, so that a tree
 * can be drawn, but counts cover what the caller may see only.
 */
export async function selectRegions(db: Queryable, scope: readonly number[] | null): Promise<Region[]> {
  const { rows } = await db.query<Region>(
    `with own as (
       select v.id, v.path, coalesce(s.n, 0) as sites, coalesce(t.n, 0) as stations, coalesce(d.n, 0) as devices,
         coalesce(d.spares, 0) as spares
       from (select id, path from region where $1::int[] is null or path && $1::int[]) v
       left join (select region_id, count(*) as n from site group by region_id) s on s.region_id = v.id
       left join (select si.region_id, count(*) as n from station st join site si on si.id = st.site_id
                  where st.decommissioned_at is null group by si.region_id) t on t.region_id = v.id
       left join (select region_id, count(*) filter (where lifecycle <> 'retired') as n,
                    count(*) filter (where lifecycle = 'in_stock') as spares
                  from device_list group by region_id) d on d.region_id = v.id),
     sums as (
       select a as id, sum(sites)::int as sites, sum(stations)::int as stations, sum(devices)::int as devices,
         sum(spares)::int as spares
       from own cross join unnest(own.path) a group by a)
     select r.id, r.parent_id, r.kind, r.code, r.name, r.sort, r.path, sums.sites, sums.stations, sums.devices, sums.spares
     from region r join sums on sums.id = r.id
     order by cardinality(r.path), r.sort, r.code`,
    [scope],
  );
  return rows;
}

/** One region's row, locked against being moved or deleted meanwhile; null if there is none. */
export async function selectRegion(db: Queryable, id: number): Promise<{ id: number; kind: string } | null> {
  const { rows } = await db.query<{ id: number; kind: string }>('select id, kind from region where id = $1 for share', [
    id,
  ]);
  return rows[0] ?? null;
}

/** Id of the new row. A taken code is SQLSTATE 23505. */
export async function insertRegion(db: Queryable, region: NewRegion): Promise<number> {
  const { rows } = await db.query<{ id: number }>(
    'insert into region (parent_id, kind, code, name, sort) values ($1, $2, $3, $4, $5) returning id',
    [region.parent_id ?? null, region.kind, region.code, region.name, region.sort ?? 0],
  );
  return (rows[0] as { id: number }).id;
}

/** True if the row exists. */
export async function updateRegion(db: Queryable, id: number, patch: RegionPatch): Promise<boolean> {
  const set = setList(['code', 'name', 'sort'], patch, 1);
  const { rowCount } = await db.query(`update region set ${set?.sql ?? 'id = id'} where id = $1`, [
    id,
    ...(set?.values ?? []),
  ]);
  return rowCount === 1;
}

/** True if the row existed. A region in use is SQLSTATE 23503. */
export async function deleteRegion(db: Queryable, id: number): Promise<boolean> {
  const { rowCount } = await db.query('delete from region where id = $1', [id]);
  return rowCount === 1;
}

/** True if the region is inside of the scope. */
export async function regionInScope(db: Queryable, id: number, scope: readonly number[] | null): Promise<boolean> {
  const { rowCount } = await db.query(
    'select 1 from region where id = $1 and ($2::int[] is null or path && $2::int[])',
    [id, scope],
  );
  return rowCount === 1;
}
