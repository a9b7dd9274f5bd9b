import { inScope } from '../auth/scope.ts';
import type { Queryable } from '../db/index.ts';
import { type CursorValue, cursorFrom, type PageOf, pageOf } from '../http/paging.ts';
import { Filter, infix } from '../registry/shared/filter.ts';
import { regionNamesSql } from '../registry/shared/region-names.ts';
import { idOfNumber, orderNumber } from '../repair/numbers.ts';
import type { Order, OrderFilters, OrderQuery } from './schemas.ts';
import { type OrderState, WORK_STATES } from './steps.ts';

/** Who looks: regions, and the person that `mine` stands for. */
export interface Looker {
  readonly scope: readonly number[] | null;
  readonly userId: number;
  readonly nowMs: number;
}

export type OrderRow = Omit<Order, 'number'> & {
  readonly opened_at: Date;
  readonly next_due_at: Date | null;
  readonly region_path: readonly number[];
  /** Sort keys to the microsecond. */
  readonly opened_key: string;
  readonly due_key: string | null;
};

const named = (alias: string) =>
  `case when ${alias}.id is not null then json_build_object('id', ${alias}.id, 'name', ${alias}.name) end`;
const KEY = `'YYYY-MM-DD"T"HH24:MI:SS.US"Z"'`;

/** Columns of a row of `o`, which has been cut to a page before. */
const COLUMNS = `o.id, o.kind, o.state, o.severity, o.cause, o.title, o.region_path, o.opened_at, o.ended_at, o.closed_at,
  o.faults_total, o.faults_open, o.next_stage, o.next_due_at, o.paused, o.version,
  o.is_late or coalesce(o.next_due_at < o.as_of, false) as is_late,
  (select f.reason from fault f where f.work_order_id = o.id and f.merged_into is null order by f.id limit 1) as reason,
  json_build_object('id', c.id, 'code', c.code, 'name', c.name, 'is_baseline', c.is_baseline) as contract,
  ${named('si')} as site, ${named('og')} as org, ${named('u')} as assignee,
  case when st.id is not null then json_build_object('id', st.id, 'code', st.code, 'name', st.name) end as station,
  ${regionNamesSql('o.region_path[array_length(o.region_path, 1)]')} as region,
  to_char(o.opened_at at time zone 'UTC', ${KEY}) as opened_key, to_char(o.next_due_at at time zone 'UTC', ${KEY}) as due_key`;
const JOINS = `join contract c on c.id = o.contract_id left join site si on si.id = o.site_id
  left join station st on st.id = o.station_id left join org og on og.id = o.org_id left join app_user u on u.id = o.assignee_id`;

/** Conditions on `o` of what a person sees and asks for. */
function conditions(by: Looker, query: OrderFilters): Filter {
  const filter = new Filter();
  if (by.scope !== null) filter.where(inScope('o.region_path', filter.bind(by.scope)));
  if (query.state === 'open') filter.where(`o.state not in ('closed', 'cancelled')`);
  else filter.optional(query.state, (p) => `o.state = ${p}`);
  if (query.late !== undefined) {
    const now = `${filter.bind(new Date(by.nowMs))}::timestamptz`;
    filter.where(`${query.late ? '' : 'not '}(o.is_late or coalesce(o.next_due_at < ${now}, false))`);
  }
  filter.optional(query.paused, (p) => `o.paused = ${p}`);
  filter.optional(query.kind, (p) => `o.kind = ${p}`);
  filter.optional(query.severity, (p) => `o.severity = ${p}`);
  filter.optional(query.cause, (p) => `o.cause = ${p}`);
  filter.optional(query.contract, (p) => `o.contract_id = ${p}`);
  filter.optional(query.region, (p) => `o.region_path @> array[${p}::int]`);
  // Ids first, by the indexes of both tables: an "or" would look at every order. Of an incident it is its faults that tell the place.
  const has = (column: string) => (p: string) =>
    `o.id = any (array(select id from work_order where ${column} = ${p} union select work_order_id from fault where ${column} = ${p}))`;
  filter.optional(query.site, has('site_id'));
  filter.optional(query.station, has('station_id'));
  filter.optional(query.assignee, (p) => `o.assignee_id = ${p}`);
  if (query.mine === true) filter.where(`o.assignee_id = ${filter.bind(by.userId)}`);
  if (query.unassigned === true) filter.where('o.assignee_id is null');
  filter.optional(query.from, (p) => `o.opened_at >= ${p}::timestamptz`);
  filter.optional(query.to, (p) => `o.opened_at < ${p}::timestamptz`);
  if (query.q !== undefined) search(filter, query.q);
  return filter;
}

function search(filter: Filter, q: string): void {
  const id = idOfNumber(q, 'W');
  if (id !== null && /^\s*w/i.test(q)) {
    // A whole number of an order means that one, and needs no look at names.
    filter.where(`o.id = ${filter.bind(id)}`);
    return;
  }
  const like = filter.bind(infix(q.trim()));
  const bySite = `o.site_id = any (array(select id from site where name ilike ${like} or code ilike ${like}))`;
  const byName = `${bySite} or (o.title <> '' and o.title ilike ${like})`;
  filter.where(id === null ? `(${byName})` : `(o.id = ${filter.bind(id)} or ${byName})`);
}

/** Rows of a statement that gives whole rows of work_order, in its order. */
function presented(rows: string, order: string, asOf: string): string {
  return `select ${COLUMNS} from (select w.*, ${asOf}::timestamptz as as_of from (${rows}) w) o ${JOINS} order by ${order}`;
}

/** Orders that a person sees: newest first, or open ones by their next due instant. */
export async function selectOrders(
  db: Queryable,
  by: Looker,
  query: OrderQuery & { readonly limit: number },
): Promise<PageOf<OrderRow>> {
  const sort = query.sort ?? 'opened_at-';
  const byDue = sort === 'next_due_at';
  const filter = conditions(by, query);
  if (byDue) filter.where(`o.state not in ('closed', 'cancelled')`);
  const after = cursorFrom(query.cursor, sort, 2);
  if (after !== null) (byDue ? afterDue : afterOpened)(filter, after);
  const order = byDue ? 'o.next_due_at, o.id' : 'o.opened_at desc, o.id desc';
  const asOf = filter.bind(new Date(by.nowMs));
  const page = `select o.* from work_order o ${filter.sql} order by ${order} limit ${query.limit + 1}`;
  const { rows } = await db.query<OrderRow>(presented(page, order, asOf), filter.values);
  return pageOf(rows, query.limit, sort, (row) => [byDue ? row.due_key : row.opened_key, row.id]);
}

function afterOpened(filter: Filter, [at, id]: readonly CursorValue[]): void {
  filter.where(`(o.opened_at, o.id) < (${filter.bind(at)}::timestamptz, ${filter.bind(id)}::int)`);
}

function afterDue(filter: Filter, [at, id]: readonly CursorValue[]): void {
  const after = `o.id > ${filter.bind(id)}::int`;
  if (at === null) filter.where(`o.next_due_at is null and ${after}`);
  else {
    const due = `${filter.bind(at)}::timestamptz`;
    filter.where(`(o.next_due_at > ${due} or (o.next_due_at = ${due} and ${after}) or o.next_due_at is null)`);
  }
}

export interface OrderCounts {
  readonly total: number;
  readonly open: number;
  readonly late: number;
}

/** How many orders a filter finds, how many of them are open, and how many late. */
export async function countOrders(db: Queryable, by: Looker, query: OrderFilters): Promise<OrderCounts> {
  const filter = conditions(by, query);
  const now = filter.bind(new Date(by.nowMs));
  const { rows } = await db.query<OrderCounts>(
    `select count(*)::int as total, count(*) filter (where o.state not in ('closed', 'cancelled'))::int as open,
       count(*) filter (where o.is_late or o.next_due_at < ${now}::timestamptz)::int as late
     from work_order o ${filter.sql}`,
    filter.values,
  );
  return rows[0] ?? { total: 0, open: 0, late: 0 };
}

/** States that a board has columns of. */
export const BOARD_STATES: readonly OrderState[] = [...WORK_STATES, 'confirmed'];

export interface BoardCounts {
  readonly state: OrderState;
  readonly total: number;
  readonly late: number;
}

/** How many open orders stand in each state. */
export async function countBoard(db: Queryable, by: Looker, query: OrderFilters): Promise<BoardCounts[]> {
  const filter = conditions(by, query);
  filter.where(`o.state not in ('closed', 'cancelled')`);
  const now = filter.bind(new Date(by.nowMs));
  const { rows } = await db.query<BoardCounts>(
    `select o.state, count(*)::int as total, count(*) filter (where o.is_late or o.next_due_at < ${now}::timestamptz)::int as late
     from work_order o ${filter.sql} group by o.state`,
    filter.values,
  );
  return rows;
}

/** The first of each column, those due first on top. */
export async function selectBoard(
  db: Queryable,
  by: Looker,
  query: OrderFilters,
  perColumn: number,
): Promise<OrderRow[]> {
  const filter = conditions(by, query);
  filter.where(`o.state not in ('closed', 'cancelled')`);
  const asOf = filter.bind(new Date(by.nowMs));
  const ranked = `select o.*, row_number() over (partition by o.state order by o.next_due_at, o.id) as n from work_order o ${filter.sql}`;
  const rows = `select r.* from (${ranked}) r where r.n <= ${perColumn}`;
  const result = await db.query<OrderRow>(presented(rows, 'o.next_due_at, o.id', asOf), filter.values);
  return result.rows;
}

/** One order that the person sees, or null. */
export async function selectOrder(db: Queryable, by: Looker, id: number): Promise<OrderRow | null> {
  const filter = conditions(by, {});
  filter.where(`o.id = ${filter.bind(id)}`);
  const asOf = filter.bind(new Date(by.nowMs));
  const { rows } = await db.query<OrderRow>(
    presented(`select o.* from work_order o ${filter.sql}`, 'o.id', asOf),
    filter.values,
  );
  return rows[0] ?? null;
}

/** A row as it is shown. */
export function present(row: OrderRow): Order {
  const { opened_key: _opened, due_key: _due, region_path: _path, ...order } = row;
  return { ...order, number: orderNumber(row.id) };
}

/** Name of an order in the audit log and of what hangs on it. */
export function subjectOf(orderId: number): string {
  return `work_order:${orderId}`;
}
