import { type PoolClient, writeOutbox } from '../../db/index.ts';
import { apiError } from '../../http/errors.ts';
import * as sql from './sql.ts';

export interface PartUse {
  readonly orderId: number;
  readonly partId: number;
  /** Store that it is taken from: a county. */
  readonly regionId: number;
  readonly quantity: number;
  readonly by: { readonly userId: number | null; readonly nowMs: number };
}

/** What was taken, for the line of the order. */
export interface UsedPart {
  readonly name: string;
  readonly unit: string;
  /** What one costs, fen. */
  readonly unitFen: number;
}

/**
 * Takes a part from a store for a work order. The caller has checked that order and store are in reach, and writes the line of the
 * order and the audit log.
 * @throws ApiError `unknown_reference`, `part_short`
 */
export async function usePart(client: PoolClient, use: PartUse): Promise<UsedPart> {
  const shelf = await changeShelf(client, {
    partId: use.partId,
    regionId: use.regionId,
    kind: 'out',
    changeOf: () => -use.quantity,
    orderId: use.orderId,
    reason: null,
    by: use.by,
  });
  return { name: shelf.name, unit: shelf.unit, unitFen: shelf.price_fen };
}

/** Puts a part back that was taken for an order and not used. @throws ApiError `unknown_reference` */
export async function giveBackPart(client: PoolClient, use: PartUse): Promise<void> {
  await changeShelf(client, {
    partId: use.partId,
    regionId: use.regionId,
    kind: 'in',
    changeOf: () => use.quantity,
    orderId: use.orderId,
    reason: null,
    by: use.by,
  });
}

export interface ShelfChange {
  readonly partId: number;
  readonly regionId: number;
  readonly kind: 'in' | 'out' | 'correction';
  /** How many come (or, below zero, go), given what there is. */
  readonly changeOf: (quantity: number) => number;
  readonly orderId: number | null;
  readonly reason: string | null;
  readonly by: { readonly userId: number | null; readonly nowMs: number };
}

/** Changes what a store has of a part, never below zero; tells when it falls below its minimum. What there was before. */
export async function changeShelf(client: PoolClient, wish: ShelfChange): Promise<sql.Shelf> {
  const { partId, regionId, kind, orderId, reason, by } = wish;
  const shelf = await sql.lockShelf(client, partId, regionId);
  if (shelf === null) throw apiError('unknown_reference', 'No such part');
  const change = wish.changeOf(shelf.quantity);
  if (change === 0) return shelf;
  const quantity = shelf.quantity + change;
  if (quantity < 0) throw apiError('part_short', `There are ${shelf.quantity} ${shelf.unit} of ${shelf.name}`);
  const at = new Date(by.nowMs);
  await sql.move(client, { partId, regionId, at, kind, change, quantity, orderId, userId: by.userId, reason });
  if (quantity < shelf.minimum && shelf.quantity >= shelf.minimum) {
    const payload = { what: 'parts', region_id: regionId, part_id: partId, left: quantity, minimum: shelf.minimum };
    await writeOutbox(client, [{ kind: 'stock.low', regionPath: shelf.path, payload }]);
  }
  return shelf;
}
