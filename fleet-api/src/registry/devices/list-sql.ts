import type { Queryable } from '../../db/index.ts';
import type { PageOf } from '../../http/paging.ts';
import { Filter, infix, regionCondition, scopeCondition } from '../shared/filter.ts';
import { afterCursor, type Order, orderBy, pageByKeyset, type SortedRow, sortColumns } from '../shared/keyset.ts';
import { type StateCounts, stateCode, stateCountsSql } from '../shared/state.ts';
import { LISTED_COLUMNS, LISTED_FROM, type ListedRow, presentListed, troublesOf } from './rows.ts';
import type { DeviceFilter, DeviceItem } from './schemas.ts';

type Scope = readonly number[] | null;

/** How a search is written: as a set of keys to begin from, or as a test of each row that comes by. */
type SearchForm = 'keys' | 'test';

/** Conditions on device_list `l` for a filter within a scope. */
function addConditions(filter: Filter, scope: Scope, query: DeviceFilter, search: SearchForm): void {
  scopeCondition(filter, 'l.region_id', scope);
  regionCondition(filter, 'l.region_id', query.region);
  filter.optional(query.state === undefined ? undefined : stateCode(query.state), (p) => `l.state = ${p}`);
  filter.optional(query.lifecycle, (p) => `l.lifecycle = ${p}`);
  filter.optional(query.site, (p) => `l.site_id = ${p}`);
  filter.optional(query.model, (p) => `l.model_id = ${p}`);
  filter.optional(query.component, (p) => `l.troubles <> '{}' and ${p}::text = any (l.troubles)`);
  const words = query.q?.toLowerCase().split(/\s+/).filter(Boolean).slice(0, 5) ?? [];
  if (words.length === 0) return;
  if (search === 'keys') {
    const all = words.map((word) => `s.search like ${filter.bind(infix(word))}`).join(' and ');
    filter.where(`l.device_key in (select s.device_key from device_search s where ${all})`);
  } else {
    const text = '(select s.search from device_search s where s.device_key = l.device_key)';
    // As a `case` the planner takes it for even odds, not for next to none: it is only used where there are many finds.
    for (const word of words)
      filter.where(`case when ${text} like ${filter.bind(infix(word))} then true else false end`);
  }
}

/** The conditions of a filter within a scope, for a statement of one's own over device_list `l`. */
export function deviceConditions(scope: Scope, query: DeviceFilter): Filter {
  const filter = new Filter();
  addConditions(filter, scope, query, 'keys');
  return filter;
}

export interface DevicePageOptions {
  readonly order: Order;
  readonly cursor: string | undefined;
  readonly limit: number;
  /** First day of the current month in the platform's zone, `YYYY-MM-DD`: SIM use of other months counts as none. */
  readonly month: string;
}

/** Rows up to which a filter's finds are all collected and sorted. */
const FEW = 5000;

/**
 * A page of devices: chosen on the narrow rows, then joined with what the page shows of them.
 *
 * Few finds are collected and sorted; only where there are many is an index walked in the wanted order until the page is full.
 * Leaving that choice to the planner is a gamble that is lost when filter and order go together (devices never heard of, by
 * round trip: the whole index is walked). So the finds are counted first, up to {@link FEW}.
 */
export async function selectDevices(
  db: Queryable,
  scope: Scope,
  query: DeviceFilter,
  { order, cursor, limit, month }: DevicePageOptions,
): Promise<PageOf<DeviceItem>> {
  const filter = new Filter();
  const monthAt = filter.bind(month);
  const rows = db.query<ListedRow & SortedRow>(
    `with ${choosing(filter, scope, query, { order, cursor, limit })}
     select ${LISTED_COLUMNS(monthAt)}, page.sort_value, page.sort_id
     from page join device_list l on l.device_key = page.device_key ${LISTED_FROM} ${orderBy(order)} limit ${limit + 1}`,
    filter.values,
  );
  return pageByKeyset(rows, limit, order, (row) => ({ ...presentListed(row), components: troublesOf(row.components) }));
}

/** Expressions that end in `page`: key and sort value of up to `limit + 1` devices. */
function choosing(
  filter: Filter,
  scope: Scope,
  query: DeviceFilter,
  { order, cursor, limit }: Pick<DevicePageOptions, 'order' | 'cursor' | 'limit'>,
): string {
  const columns = `l.device_key, ${sortColumns(order)}`;
  const end = `${orderBy(order)} limit ${limit + 1}`;
  if (scope === null && Object.values(query).every((value) => value === undefined)) {
    afterCursor(filter, order, cursor);
    return `page as materialized (select ${columns} from device_list l ${filter.sql} ${end})`;
  }
  const few = filter.branch();
  addConditions(few, scope, query, 'keys');
  const rest = filter.branch();
  rest.where(`(select n from found) <= ${FEW}`);
  afterCursor(rest, order, cursor);
  const many = filter.branch();
  many.where(`(select n from found) > ${FEW}`);
  addConditions(many, scope, query, 'test');
  afterCursor(many, order, cursor);
  const sorted = order.key.column === 'l.device_key' ? '' : `, ${order.key.column}`;
  return `probe as materialized (select l.device_key${sorted} from device_list l ${few.sql} limit ${FEW + 1}),
    found as materialized (select count(*) as n from probe),
    page as materialized (
      (select ${columns} from probe l ${rest.sql} ${end})
      union all
      (select ${columns} from device_list l ${many.sql} ${end}))`;
}

/** How many devices a filter finds, by state. */
export async function countDevices(db: Queryable, scope: Scope, query: DeviceFilter): Promise<StateCounts> {
  const filter = deviceConditions(scope, query);
  const { rows } = await db.query<{ counts: StateCounts }>(
    `select ${stateCountsSql(filter.conditions)} as counts`,
    filter.values,
  );
  return (rows[0] as { counts: StateCounts }).counts;
}
