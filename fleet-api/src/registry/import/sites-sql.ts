import type { PoolClient } from '../../db/index.ts';
import { type Applied, apply, type Check, duplicates, type ImportContext, IN_SCOPE } from './stage-sql.ts';

export const checks: readonly Check[] = [
  duplicates('code'),
  `select i.line, 'region_code' as key, 'unknown_reference' as code, i.v->>'region_code' as value
   from import_row i left join region r on r.code = i.v->>'region_code' and r.id in (${IN_SCOPE}) where r.id is null`,
  `select i.line, 'code' as key, 'out_of_scope' as code, i.v->>'code' as value
   from import_row i join site s on s.code = i.v->>'code' where s.region_id not in (${IN_SCOPE})`,
];

const statement = `wanted as (
    select s.id, i.line, i.v->>'code' as code, i.v->>'name' as name, r.id as region_id,
      coalesce(i.v->>'kind', s.kind, 'village_clinic') as kind, coalesce(i.v->>'address', s.address) as address,
      coalesce(i.v->>'contact_name', s.contact_name) as contact_name,
      coalesce(i.v->>'contact_phone', s.contact_phone) as contact_phone,
      coalesce((i.v->>'lat')::float8, s.lat) as lat, coalesce((i.v->>'lon')::float8, s.lon) as lon
    from import_row i join region r on r.code = i.v->>'region_code' left join site s on s.code = i.v->>'code'),
  changed as (
    update site s set name = w.name, region_id = w.region_id, kind = w.kind, address = w.address,
      contact_name = w.contact_name, contact_phone = w.contact_phone, lat = w.lat, lon = w.lon, version = s.version + 1
    from wanted w where w.id = s.id
      and (s.name, s.region_id, s.kind, s.address, s.contact_name, s.contact_phone, s.lat, s.lon) is distinct from
        (w.name, w.region_id, w.kind, w.address, w.contact_name, w.contact_phone, w.lat, w.lon) returning 1),
  made as (
    insert into site (code, name, region_id, kind, address, contact_name, contact_phone, lat, lon)
    select code, name, region_id, kind, address, contact_name, contact_phone, lat, lon from wanted
    where id is null order by line returning 1)
  select (select count(*)::int from made) as created, (select count(*)::int from changed) as updated from context`;

/** Installed devices follow a site to its new region. */
const follow = `moved as (
    update device d set region_id = si.region_id, version = d.version + 1
    from installation i join station st on st.id = i.station_id join site si on si.id = st.site_id
    join import_row f on f.v->>'code' = si.code
    where i.device_key = d.device_key and i.to_at is null and d.region_id is distinct from si.region_id returning 1)
  select 0 as created, (select count(*)::int from moved) as updated from context`;

export async function upsert(client: PoolClient, context: ImportContext): Promise<Applied> {
  const applied = await apply(client, statement, context);
  await apply(client, follow, context);
  return applied;
}
