import { inScope } from '../auth/scope.ts';
import { contractVisible } from '../availability/contracts/viewer.ts';
import type { Queryable } from '../db/index.ts';
import { cursorFrom, type PageOf, pageOf } from '../http/paging.ts';
import { Filter } from '../registry/shared/filter.ts';
import { regionNamesSql } from '../registry/shared/region-names.ts';
import { type Member, type Parties, viewerOf } from './parties.ts';
import type { Exclusion, ExclusionFile, ExclusionQuery, HistoryEntry, Target } from './schemas.ts';

/** Joins that find site and region of a target, whichever of its three ids is set on `e`. */
const TARGET_JOINS = `left join station st on st.id = e.station_id
  left join site si on si.id = coalesce(st.site_id, e.site_id)
  join region r on r.id = coalesce(si.region_id, e.region_id)`;

const TARGET = `json_build_object(
    'kind', case when st.id is not null then 'station' when si.id is not null then 'site' else 'region' end,
    'id', coalesce(st.id, si.id, r.id), 'code', coalesce(st.code, si.code, r.code), 'name', coalesce(st.name, si.name, r.name),
    'site', case when st.id is not null then json_build_object('id', si.id, 'name', si.name) end,
    'region', ${regionNamesSql('r.id')})`;

const person = (id: string): string =>
  `(select json_build_object('id', u.id, 'name', u.name) from app_user u where u.id = ${id})`;
const org = (id: string): string =>
  `(select json_build_object('id', o.id, 'name', o.name, 'kind', o.kind) from org o where o.id = ${id})`;

const COLUMNS = `e.id, e.kind, e.dimension, e.from_at as "from", e.to_at as "to", e.reason, e.state, e.version,
  e.region_id, e.site_id, e.station_id, si.id as target_site_id, r.path, ${TARGET} as target,
  json_build_object('id', c.id, 'code', c.code, 'name', c.name, 'time_zone', c.time_zone) as contract,
  json_build_object('is_baseline', c.is_baseline, 'agency_org_id', c.agency_org_id,
    'contractor_org_id', c.contractor_org_id) as parties,
  e.proposed_at, ${person('e.proposed_by')} as proposed_user, ${org('e.proposed_org_id')} as proposed_org,
  e.decided_at, ${person('e.decided_by')} as decided_user, ${org('e.decided_org_id')} as decided_org, e.decision_note,
  e.withdraw_at, ${person('e.withdraw_by')} as withdraw_user, ${org('e.withdraw_org_id')} as withdraw_org, e.withdraw_note,
  (select count(*)::int from exclusion_file f where f.exclusion_id = e.id) as file_count`;

const FROM = `from exclusion e join contract c on c.id = e.contract_id ${TARGET_JOINS}`;

type Plain = Pick<
  Exclusion,
  'id' | 'kind' | 'dimension' | 'reason' | 'state' | 'version' | 'contract' | 'target' | 'file_count'
>;

export interface ExclusionRow extends Plain {
  readonly from: Date;
  readonly to: Date;
  readonly region_id: number | null;
  readonly site_id: number | null;
  readonly station_id: number | null;
  /** The site of the target; null for a region. */
  readonly target_site_id: number | null;
  /** Path of the target's region. */
  readonly path: readonly number[];
  readonly parties: Parties;
  readonly proposed_at: Date;
  readonly proposed_user: Exclusion['proposed']['user'];
  readonly proposed_org: Exclusion['proposed']['org'];
  readonly decided_at: Date | null;
  readonly decided_user: Exclusion['proposed']['user'];
  readonly decided_org: Exclusion['proposed']['org'] | null;
  readonly decision_note: string | null;
  readonly withdraw_at: Date | null;
  readonly withdraw_user: Exclusion['proposed']['user'];
  readonly withdraw_org: Exclusion['proposed']['org'] | null;
  readonly withdraw_note: string | null;
  /** The caller's regions hold all of the target. */
  readonly covered: boolean;
}

/** Filter on what a person sees, and the column that tells whether the regions hold all of the target. */
function seenBy(by: Member): { filter: Filter; covered: string } {
  const filter = new Filter();
  const viewer = viewerOf(by);
  const scope = filter.bind(viewer.scope);
  filter.where(contractVisible(scope, filter.bind(viewer.orgId), filter.bind(viewer.seesAll)));
  const covered = inScope('r.path', scope);
  // A person of a county also sees what concerns the whole province.
  filter.where(
    `(${covered} or exists (select 1 from region own where own.id = any (${scope}) and own.path @> array[r.id]))`,
  );
  return { filter, covered: `${covered} as covered` };
}

const SORT = 'id-';

/** Exclusions that a person sees, newest first. */
export async function selectExclusions(
  db: Queryable,
  by: Member,
  query: ExclusionQuery & { readonly limit: number },
): Promise<PageOf<ExclusionRow>> {
  const { filter, covered } = seenBy(by);
  filter.optional(query.state, (p) => `e.state = ${p}`);
  filter.optional(query.kind, (p) => `e.kind = ${p}`);
  filter.optional(query.contract, (p) => `e.contract_id = ${p}`);
  filter.optional(query.from, (p) => `e.to_at > ${p}::timestamptz`);
  filter.optional(query.to, (p) => `e.from_at < ${p}::timestamptz`);
  filter.optional(
    query.region,
    (p) => `(r.path @> array[${p}::int]
    or e.region_id = any (array(select unnest(up.path) from region up where up.id = ${p})))`,
  );
  filter.optional(
    query.station,
    (p) => `(e.station_id = ${p} or e.site_id = (select site_id from station where id = ${p})
    or e.region_id = any (array(select unnest(up.path) from station s join site on site.id = s.site_id
      join region up on up.id = site.region_id where s.id = ${p})))`,
  );
  if (query.mine === true) filter.where(`e.proposed_org_id = ${filter.bind(by.org.id)}`);
  if (query.awaiting === true) awaiting(filter, by);
  filter.optional(cursorFrom(query.cursor, SORT, 1)?.[0] ?? undefined, (p) => `e.id < ${p}::bigint`);
  const { rows } = await db.query<ExclusionRow>(
    `select ${COLUMNS}, ${covered} ${FROM} ${filter.sql} order by e.id desc limit ${query.limit + 1}`,
    filter.values,
  );
  return pageOf(rows, query.limit, SORT, (row) => [row.id]);
}

/** Proposed by the other side of a contract to which the organisation is a party. */
function awaiting(filter: Filter, { org }: Member): void {
  const id = filter.bind(org.id);
  const kind = filter.bind(org.kind);
  filter.where(`e.state = 'proposed' and e.proposed_org_id <> ${id} and (${id} in (c.agency_org_id, c.contractor_org_id)
    or c.is_baseline and ${kind}::text in ('agency', 'contractor')
      and (select kind from org where id = e.proposed_org_id) <> ${kind})`);
}

/** One exclusion that the person sees, or null. */
export async function selectExclusion(db: Queryable, by: Member, id: number): Promise<ExclusionRow | null> {
  const { filter, covered } = seenBy(by);
  filter.where(`e.id = ${filter.bind(id)}`);
  const { rows } = await db.query<ExclusionRow>(`select ${COLUMNS}, ${covered} ${FROM} ${filter.sql}`, filter.values);
  return rows[0] ?? null;
}

/** Where an exclusion applies: exactly one of the three is set. */
export interface TargetIds {
  readonly region_id: number | null;
  readonly site_id: number | null;
  readonly station_id: number | null;
}

export interface TargetRow extends TargetIds {
  readonly target: Target;
  readonly target_site_id: number | null;
  readonly path: readonly number[];
  readonly covered: boolean;
}

/** What ids point at, as far as the person sees it; null if there is nothing. */
export async function selectTarget(db: Queryable, by: Member, ids: TargetIds): Promise<TargetRow | null> {
  const { rows } = await db.query<TargetRow>(
    `select e.region_id, e.site_id, e.station_id, si.id as target_site_id, r.path, ${TARGET} as target,
       ${inScope('r.path', '$4')} as covered
     from (select $1::int as region_id, $2::int as site_id, $3::int as station_id) e ${TARGET_JOINS}
     where ${inScope('r.path', '$4')}
       or exists (select 1 from region own where own.id = any ($4::int[]) and own.path @> array[r.id])`,
    [ids.region_id, ids.site_id, ids.station_id, by.scope],
  );
  return rows[0] ?? null;
}

export interface OverlapQuery {
  /** Left out of the answer; null for one that does not exist yet. */
  readonly exclusionId: number | null;
  readonly contractId: number;
  readonly dimension: string;
  readonly from: Date;
  readonly to: Date;
  readonly at: TargetRow;
}

/** Proposed and approved exclusions that share time, dimension and stations with the given one; at most 50, oldest first. */
export async function selectOverlaps(db: Queryable, by: Member, query: OverlapQuery): Promise<ExclusionRow[]> {
  const { filter, covered } = seenBy(by);
  const { region_id, site_id, station_id, target_site_id, path } = query.at;
  filter.where(`e.contract_id = ${filter.bind(query.contractId)} and e.state in ('proposed', 'approved')`);
  filter.where(`e.from_at < ${filter.bind(query.to)} and e.to_at > ${filter.bind(query.from)}`);
  const dimension = filter.bind(query.dimension);
  filter.where(`(e.dimension = ${dimension} or 'both' in (e.dimension, ${dimension}))`);
  if (query.exclusionId !== null) filter.where(`e.id <> ${filter.bind(query.exclusionId)}`);
  const station = `${filter.bind(station_id)}::int`;
  filter.where(`(e.region_id = any (${filter.bind(path)}::int[]) or e.site_id = ${filter.bind(target_site_id)}::int
    or e.station_id = ${station} or r.path @> array[${filter.bind(region_id)}::int] or si.id = ${filter.bind(site_id)}::int)`);
  const { rows } = await db.query<ExclusionRow>(
    `select ${COLUMNS}, ${covered} ${FROM} ${filter.sql} order by e.from_at, e.id limit 50`,
    filter.values,
  );
  return rows;
}

/** Files of an exclusion, oldest first. */
export async function selectFiles(db: Queryable, exclusionId: number): Promise<ExclusionFile[]> {
  const { rows } = await db.query<ExclusionFile>(
    `select f.id, f.name, f.media_type, f.bytes, encode(f.sha256, 'hex') as sha256, ${person('f.uploaded_by')} as uploaded_by,
       f.uploaded_at from exclusion_file f where f.exclusion_id = $1 order by f.id`,
    [exclusionId],
  );
  return rows;
}

/** What happened to an exclusion, oldest first: the audit log's own words. */
export async function selectHistory(db: Queryable, exclusionId: number): Promise<HistoryEntry[]> {
  const { rows } = await db.query<HistoryEntry>(
    `select a.at, substr(a.action, length('exclusion.') + 1) as action, ${person('a.user_id')} as "user",
       ${org('a.org_id')} as org, coalesce(a.detail ->> 'note', a.detail ->> 'reason') as note, a.detail ->> 'file' as file
     from audit_log a where a.subject = $1 order by a.id`,
    [subjectOf(exclusionId)],
  );
  return rows;
}

/** Name of an exclusion in the audit log. */
export function subjectOf(exclusionId: number): string {
  return `exclusion:${exclusionId}`;
}
