import { inScope } from '../auth/scope.ts';
import type { Queryable } from '../db/index.ts';
import { CONTRACT_JSON, contractsOf, orgJson, PARTIES_JSON, personJson } from '../duties/contract.ts';
import type { Member, Parties } from '../exclusions/parties.ts';
import { cursorFrom, type PageOf, pageOf } from '../http/paging.ts';
import { Filter, infix } from '../registry/shared/filter.ts';
import { regionNamesSql } from '../registry/shared/region-names.ts';
import { idOfNumber } from '../repair/numbers.ts';
import { type LedgerFilters, type LedgerLine, type LedgerSummary, MAX_LINES } from './schemas.ts';

export interface LineRow
  extends Omit<LedgerLine, 'number' | 'parts_fen' | 'total_fen' | 'said' | 'answer' | 'actions'> {
  readonly opened_key: string;
  readonly parties: Parties;
  readonly said_at: Date | null;
  readonly said_user: NonNullable<LedgerLine['said']>['user'];
  readonly said_org: NonNullable<LedgerLine['said']>['org'] | null;
  readonly said_note: string | null;
  readonly answer_text: string | null;
  readonly answered_at: Date | null;
  readonly answered_user: NonNullable<LedgerLine['answer']>['user'];
}

const place = (alias: string): string =>
  `case when ${alias}.id is not null then json_build_object('id', ${alias}.id, 'name', ${alias}.name) end`;
/** Columns of a line of `l`, which has been cut to a page before: each looks its own order up. */
const COLUMNS = `o.id, ${CONTRACT_JSON} as contract, ${PARTIES_JSON} as parties,
  ${regionNamesSql('o.region_path[array_length(o.region_path, 1)]')} as region, ${place('si')} as site, ${place('st')} as station,
  o.faults_total as stations, o.cause, f.reason, o.title, o.severity, coalesce(f.description, '') as description, d.device_id as device,
  o.opened_at, o.ended_at, o.closed_at, o.is_late,
  (select string_agg(coalesce(e.detail ->> 'new', e.note, ''), ', ' order by e.id) from work_order_entry e
   where e.work_order_id = o.id and e.kind = 'swap') as spare,
  (select coalesce(json_agg(json_build_object('name', p.name, 'qty', p.qty, 'unit_fen', p.unit_fen) order by p.id), '[]')
   from work_order_part p where p.work_order_id = o.id) as parts,
  o.labour_fen, o.logistics_fen, o.warranty, o.cause_kind, o.cause_analysis, o.advice, a.name as engineer,
  (select json_build_object('name', k.name, 'via', k.via, 'at', k.at) from work_order_confirmation k
   where k.work_order_id = o.id and k.voided_at is null) as site_word,
  l.state, l.said_at, ${personJson('l.said_by')} as said_user, ${orgJson('l.said_org_id')} as said_org, l.note as said_note,
  l.answer as answer_text, l.answered_at, ${personJson('l.answered_by')} as answered_user,
  to_char(l.opened_at at time zone 'UTC', 'YYYY-MM-DD"T"HH24:MI:SS.US"Z"') as opened_key`;
const JOINS = `join work_order o on o.id = l.work_order_id join contract c on c.id = o.contract_id
  left join site si on si.id = o.site_id left join station st on st.id = o.station_id left join app_user a on a.id = o.assignee_id
  left join lateral (select x.reason, x.description, x.device_key from fault x
    where x.work_order_id = o.id and x.merged_into is null order by x.id limit 1) f on true
  left join device d on d.device_key = f.device_key`;
const SORT = 'opened-';

/** Ids of contracts that the person sees: few, looked up once a statement. */
function contractIds(filter: Filter, by: Member): string {
  const seen = filter.branch();
  contractsOf(seen, by);
  return `(select c.id from contract c where ${seen.conditions})`;
}

/** Conditions on `l` of what a person sees and asks for. */
function conditions(by: Member, query: LedgerFilters): Filter {
  const filter = new Filter();
  filter.where(`l.contract_id = any (array${contractIds(filter, by)})`);
  if (by.scope !== null) filter.where(inScope('l.region_path', filter.bind(by.scope)));
  filter.optional(query.contract, (p) => `l.contract_id = ${p}`);
  filter.optional(query.state, (p) => `l.state = ${p}`);
  filter.optional(query.region, (p) => `l.region_path @> array[${p}::int]`);
  filter.optional(query.from, (p) => `l.opened_at >= ${p}::timestamptz`);
  filter.optional(query.to, (p) => `l.opened_at < ${p}::timestamptz`);
  const order = (condition: string): string =>
    `exists (select 1 from work_order w where w.id = l.work_order_id and ${condition})`;
  filter.optional(query.site, (p) => order(`w.site_id = ${p}`));
  filter.optional(query.station, (p) => order(`w.station_id = ${p}`));
  filter.optional(query.cause, (p) => order(`w.cause = ${p}`));
  if (query.q !== undefined) search(filter, query.q, order);
  return filter;
}

function search(filter: Filter, q: string, order: (condition: string) => string): void {
  const id = idOfNumber(q, 'W');
  if (id !== null) filter.where(`l.work_order_id = ${filter.bind(id)}`);
  else {
    const like = filter.bind(infix(q.trim()));
    const bySite = `w.site_id = any (array(select id from site where name ilike ${like}))`;
    filter.where(order(`(${bySite} or (w.title <> '' and w.title ilike ${like}))`));
  }
}

/** Lines that the person sees, newest first. */
export async function selectLines(
  db: Queryable,
  by: Member,
  query: LedgerFilters & { readonly cursor?: string; readonly limit: number },
): Promise<PageOf<LineRow>> {
  const filter = conditions(by, query);
  const after = cursorFrom(query.cursor, SORT, 2);
  if (after !== null)
    filter.where(
      `(l.opened_at, l.work_order_id) < (${filter.bind(after[0])}::timestamptz, ${filter.bind(after[1])}::int)`,
    );
  const page = `select l.* from ledger_line l ${filter.sql} order by l.opened_at desc, l.work_order_id desc limit ${query.limit + 1}`;
  const { rows } = await db.query<LineRow>(
    `select ${COLUMNS} from (${page}) l ${JOINS} order by l.opened_at desc, l.work_order_id desc`,
    filter.values,
  );
  return pageOf(rows, query.limit, SORT, (row) => [row.opened_key, row.id]);
}

/** One line that the person sees, or null. */
export async function selectLine(
  db: Queryable,
  by: Member,
  id: number,
  { lock }: { readonly lock: boolean },
): Promise<LineRow | null> {
  const filter = conditions(by, {});
  filter.where(`l.work_order_id = ${filter.bind(id)}`);
  if (lock) await db.query('select 1 from ledger_line where work_order_id = $1 for no key update', [id]);
  const { rows } = await db.query<LineRow>(
    `select ${COLUMNS} from (select l.* from ledger_line l ${filter.sql}) l ${JOINS}`,
    filter.values,
  );
  return rows[0] ?? null;
}

/** The contract of `l` has the person's organisation as its agency. */
function ownAgency(filter: Filter, { org }: Member): string {
  const [id, kind] = [filter.bind(org.id), filter.bind(org.kind)];
  return `l.contract_id = any (array(select c.id from contract c where c.agency_org_id = ${id}::int and not c.is_baseline
    or c.is_baseline and ${kind}::text = 'agency'))`;
}

/** How many lines there are by state, and how many of them the person could confirm. */
export async function selectSummary(
  db: Queryable,
  by: Member,
  query: LedgerFilters,
  { mayConfirm }: { readonly mayConfirm: boolean },
): Promise<LedgerSummary> {
  const filter = conditions(by, query);
  const own = ownAgency(filter, by);
  const may = filter.bind(mayConfirm);
  const { rows } = await db.query<LedgerSummary>(
    `select count(*)::int as total, count(*) filter (where state = 'open')::int as open,
       count(*) filter (where state = 'unconfirmed')::int as unconfirmed, count(*) filter (where state = 'disputed')::int as disputed,
       count(*) filter (where state = 'confirmed')::int as confirmed,
       count(*) filter (where ${may}::boolean and state = 'unconfirmed' and ${own})::int as confirmable
     from ledger_line l ${filter.sql}`,
    filter.values,
  );
  return rows[0] ?? { total: 0, open: 0, unconfirmed: 0, disputed: 0, confirmed: 0, confirmable: 0 };
}

/**
 * Lines that the person may confirm, locked, in the order of their ids; one more than allowed tells that there are too many. By id also
 * lines that were disputed; by filter only those of which nobody has said anything.
 */
export async function lockConfirmable(
  db: Queryable,
  by: Member,
  which: { readonly ids?: readonly number[]; readonly filter?: LedgerFilters },
): Promise<readonly number[]> {
  const filter = conditions(by, which.filter ?? {});
  filter.where(ownAgency(filter, by));
  if (which.ids === undefined) filter.where(`l.state = 'unconfirmed'`);
  else
    filter.where(`l.state in ('unconfirmed', 'disputed') and l.work_order_id = any (${filter.bind(which.ids)}::int[])`);
  const { rows } = await db.query<{ id: number }>(
    `select l.work_order_id as id from ledger_line l ${filter.sql} order by l.work_order_id limit ${MAX_LINES + 1} for no key update of l`,
    filter.values,
  );
  return rows.map(({ id }) => id);
}

/** Stores the customer's word on lines. */
export async function setSaid(
  db: Queryable,
  by: Member,
  ids: readonly number[],
  state: 'confirmed' | 'disputed',
  note: string | null,
): Promise<void> {
  await db.query(
    `update ledger_line set state = $2, said_by = $3, said_org_id = $4, said_at = $5, note = $6, answer = null, answered_by = null,
       answered_at = null where work_order_id = any ($1::int[])`,
    [ids, state, by.userId, by.org.id, new Date(by.nowMs), note],
  );
}

/** Stores the contractor's answer: the line waits for the customer again. */
export async function setAnswer(db: Queryable, by: Member, id: number, text: string): Promise<void> {
  await db.query(
    `update ledger_line set state = 'unconfirmed', answer = $2, answered_by = $3, answered_at = $4 where work_order_id = $1`,
    [id, text, by.userId, new Date(by.nowMs)],
  );
}
