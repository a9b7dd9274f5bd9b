import { inScope } from '../../auth/scope.ts';
import type { Queryable } from '../../db/index.ts';
import type { Member, Parties, Side } from '../../exclusions/parties.ts';
import { cursorFrom, type PageOf, pageOf } from '../../http/paging.ts';
import { Filter } from '../../registry/shared/filter.ts';
import { CONTRACT_JSON, contractsOf, orgJson, PARTIES_JSON, personJson } from '../contract.ts';
import type { Complaint, ComplaintQuery, NewComplaint } from './schemas.ts';
import { ANSWER_MS, type Standing, type Word } from './words.ts';

type Said = NonNullable<Complaint['agency']>;
export interface ComplaintRow
  extends Omit<
    Complaint,
    'recorded' | 'agency' | 'contractor' | 'answer_by' | 'resolution' | 'resolved' | 'actions' | 'words'
  > {
  readonly parties: Parties;
  readonly received_at: Date;
  readonly recorded_at: Date;
  readonly recorded_user: Said['user'];
  readonly recorded_org: Complaint['recorded']['org'];
  readonly agency_word: Word | null;
  readonly agency_note: string | null;
  readonly agency_at: Date | null;
  readonly agency_user: Said['user'];
  readonly contractor_word: Word | null;
  readonly contractor_note: string | null;
  readonly contractor_at: Date | null;
  readonly contractor_user: Said['user'];
  readonly resolution_text: string | null;
  readonly resolution_at: Date | null;
  readonly resolution_user: Said['user'];
  readonly resolved_at: Date | null;
  readonly resolved_user: Said['user'];
}

const place = (alias: string): string =>
  `case when ${alias}.id is not null then json_build_object('id', ${alias}.id, 'name', ${alias}.name) end`;
const COLUMNS = `p.id, ${CONTRACT_JSON} as contract, ${PARTIES_JSON} as parties, p.received_at, p.through, p.complainant, p.phone,
  ${place('si')} as site, ${place('st')} as station, p.work_order_id, p.body, p.state, p.class, p.decided_at, p.silent_side, p.version,
  p.recorded_at, ${personJson('p.recorded_by')} as recorded_user, ${orgJson('p.recorded_org_id')} as recorded_org,
  p.agency_word, p.agency_note, p.agency_at, ${personJson('p.agency_by')} as agency_user,
  p.contractor_word, p.contractor_note, p.contractor_at, ${personJson('p.contractor_by')} as contractor_user,
  p.resolution as resolution_text, p.resolution_at, ${personJson('p.resolution_by')} as resolution_user, p.resolution_refusal,
  p.resolved_at, ${personJson('p.resolved_by')} as resolved_user`;
const FROM = `from complaint p join contract c on c.id = p.contract_id left join site si on si.id = p.site_id
  left join station st on st.id = p.station_id`;
const SORT = 'received-';

/** What a person sees: of contracts in reach, about places in scope or about the contract as a whole. */
function seenBy(by: Member): Filter {
  const filter = new Filter();
  contractsOf(filter, by);
  filter.where(`(p.region_path = '{}' or ${inScope('p.region_path', filter.bind(by.scope))})`);
  return filter;
}

export async function selectComplaints(
  db: Queryable,
  by: Member,
  query: ComplaintQuery & { readonly limit: number },
): Promise<PageOf<ComplaintRow>> {
  const filter = seenBy(by);
  filter.optional(query.contract, (p) => `p.contract_id = ${p}`);
  filter.optional(query.state, (p) => `p.state = ${p}`);
  filter.optional(query.class, (p) => `p.class = ${p}`);
  filter.optional(query.site, (p) => `p.site_id = ${p}`);
  filter.optional(query.resolved, (p) => `(p.resolved_at is not null) = ${p}`);
  filter.optional(query.from, (p) => `p.received_at >= ${p}::timestamptz`);
  filter.optional(query.to, (p) => `p.received_at < ${p}::timestamptz`);
  if (query.awaiting === true) awaiting(filter, by);
  const after = cursorFrom(query.cursor, SORT, 2);
  if (after !== null)
    filter.where(`(p.received_at, p.id) < (${filter.bind(after[0])}::timestamptz, ${filter.bind(after[1])}::int)`);
  const { rows } = await db.query<ComplaintRow>(
    `select ${COLUMNS} ${FROM} ${filter.sql} order by p.received_at desc, p.id desc limit ${query.limit + 1}`,
    filter.values,
  );
  return pageOf(rows, query.limit, SORT, (row) => [row.received_at.toISOString(), row.id]);
}

/** The caller's side has not spoken, disputes, or is asked whether it is resolved. */
function awaiting(filter: Filter, { org }: Member): void {
  const id = filter.bind(org.id);
  const kind = filter.bind(org.kind);
  const isSide = (side: Side): string =>
    `(c.${side}_org_id = ${id}::int or c.is_baseline and ${kind}::text = '${side}')`;
  filter.where(`(${isSide('agency')} and (p.agency_word is null or p.state = 'disputed'
      or p.resolution_at is not null and p.resolved_at is null)
    or ${isSide('contractor')} and (p.contractor_word is null or p.state = 'disputed'))`);
}

export async function selectComplaint(
  db: Queryable,
  by: Member,
  id: number,
  { lock }: { readonly lock: boolean },
): Promise<ComplaintRow | null> {
  const filter = seenBy(by);
  filter.where(`p.id = ${filter.bind(id)}`);
  const { rows } = await db.query<ComplaintRow>(
    `select ${COLUMNS} ${FROM} ${filter.sql} ${lock ? 'for no key update of p' : ''}`,
    filter.values,
  );
  return rows[0] ?? null;
}

export interface ComplaintPlace {
  readonly site_id: number | null;
  readonly station_id: number | null;
  readonly region_path: readonly number[];
}

/** Where a complaint belongs, as far as the person sees it and all of it fits together; null if not. */
export async function selectPlace(db: Queryable, by: Member, wish: NewComplaint): Promise<ComplaintPlace | null> {
  const { rows } = await db.query<ComplaintPlace>(
    `select si.id as site_id, st.id as station_id, coalesce(r.path, '{}') as region_path
     from (select $1::int as site_id, $2::int as station_id, $3::int as order_id) w
     left join work_order o on o.id = w.order_id
     left join station st on st.id = coalesce(w.station_id, case when w.site_id is null then o.station_id end)
     left join site si on si.id = coalesce(w.site_id, st.site_id, o.site_id)
     left join region r on r.id = si.region_id
     where (w.order_id is null or o.id is not null and o.contract_id = $5 and ${inScope('o.region_path', '$4')})
       and (w.station_id is null or st.id is not null) and (w.site_id is null or si.id is not null)
       and (st.id is null or st.site_id = si.id) and (si.id is null or ${inScope('r.path', '$4')})`,
    [wish.site_id ?? null, wish.station_id ?? null, wish.work_order_id ?? null, by.scope, wish.contract_id],
  );
  return rows[0] ?? null;
}

export async function insertComplaint(
  db: Queryable,
  by: Member,
  wish: NewComplaint,
  at: ComplaintPlace,
): Promise<number> {
  const { rows } = await db.query<{ id: number }>(
    `insert into complaint (contract_id, received_at, through, complainant, phone, region_path, site_id, station_id, work_order_id,
       body, recorded_by, recorded_org_id, recorded_at)
     values ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, $13) returning id`,
    [
      wish.contract_id,
      new Date(Date.parse(wish.received_at)),
      wish.through,
      wish.complainant ?? '',
      wish.phone ?? null,
      at.region_path,
      at.site_id,
      at.station_id,
      wish.work_order_id ?? null,
      wish.body,
      by.userId,
      by.org.id,
      new Date(by.nowMs),
    ],
  );
  return (rows[0] as { id: number }).id;
}

/** Stores a side's word and what both come to. */
export async function setWord(
  db: Queryable,
  by: Member,
  id: number,
  said: { readonly side: Side; readonly word: Word; readonly note: string | null; readonly standing: Standing },
): Promise<void> {
  const at = new Date(by.nowMs);
  const { side, word, note, standing } = said;
  // `side` is one of two names of this module's own type.
  await db.query(
    `update complaint set ${side}_word = $2, ${side}_note = $3, ${side}_by = $4, ${side}_at = $5, state = $6, class = $7,
       decided_at = case when $6 in ('valid', 'invalid') then $5::timestamptz end, version = version + 1 where id = $1`,
    [id, word, note, by.userId, at, standing.state, standing.class],
  );
}

/** The contractor's claim that it is resolved, or with null that there is none (any more). */
export async function setResolution(
  db: Queryable,
  by: Member,
  id: number,
  { text, refusal }: { readonly text: string | null; readonly refusal: string | null },
): Promise<void> {
  const [user, at] = text === null ? [null, null] : [by.userId, new Date(by.nowMs)];
  await db.query(
    `update complaint set resolution = $2, resolution_by = $3, resolution_at = $4, resolution_refusal = $5, version = version + 1
     where id = $1`,
    [id, text, user, at, refusal],
  );
}

export async function setResolved(db: Queryable, by: Member, id: number): Promise<void> {
  await db.query(
    `update complaint set resolved_at = $2, resolved_by = $3, resolution_refusal = null, version = version + 1 where id = $1`,
    [id, new Date(by.nowMs), by.userId],
  );
}

/** Takes the silence of a side for its agreement, once its time is over; returns the ids. */
export async function settleSilent(db: Queryable, nowMs: number): Promise<readonly number[]> {
  const { rows } = await db.query<{ id: number }>(
    `update complaint set state = case coalesce(agency_word, contractor_word) when 'invalid' then 'invalid' else 'valid' end,
       class = nullif(coalesce(agency_word, contractor_word), 'invalid'),
       silent_side = case when agency_word is null then 'agency' else 'contractor' end, decided_at = $2, version = version + 1
     where state = 'open' and coalesce(agency_at, contractor_at) <= $1 returning id`,
    [new Date(nowMs - ANSWER_MS), new Date(nowMs)],
  );
  return rows.map(({ id }) => id);
}

/** Name of a complaint in the audit log. */
export function subjectOf(id: number): string {
  return `complaint:${id}`;
}
