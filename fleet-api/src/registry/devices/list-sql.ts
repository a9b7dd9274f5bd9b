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
  filter.optional(query.component, (p) => `${p}::text = any (l.troubles)`);
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
  { order, cursor, limit, month }: DevicePageOptions,
): Promise<PageOf<DeviceItem>> {
  const filter = deviceConditions(scope, query);
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
