import { apiError } from '../../http/errors.ts';
import { type CursorValue, cursorFrom, type PageOf, pageOf } from '../../http/paging.ts';
import { type Figures, sortable } from './figure.ts';
import type { AvailabilityQuery } from './schemas.ts';

export type FigureSort = NonNullable<AvailabilityQuery['sort']>;

/** An entry of a list of figures. */
export interface Sortable {
  readonly kind: string;
  readonly id: number;
  /** What stands for its name: see `Child`. */
  readonly rank: string;
  readonly figures: Figures | null;
}

/** What an entry is sorted by; null comes last. */
export type KeyOf<T> = (entry: T, sort: FigureSort) => CursorValue;

export interface PageAsked {
  readonly sort?: FigureSort;
  readonly cursor?: string;
  readonly limit?: number;
}

const DEFAULT_LIMIT = 100;
/** Chinese names by their sound, numbers in names by their size. */
const NAMES = new Intl.Collator('zh', { numeric: true });

/**
 * Sorts entries and cuts the page that was asked for. The cursor holds the sort values of the last entry shown: figures that moved
 * meanwhile may show an entry twice or not at all, but the rest stays in order. @throws ApiError `invalid_cursor`
 */
export function pageOfFigures<T extends Sortable>(
  entries: readonly T[],
  asked: PageAsked,
  keyOf: KeyOf<T> = figureValue,
): PageOf<T> {
  const sort = asked.sort ?? 'network';
  const limit = asked.limit ?? DEFAULT_LIMIT;
  const after = cursorFrom(asked.cursor, sort, 3);
  if (after !== null && !isPosition(after, sort)) throw apiError('invalid_cursor');
  const rest = entries
    .map((entry) => ({ entry, at: [keyOf(entry, sort), entry.kind, entry.id] }))
    .filter(({ at }) => after === null || compare(at, after, sort) > 0)
    .sort((a, b) => compare(a.at, b.at, sort));
  const page = pageOf(rest, limit, sort, ({ at }) => at);
  return { items: page.items.map(({ entry }) => entry), next_cursor: page.next_cursor };
}

type Position = readonly CursorValue[];

function figureValue({ rank, figures }: Sortable, sort: FigureSort): CursorValue {
  switch (sort) {
    case 'name':
    case '-name':
      return rank;
    case 'network':
    case '-network':
      return sortable(figures?.network ?? null);
    case 'equipment':
    case '-equipment':
      return sortable(figures?.equipment ?? null);
    case 'down':
    case '-down': // most first is the natural order, so the sign is turned
      return figures === null ? null : -(figures.pair.network.counted_down_ms + figures.pair.equipment.counted_down_ms);
  }
}

/** Entries without a value come last either way; equal ones by kind and id. */
function compare([x = null, ...a]: Position, [y = null, ...b]: Position, sort: FigureSort): number {
  if (x === null || y === null) {
    if (x !== y) return x === null ? 1 : -1;
  } else if (x !== y) {
    return (isBefore(x, y) ? -1 : 1) * (sort.startsWith('-') ? -1 : 1);
  }
  const i = a.findIndex((value, at) => value !== b[at]);
  const [left = null, right = null] = i < 0 ? [] : [a[i], b[i]];
  return left === null || right === null ? 0 : left < right ? -1 : 1;
}

function isBefore(x: NonNullable<CursorValue>, y: NonNullable<CursorValue>): boolean {
  const order = typeof x === 'string' && typeof y === 'string' ? NAMES.compare(x, y) : 0;
  return order === 0 ? x < y : order < 0;
}

function isPosition([value, kind, id]: readonly CursorValue[], sort: FigureSort): boolean {
  const type = sort.endsWith('name') ? 'string' : 'number';
  return (value === null || typeof value === type) && typeof kind === 'string' && Number.isSafeInteger(id);
}
