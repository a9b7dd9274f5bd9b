import type { Queryable } from '../../db/index.ts';
import type { PageOf } from '../../http/paging.ts';
import { Filter, infix, regionCondition, scopeCondition } from '../shared/filter.ts';
import { afterCursor, type Order, orderBy, pageByKeyset, type SortedRow, sortColumns } from '../shared/keyset.ts';
import { setList } from '../shared/patch.ts';
import { regionNamesSql } from '../shared/region-names.ts';
import { stateCountsSql } from '../shared/state.ts';
import type { NewSite, Site, SitePatch, SiteQuery } from './schemas.ts';

const COLUMNS = `si.id, si.code, si.name, si.kind, ${regionNamesSql('si.region_id')} as region, si.address, si.contact_name,
  si.contact_phone, si.lat, si.lon, si.created_at, si.version,
  (select count(*)::int from station st where st.site_id = si.id and st.decommissioned_at is null) as stations,
  ${stateCountsSql('l.site_id = si.id')} as states`;

const WRITABLE = [
  'code',
  'name',
  'region_id',
  'kind',
  'address',
  'contact_name',
  'contact_phone',
  'lat',
  'lon',
] as const;

type SiteRow = Site & SortedRow;

/** A page of sites in scope. */
export async function selectSites(
  db: Queryable,
  scope: readonly number[] | null,
  query: SiteQuery & { readonly limit: number },
  order: Order,
): Promise<PageOf<Site>> {
  const filter = new Filter();
  scopeCondition(filter, 'si.region_id', scope);
  regionCondition(filter, 'si.region_id', query.region);
  filter.optional(query.kind, (p) => `si.kind = ${p}`);
  filter.optional(
    query.q === undefined ? undefined : infix(query.q),
    (p) => `(si.name ilike ${p} or si.code ilike ${p} or si.address ilike ${p})`,
  );
  afterCursor(filter, order, query.cursor);
  const rows = db.query<SiteRow>(
    `select ${COLUMNS}, ${sortColumns(order)} from site si ${filter.sql} ${orderBy(order)} limit ${query.limit + 1}`,
    filter.values,
  );
  return pageByKeyset(rows, query.limit, order, ({ sort_value: _value, sort_id: _id, ...site }) => site);
}

/** One site in scope, or null. */
export async function selectSite(db: Queryable, scope: readonly number[] | null, id: number): Promise<Site | null> {
  const filter = new Filter();
  scopeCondition(filter, 'si.region_id', scope);
  filter.where(`si.id = ${filter.bind(id)}`);
  const { rows } = await db.query<Site>(`select ${COLUMNS} from site si ${filter.sql}`, filter.values);
  return rows[0] ?? null;
}

/** Id of the new row. */
export async function insertSite(db: Queryable, site: NewSite): Promise<number> {
  const { rows } = await db.query<{ id: number }>(
    `insert into site (code, name, region_id, kind, address, contact_name, contact_phone, lat, lon)
     values ($1, $2, $3, $4, $5, $6, $7, $8, $9) returning id`,
    [
      site.code,
      site.name,
      site.region_id,
      site.kind ?? 'village_clinic',
      site.address ?? null,
      site.contact_name ?? null,
      site.contact_phone ?? null,
      site.lat ?? null,
      site.lon ?? null,
    ],
  );
  return (rows[0] as { id: number }).id;
}

/** New version, or null if the version was another one. Devices installed there follow to its region. */
export async function updateSite(
  db: Queryable,
  id: number,
  patch: SitePatch,
  expected: number | null,
): Promise<number | null> {
  const set = setList(WRITABLE, patch, 2);
  const { rows } = await db.query<{ version: number }>(
    `update site set version = version + 1${set === null ? '' : `, ${set.sql}`}
     where id = $1 and version = coalesce($2, version) returning version`,
    [id, expected, ...(set?.values ?? [])],
  );
  return rows[0]?.version ?? null;
}

/** Keys of the devices that were moved along with their site. */
export async function moveDevicesOfSite(db: Queryable, siteId: number): Promise<number[]> {
  const { rows } = await db.query<{ device_key: number }>(
    `update device d set region_id = si.region_id, version = d.version + 1
     from installation i join station st on st.id = i.station_id join site si on si.id = st.site_id
     where i.device_key = d.device_key and i.to_at is null and si.id = $1
       and d.region_id is distinct from si.region_id
     returning d.device_key`,
    [siteId],
  );
  return rows.map((row) => row.device_key);
}
