import { Type } from 'typebox';
import { apiError } from './errors.ts';

/** A value of a sort key, as SQL and JSON both carry it. Instants travel as RFC 3339 text with microseconds. */
export type CursorValue = string | number | boolean | null;

export const MAX_LIMIT = 500;
export const DEFAULT_LIMIT = 50;

/** Query parameters of every list. Spread into the list's own query schema. */
export const pageQuery = {
  cursor: Type.Optional(Type.String({ maxLength: 1024, description: 'next_cursor of the page before' })),
  limit: Type.Optional(Type.Integer({ minimum: 1, maximum: MAX_LIMIT, default: DEFAULT_LIMIT })),
};

/**
 * Makes an opaque cursor: where the next page starts, as the sort values of the last row shown. `sort` names the order, so that
 * a cursor is not taken for another order.
 */
export function encodeCursor(sort: string, values: readonly CursorValue[]): string {
  return Buffer.from(JSON.stringify([sort, ...values])).toString('base64url');
}

/** Takes a cursor apart. Values are input: bind them, never splice. @throws ApiError `invalid_cursor` */
export function decodeCursor(cursor: string, sort: string, arity: number): CursorValue[] {
  const parts = parse(cursor);
  if (!Array.isArray(parts) || parts.length !== arity + 1 || parts[0] !== sort || !parts.every(isCursorValue)) {
    throw apiError('invalid_cursor');
  }
  return parts.slice(1);
}

/** `decodeCursor` for a query parameter that may be missing: null for the first page. */
export function cursorFrom(cursor: string | undefined, sort: string, arity: number): CursorValue[] | null {
  return cursor === undefined ? null : decodeCursor(cursor, sort, arity);
}

export interface PageOf<T> {
  items: T[];
  next_cursor: string | null;
}

/**
 * Cuts `rows`, fetched with `limit + 1`, to a page and makes the cursor of the next. `keyOf` gives the sort values of a row in
 * the order of `order by`; the last one must be unique.
 */
export function pageOf<T>(
  rows: readonly T[],
  limit: number,
  sort: string,
  keyOf: (row: T) => readonly CursorValue[],
): PageOf<T> {
  const items = rows.slice(0, limit);
  const last = items.at(-1);
  return { items, next_cursor: rows.length > limit && last !== undefined ? encodeCursor(sort, keyOf(last)) : null };
}

function parse(cursor: string): unknown {
  try {
    return JSON.parse(Buffer.from(cursor, 'base64url').toString('utf8'));
  } catch {
    return null;
  }
}

function isCursorValue(value: unknown): value is CursorValue {
  return value === null || ['string', 'number', 'boolean'].includes(typeof value);
}
