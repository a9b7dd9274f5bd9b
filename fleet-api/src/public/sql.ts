import { inScope } from '../auth/scope.ts';
import type { PoolClient, Queryable } from '../db/index.ts';
import type { LabelQuery } from './schemas.ts';

export interface StationRow {
  readonly station_id: number;
  readonly name: string;
  readonly code: string;
  readonly site: string;
  readonly county: string | null;
}

const COUNTY = `(select c.name from region r join region c on c.id = any (r.path) and c.kind = 'county' where r.id = si.region_id limit 1)`;

/** The station that a label's token leads to, or null; one that was taken out of service has no page. */
export async function selectByToken(db: Queryable, token: string): Promise<StationRow | null> {
  const { rows } = await db.query<StationRow>(
    `select st.id as station_id, st.name, st.code, si.name as site, ${COUNTY} as county
     from station_page p join station st on st.id = p.station_id join site si on si.id = st.site_id
     where p.token = $1 and st.decommissioned_at is null`,
    [token],
  );
  return rows[0] ?? null;
}

export interface KnownRow {
  readonly id: number;
  readonly cause: string;
  readonly opened_at: Date;
  readonly status: string;
  readonly order_state: string | null;
}

/** What is known to be wrong with a station, or was until a day ago; newest first. */
export async function selectKnown(db: Queryable, stationId: number, nowMs: number): Promise<KnownRow[]> {
  const { rows } = await db.query<KnownRow>(
    `select f.id, f.cause, f.opened_at, f.status, w.state as order_state
     from fault f left join work_order w on w.id = f.work_order_id
     where f.station_id = $1 and f.merged_into is null and (f.status = 'open'
       or f.status in ('repaired', 'confirmed') and f.ended_at > $2::timestamptz - interval '1 day' and f.work_order_id is not null)
     order by (f.status = 'open') desc, f.opened_at desc limit 10`,
    [stationId, new Date(nowMs)],
  );
  return rows;
}

/** Reports that a station's page sent within an hour. */
export async function countRecent(db: Queryable, stationId: number, nowMs: number): Promise<number> {
  const { rows } = await db.query<{ n: number }>(
    `select count(*)::int as n from fault_report r join fault f on f.id = r.fault_id
     where r.source = 'site' and r.recorded_at > $2::timestamptz - interval '1 hour' and f.station_id = $1`,
    [stationId, new Date(nowMs)],
  );
  return rows[0]?.n ?? 0;
}

/** Lets the newest report of a fault take photos. */
export async function setPhotoKey(client: PoolClient, faultId: number, keyHash: Buffer): Promise<void> {
  await client.query(
    'update fault_report set photo_key = $2 where id = (select max(id) from fault_report where fault_id = $1)',
    [faultId, keyHash],
  );
}

/** The fault whose report a photo key belongs to, if it is fresh and this station's; and how many files it has. */
export async function selectByPhotoKey(
  db: Queryable,
  stationId: number,
  keyHash: Buffer,
  nowMs: number,
): Promise<{ fault_id: number; files: number } | null> {
  const { rows } = await db.query<{ fault_id: number; files: number }>(
    `select r.fault_id, (select count(*)::int from attached_file a where a.subject = 'fault:' || r.fault_id
         and a.uploaded_by is null and a.uploaded_at >= r.recorded_at) as files
     from fault_report r join fault f on f.id = r.fault_id
     where r.photo_key = $2 and f.station_id = $1 and r.recorded_at > $3::timestamptz - interval '30 minutes'`,
    [stationId, keyHash, new Date(nowMs)],
  );
  return rows[0] ?? null;
}

/** Stations to print labels for, within a scope, by county, site and code. */
export async function selectLabelled(
  db: Queryable,
  scope: readonly number[] | null,
  { station, site, region }: LabelQuery,
  limit: number,
): Promise<(StationRow & { readonly token: string | null })[]> {
  const { rows } = await db.query<StationRow & { token: string | null }>(
    `select st.id as station_id, st.name, st.code, si.name as site, ${COUNTY} as county, p.token
     from station st join site si on si.id = st.site_id join region r on r.id = si.region_id
     left join station_page p on p.station_id = st.id
     where st.decommissioned_at is null and ${inScope('r.path', '$1')} and ($2::int is null or st.id = $2)
       and ($3::int is null or si.id = $3) and ($4::int is null or r.path @> array[$4::int])
     order by r.path, si.code, st.code limit $5`,
    [scope, station ?? null, site ?? null, region ?? null, limit],
  );
  return rows;
}

/** Gives stations their pages; those that have one keep it. */
export async function insertPages(
  client: PoolClient,
  pages: readonly { readonly stationId: number; readonly token: string }[],
  by: { readonly userId: number | null; readonly nowMs: number },
): Promise<void> {
  await client.query(
    `insert into station_page (station_id, token, made_at, made_by) select station_id, token, $3, $4
     from unnest($1::int[], $2::text[]) as p(station_id, token) on conflict (station_id) do nothing`,
    [pages.map(({ stationId }) => stationId), pages.map(({ token }) => token), new Date(by.nowMs), by.userId],
  );
}

/** Gives a station another token: labels printed before lead nowhere. */
export async function replacePage(
  client: PoolClient,
  stationId: number,
  token: string,
  by: { readonly userId: number; readonly nowMs: number },
): Promise<void> {
  await client.query(
    `insert into station_page (station_id, token, made_at, made_by) values ($1, $2, $3, $4)
     on conflict (station_id) do update set token = excluded.token, made_at = excluded.made_at, made_by = excluded.made_by`,
    [stationId, token, new Date(by.nowMs), by.userId],
  );
}
