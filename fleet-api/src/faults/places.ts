import { inScope } from '../auth/scope.ts';
import type { Queryable } from '../db/index.ts';
import { apiError } from '../http/errors.ts';

/** Where something happened, and when. Station or site is given. */
export interface Spot {
  readonly stationId: number | null;
  readonly siteId: number | null;
  readonly atMs: number;
}

/** What a fault has to know of its place. */
export interface Place {
  readonly stationId: number | null;
  readonly siteId: number;
  readonly regionPath: readonly number[];
  readonly countyId: number | null;
  /** Device that stood at the station then. */
  readonly deviceKey: number | null;
  /** The contract that holds for it: one with parties before the baseline, the oldest first. */
  readonly contractId: number;
}

/** Looks up places, in the order of `spots`; null where there is no such station or site. */
export async function placesOf(db: Queryable, spots: readonly Spot[]): Promise<(Place | null)[]> {
  const { rows } = await db.query<{
    n: number;
    station_id: number | null;
    site_id: number;
    path: number[];
    county_id: number | null;
    device_key: number | null;
    contract_id: number;
  }>(
    `select q.n::int as n, st.id as station_id, si.id as site_id, r.path,
       (select c.id from region c where c.id = any (r.path) and c.kind = 'county' limit 1) as county_id,
       (select i.device_key from installation i where i.station_id = st.id and i.from_at <= q.at
          and (i.to_at is null or i.to_at > q.at) limit 1) as device_key,
       coalesce((select c.id from contract c join contract_region cr on cr.contract_id = c.id
           where not c.is_baseline and cr.region_id = any (r.path)
             and q.at >= c.term_from::timestamp at time zone c.time_zone
             and (c.term_to is null or q.at < c.term_to::timestamp at time zone c.time_zone)
           order by c.id limit 1),
         (select c.id from contract c where c.is_baseline order by c.id limit 1)) as contract_id
     from unnest($1::int[], $2::int[], $3::timestamptz[]) with ordinality as q(station_id, site_id, at, n)
     left join station st on st.id = q.station_id
     join site si on si.id = coalesce(st.site_id, q.site_id)
     join region r on r.id = si.region_id`,
    [spots.map((s) => s.stationId), spots.map((s) => s.siteId), spots.map((s) => new Date(s.atMs))],
  );
  const found = new Map(rows.map((row) => [row.n, row]));
  return spots.map((_, i) => {
    const row = found.get(i + 1);
    if (row === undefined) return null;
    return {
      stationId: row.station_id,
      siteId: row.site_id,
      regionPath: row.path,
      countyId: row.county_id,
      deviceKey: row.device_key,
      contractId: row.contract_id,
    };
  });
}

/** Requires a station or site to lie within a scope. @throws ApiError `unknown_reference` */
export async function requireInScope(
  db: Queryable,
  scope: readonly number[] | null,
  stationId: number | null,
  siteId: number | null,
): Promise<void> {
  const { rowCount } = await db.query(
    `select 1 from site si join region r on r.id = si.region_id
     where si.id = coalesce((select site_id from station where id = $2), $3) and ($2::int is null or exists (select from station where id = $2))
       and ${inScope('r.path', '$1')}`,
    [scope, stationId, siteId],
  );
  if (rowCount === 0) throw apiError('unknown_reference', 'No such station or site');
}
