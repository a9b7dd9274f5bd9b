import type { Queryable } from '../../db/index.ts';
import type { PageOf } from '../../http/paging.ts';
import { Filter, infix, regionCondition, scopeCondition } from '../shared/filter.ts';
import { afterCursor, type Order, orderBy, pageByKeyset, type SortedRow, sortColumns } from '../shared/keyset.ts';
import { type StateCounts, stateCode, stateCountsSql } from '../shared/state.ts';
import { LISTED_COLUMNS, LISTED_FROM, type ListedRow, presentListed, troublesOf } from './rows.ts';
import type { DeviceFilter, DeviceItem } from './schemas.ts';

/** Conditions on device_list `l` for a filter within a scope. */
export function deviceConditions(scope: readonly number[] | null, query: DeviceFilter): Filter {
  const filter = new Filter();
  scopeCondition(filter, 'l.region_id', scope);
  regionCondition(filter, 'l.region_id', query.region);
  filter.optional(query.state === undefined ? undefined : stateCode(query.state), (p) => `l.state = ${p}`);
  filter.optional(query.lifecycle, (p) => `l.lifecycle = ${p}`);
  filter.optional(query.site, (p) => `l.site_id = ${p}`);
  filter.optional(query.model, (p) => `l.model_id = ${p}`);
  filter.optional(query.component, (p) => `l.troubles <> '{}' and ${p}::text = any (l.troubles)`);
  for (const word of query.q?.toLowerCase().split(/\s+/).filter(Boolean).slice(0, 5) ?? []) {
    filter.where(`l.search like ${filter.bind(infix(word))}`);
  }
  return filter;
}

export interface DevicePageOptions {
  readonly order: Order;
  readonly cursor: string | undefined;
  readonly limit: number;
  /** First day of the current month in the platform's zone, `YYYY-MM-DD`: SIM use of other months counts as none. */
  readonly month: string;
}

/** A page of devices: chosen on the narrow rows, then joined with what the page shows of them. */
export async function selectDevices(
  db: Queryable,
  scope: readonly number[] | null,
  query: DeviceFilter,
  { order: asked, cursor, limit, month }: DevicePageOptions,
): Promise<PageOf<DeviceItem>> {
  const filter = deviceConditions(scope, query);
  const order = isSelective(scope, query) ? withoutIndex(asked) : asked;
  afterCursor(filter, order, cursor);
  const monthAt = filter.bind(month);
  const rows = db.query<ListedRow & SortedRow>(
    `with page as materialized (
       select l.device_key, ${sortColumns(order)} from device_list l ${filter.sql} ${orderBy(order)} limit ${limit + 1})
     select ${LISTED_COLUMNS(monthAt)}, page.sort_value, page.sort_id
     from page join device_list l on l.device_key = page.device_key ${LISTED_FROM} ${orderBy(order)}`,
    filter.values,
  );
  return pageByKeyset(rows, limit, order, (row) => ({ ...presentListed(row), components: troublesOf(row.components) }));
}

/**
 * True for filters that leave few rows. These are collected and sorted; walking an index in the wanted order until enough rows
 * pass would be a gamble, and is lost when filter and order go together (devices never heard of, by round trip).
 */
function isSelective(scope: readonly number[] | null, query: DeviceFilter): boolean {
  const { q, state, lifecycle, region, site, component } = query;
  if (scope !== null || [q, region, site, component].some((value) => value !== undefined)) return true;
  return (state !== undefined && state !== 'online') || (lifecycle !== undefined && lifecycle !== 'in_service');
}

/** The same order, in a form that no index serves. */
function withoutIndex(order: Order): Order {
  const { column, type } = order.key;
  const same =
    type === 'text' ? `(${column} || '')` : type === 'timestamptz' ? `(${column} + interval '0')` : `(${column} + 0)`;
  return { ...order, key: { ...order.key, column: same } };
}

/** How many devices a filter finds, by state. */
export async function countDevices(
  db: Queryable,
  scope: readonly number[] | null,
  query: DeviceFilter,
): Promise<StateCounts> {
  const filter = deviceConditions(scope, query);
  const { rows } = await db.query<{ counts: StateCounts }>(
    `select ${stateCountsSql(filter.sql.replace(/^where /, ''))} as counts`,
    filter.values,
  );
  return (rows[0] as { counts: StateCounts }).counts;
}
