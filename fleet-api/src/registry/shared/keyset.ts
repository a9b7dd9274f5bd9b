import { sqlState } from '../../db/index.ts';
import { apiError } from '../../http/errors.ts';
import { type CursorValue, cursorFrom, type PageOf, pageOf } from '../../http/paging.ts';
import type { Filter } from './filter.ts';

/** One order of a list: a column of the statement, the type its cursor value is cast back to, and whether it can be null. */
export interface SortKey {
  readonly column: string;
  readonly type: 'text' | 'int' | 'bigint' | 'real' | 'timestamptz';
  readonly nullable?: boolean;
}

/** An order on offer, chosen by name from an allow-list; `-name` is the descending one. Nulls come last either way. */
export interface Order {
  /** As the caller wrote it; ties a cursor to its order. */
  readonly name: string;
  readonly key: SortKey;
  readonly descending: boolean;
  /** Unique integer column that breaks ties, in the same direction. */
  readonly idColumn: string;
}

/** Sort parameters on offer: every key, ascending and descending. */
export function sortNames<K extends string>(keys: Readonly<Record<K, SortKey>>): (K | `-${K}`)[] {
  const names = Object.keys(keys) as K[];
  return names.flatMap((name): (K | `-${K}`)[] => [name, `-${name}`]);
}

/** Looks an order up. `name` has passed the schema, which lists exactly {@link sortNames}. */
export function orderOf<K extends string>(
  keys: Readonly<Record<K, SortKey>>,
  name: K | `-${K}`,
  idColumn: string,
): Order {
  const descending = name.startsWith('-');
  const key = keys[(descending ? name.slice(1) : name) as K];
  return { name, key, descending, idColumn };
}

/** `order by` of the order. */
export function orderBy({ key, descending, idColumn }: Order): string {
  if (!descending) return `order by ${key.column}, ${idColumn}`;
  return `order by ${key.column} desc${key.nullable ? ' nulls last' : ''}, ${idColumn} desc`;
}

/** Columns that a row must carry for {@link pageByKeyset}. */
export function sortColumns({ key, idColumn }: Order): string {
  return `(${key.column})::text as sort_value, ${idColumn} as sort_id`;
}

export interface SortedRow {
  readonly sort_value: string | null;
  readonly sort_id: number;
}

/** Skips what the pages before have shown. Rows inserted meanwhile neither repeat nor hide others. */
export function afterCursor(filter: Filter, order: Order, cursor: string | undefined): void {
  const after = cursorFrom(cursor, order.name, 2);
  if (after === null) return;
  const [value, id] = after as [CursorValue, CursorValue];
  if (!Number.isSafeInteger(id) || (value !== null && typeof value !== 'string')) throw apiError('invalid_cursor');
  const { key, descending, idColumn } = order;
  const past = descending ? '<' : '>';
  const idAt = `${filter.bind(id)}::bigint`;
  if (value === null) {
    filter.where(`${key.column} is null and ${idColumn} ${past} ${idAt}`);
    return;
  }
  const beyond = `(${key.column}, ${idColumn}) ${past} (${filter.bind(value)}::${key.type}, ${idAt})`;
  filter.where(key.nullable ? `(${beyond} or ${key.column} is null)` : beyond);
}

/** Runs a list statement that was built with the functions above and makes the page of it. */
export async function pageByKeyset<R extends SortedRow, T>(
  rows: Promise<{ rows: R[] }>,
  limit: number,
  order: Order,
  present: (row: R) => T,
): Promise<PageOf<T>> {
  const page = pageOf(await castChecked(rows), limit, order.name, (row) => [row.sort_value, row.sort_id]);
  return { items: page.items.map(present), next_cursor: page.next_cursor };
}

/** A forged cursor shows as a failed cast of its value. */
async function castChecked<R>(rows: Promise<{ rows: R[] }>): Promise<R[]> {
  try {
    return (await rows).rows;
  } catch (error) {
    if (['22007', '22008', '22P02', '22003'].includes(sqlState(error) ?? ''))
      throw apiError('invalid_cursor', { cause: error });
    throw error;
  }
}
