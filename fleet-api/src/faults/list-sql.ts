import { inScope } from '../auth/scope.ts';
import type { Queryable } from '../db/index.ts';
import { type CursorValue, cursorFrom, type PageOf, pageOf } from '../http/paging.ts';
import { Filter, infix } from '../registry/shared/filter.ts';
import { regionNamesSql } from '../registry/shared/region-names.ts';
import { faultNumber, idOfNumber, orderNumber } from '../repair/numbers.ts';
import type { Fault, FaultFilters, FaultQuery } from './schemas.ts';

/** Who looks. */
export interface Looker {
  readonly scope: readonly number[] | null;
  readonly nowMs: number;
}

export type FaultRow = Omit<Fault, 'number' | 'order'> & {
  readonly order: { readonly id: number; readonly kind: string; readonly state: string } | null;
  readonly opened_at: Date;
  readonly recorded_at: Date;
  readonly recovered_at: Date | null;
  readonly ended_at: Date | null;
  readonly region_path: readonly number[];
  readonly device_key: number | null;
  readonly opened_key: string;
  readonly due_key: string | null;
};

const KEY = `'YYYY-MM-DD"T"HH24:MI:SS.US"Z"'`;

/** Columns of a row of `f`, which has been cut to a page before. */
const COLUMNS = `f.id, case when f.merged_into is not null then 'merged' else f.status end as state, f.source, f.cause, f.component,
  f.reason, f.severity, f.description, f.opened_at, f.recorded_at, f.recovered_at, f.ended_at, f.verdict, f.next_stage, f.next_due_at,
  f.paused, f.is_late or coalesce(f.status = 'open' and f.next_due_at < f.as_of, false) as is_late, f.is_flapping, f.changes,
  f.recurrence_of, f.merged_into, f.version, f.region_path, f.device_key, d.device_id,
  json_build_object('id', c.id, 'code', c.code, 'name', c.name, 'is_baseline', c.is_baseline) as contract,
  json_build_object('id', si.id, 'name', si.name) as site,
  case when st.id is not null then json_build_object('id', st.id, 'code', st.code, 'name', st.name) end as station,
  case when w.id is not null then json_build_object('id', w.id, 'kind', w.kind, 'state', w.state) end as "order",
  ${regionNamesSql('f.region_path[array_length(f.region_path, 1)]')} as region,
  to_char(f.opened_at at time zone 'UTC', ${KEY}) as opened_key, to_char(f.next_due_at at time zone 'UTC', ${KEY}) as due_key`;
const JOINS = `join contract c on c.id = f.contract_id join site si on si.id = f.site_id left join station st on st.id = f.station_id
  left join device d on d.device_key = f.device_key left join work_order w on w.id = f.work_order_id`;

/** Conditions on `f` of what a person sees and asks for. */
function conditions(by: Looker, query: FaultFilters, found: Found): Filter {
  const filter = new Filter();
  if (by.scope !== null) filter.where(inScope('f.region_path', filter.bind(by.scope)));
  if (query.state === 'merged') filter.where('f.merged_into is not null');
  else {
    filter.where('f.merged_into is null');
    if (query.state === 'ended') filter.where(`f.status in ('repaired', 'confirmed')`);
    else filter.optional(query.state, (p) => `f.status = ${p}`);
  }
  if (query.late !== undefined) {
    const now = `${filter.bind(new Date(by.nowMs))}::timestamptz`;
    filter.where(
      `${query.late ? '' : 'not '}(f.is_late or coalesce(f.status = 'open' and f.next_due_at < ${now}, false))`,
    );
  }
  if (query.recurring !== undefined) filter.where(`f.recurrence_of is ${query.recurring ? 'not ' : ''}null`);
  filter.optional(query.cause, (p) => `f.cause = ${p}`);
  filter.optional(query.severity, (p) => `f.severity = ${p}`);
  filter.optional(query.source, (p) => `f.source = ${p}`);
  filter.optional(query.contract, (p) => `f.contract_id = ${p}`);
  filter.optional(query.region, (p) => (found.isCounty ? `f.county_id = ${p}` : `f.region_path @> array[${p}::int]`));
  filter.optional(query.site, (p) => `f.site_id = ${p}`);
  filter.optional(query.station, (p) => `f.station_id = ${p}`);
  filter.optional(query.device, (p) => `f.device_key = (select device_key from device where device_id = ${p})`);
  filter.optional(query.order, (p) => `f.work_order_id = ${p}`);
  filter.optional(query.from, (p) => `f.opened_at >= ${p}::timestamptz`);
  filter.optional(query.to, (p) => `f.opened_at < ${p}::timestamptz`);
  if (found.id !== null) filter.where(`f.id = ${filter.bind(found.id)}`);
  if (found.sites !== null) filter.where(`f.site_id = any (${filter.bind(found.sites)}::int[])`);
  return filter;
}

/** What a filter's words stand for, looked up before: the planner then knows what it is up against. */
interface Found {
  /** Faults of a county have an index of their own. */
  readonly isCounty: boolean;
  readonly id: number | null;
  readonly sites: readonly number[] | null;
}

async function find(db: Queryable, { region, q }: FaultFilters): Promise<Found> {
  const id = q === undefined ? null : idOfNumber(q, 'F');
  if (region === undefined && (q === undefined || id !== null)) return { isCounty: false, id, sites: null };
  const { rows } = await db.query<{ is_county: boolean | null; sites: number[] }>(
    `select (select kind = 'county' from region where id = $1) as is_county,
       array(select id from site where $2::text is not null and (name ilike $2 or code ilike $2)) as sites`,
    [region ?? null, q === undefined || id !== null ? null : infix(q.trim())],
  );
  const sites = q === undefined || id !== null ? null : (rows[0]?.sites ?? []);
  return { isCounty: rows[0]?.is_county === true, id, sites };
}

function presented(rows: string, order: string, asOf: string): string {
  return `select ${COLUMNS} from (select p.*, ${asOf}::timestamptz as as_of from (${rows}) p) f ${JOINS} order by ${order}`;
}

/** Faults that a person sees: newest first, or open ones by their next due instant. */
export async function selectFaults(
  db: Queryable,
  by: Looker,
  query: FaultQuery & { readonly limit: number },
): Promise<PageOf<FaultRow>> {
  const sort = query.sort ?? 'opened_at-';
  const byDue = sort === 'next_due_at';
  const filter = conditions(by, query, await find(db, query));
  if (byDue) filter.where(`f.status = 'open' and f.next_due_at is not null`);
  const after = cursorFrom(query.cursor, sort, 2);
  if (after !== null) skip(filter, byDue, after);
  const order = byDue ? 'f.next_due_at, f.id' : 'f.opened_at desc, f.id desc';
  const asOf = filter.bind(new Date(by.nowMs));
  const page = `select f.* from fault f ${filter.sql} order by ${order} limit ${query.limit + 1}`;
  const { rows } = await db.query<FaultRow>(presented(page, order, asOf), filter.values);
  return pageOf(rows, query.limit, sort, (row) => [byDue ? row.due_key : row.opened_key, row.id]);
}

function skip(filter: Filter, byDue: boolean, [at, id]: readonly CursorValue[]): void {
  const place = `(${filter.bind(at)}::timestamptz, ${filter.bind(id)}::int)`;
  filter.where(byDue ? `(f.next_due_at, f.id) > ${place}` : `(f.opened_at, f.id) < ${place}`);
}

export interface FaultCounts {
  readonly total: number;
  readonly open: number;
  readonly late: number;
}

/** How many faults a filter finds, how many of them are open, and how many late. */
export async function countFaults(db: Queryable, by: Looker, query: FaultFilters): Promise<FaultCounts> {
  const filter = conditions(by, query, await find(db, query));
  const now = filter.bind(new Date(by.nowMs));
  const { rows } = await db.query<FaultCounts>(
    `select count(*)::int as total, count(*) filter (where f.status = 'open')::int as open,
       count(*) filter (where f.is_late or f.status = 'open' and f.next_due_at < ${now}::timestamptz)::int as late
     from fault f ${filter.sql}`,
    filter.values,
  );
  return rows[0] ?? { total: 0, open: 0, late: 0 };
}

/** One fault that the person sees, or null; with `lock` it stays as it is until the end of the transaction. */
export async function selectFault(db: Queryable, by: Looker, id: number): Promise<FaultRow | null> {
  const filter = new Filter();
  if (by.scope !== null) filter.where(inScope('f.region_path', filter.bind(by.scope)));
  filter.where(`f.id = ${filter.bind(id)}`);
  const asOf = filter.bind(new Date(by.nowMs));
  const { rows } = await db.query<FaultRow>(
    presented(`select f.* from fault f ${filter.sql}`, 'f.id', asOf),
    filter.values,
  );
  return rows[0] ?? null;
}

/** Earlier faults of the same cause at the same place, newest first; and what was merged into it. */
export async function selectRelated(
  db: Queryable,
  by: Looker,
  { id, opened_at }: Pick<FaultRow, 'id' | 'opened_at'>,
): Promise<{ earlier: FaultRow[]; merged: FaultRow[] }> {
  const earlier = `select e.* from fault f join fault e on e.cause = f.cause and e.site_id = f.site_id
      and e.station_id is not distinct from f.station_id
    where f.id = $1 and e.id <> f.id and e.opened_at < $3 and e.merged_into is null order by e.opened_at desc, e.id desc limit 10`;
  const first = await db.query<FaultRow>(presented(earlier, 'f.opened_at desc, f.id desc', '$2'), [
    id,
    new Date(by.nowMs),
    opened_at,
  ]);
  const merged = await db.query<FaultRow>(
    presented('select m.* from fault m where m.merged_into = $1 order by m.id limit 50', 'f.id', '$2'),
    [id, new Date(by.nowMs)],
  );
  return { earlier: first.rows, merged: merged.rows };
}

/** A row as it is shown. */
export function present(row: FaultRow): Fault {
  const { opened_key: _opened, due_key: _due, region_path: _path, device_key: _device, order, ...fault } = row;
  return {
    ...fault,
    number: faultNumber(row.id),
    order: order === null ? null : { ...order, number: orderNumber(order.id) },
  };
}
