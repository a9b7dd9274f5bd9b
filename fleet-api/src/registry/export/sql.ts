import type { Queryable } from '../../db/index.ts';
import type { ImportKind } from '../import/columns.ts';

/** A row of an export: its cells in the order of the import's columns, and where the next page begins. */
export interface ExportRow {
  readonly id: number;
  readonly cells: readonly (string | null)[];
}

const scoped = (regionId: string): string =>
  `($1::int[] is null or ${regionId} = any (array(select id from region where path && $1::int[])))`;
/** RFC 3339 in the session's zone, without fractions that nobody typed. */
const instant = (column: string): string => `to_char(${column} at time zone 'UTC', 'YYYY-MM-DD"T"HH24:MI:SS.MS"Z"')`;

/** One page of each table by id, $1 scope, $2 id after which, $3 rows. Same columns as the import, in the same order. */
const STATEMENTS: Readonly<Record<ImportKind, string>> = {
  regions: `select r.id, array[r.code, r.name, r.kind, p.code, r.sort::text] as cells
    from region r left join region p on p.id = r.parent_id where r.id > $2 and ${scoped('r.id')} order by r.id limit $3`,
  sites: `select s.id, array[s.code, s.name, r.code, s.kind, s.address, s.contact_name, s.contact_phone, s.lat::text, s.lon::text] as cells
    from site s join region r on r.id = s.region_id where s.id > $2 and ${scoped('s.region_id')} order by s.id limit $3`,
  stations: `select t.id, array[t.code, t.name, s.code, ${instant('t.commissioned_at')}] as cells
    from station t join site s on s.id = t.site_id where t.id > $2 and ${scoped('s.region_id')} order by t.id limit $3`,
  devices: `select d.device_key as id, array[d.serial, d.device_id, m.code, r.code, d.lifecycle, t.code, ${instant('i.from_at')}, d.note] as cells
    from device d left join device_model m on m.id = d.model_id left join region r on r.id = d.region_id
    left join installation i on i.device_key = d.device_key and i.to_at is null left join station t on t.id = i.station_id
    where d.device_key > $2 and ${scoped('d.region_id')} order by d.device_key limit $3`,
  sims: `select c.id, array[c.iccid, c.imsi, c.msisdn, c.operator, c.quota_bytes::text, c.state, d.serial] as cells
    from sim_card c left join device d on d.device_key = c.device_key
    where c.id > $2 and ${scoped('d.region_id')} order by c.id limit $3`,
};

export async function selectExport(
  db: Queryable,
  kind: ImportKind,
  page: { readonly scope: readonly number[] | null; readonly afterId: number; readonly limit: number },
): Promise<ExportRow[]> {
  const { rows } = await db.query<ExportRow>(STATEMENTS[kind], [page.scope, page.afterId, page.limit]);
  return rows;
}
