import { inTransaction, type Pool, type PoolClient, sqlState } from '../../db/index.ts';
import { apiError } from '../../http/errors.ts';
import { DEFAULT_LIMIT, type PageOf } from '../../http/paging.ts';
import { type Doer, record } from '../../registry/shared/doer.ts';
import { demandStore } from '../spares/service.ts';
import type { NewPart, Part, PartList, PartMove, PartMovement, PartMovementQuery, PartPatch } from './schemas.ts';
import * as sql from './sql.ts';
import { changeShelf } from './use.ts';

export async function listParts(
  pool: Pool,
  by: Doer,
  query: { readonly region?: number; readonly retired?: boolean },
): Promise<PartList> {
  const items = await sql.selectParts(pool, by.scope, query);
  return { items, low: items.flatMap((part) => part.stores).filter(({ missing }) => missing > 0).length };
}

/** @throws ApiError `already_exists` */
export async function addPart(pool: Pool, by: Doer, wish: NewPart): Promise<Part> {
  return inTransaction(pool, async (client) => {
    const id = await sql.insertPart(client, wish).catch(taken(wish.code));
    await record(client, by, 'part.created', `part:${wish.code}`, wish);
    return onePart(client, by, id);
  });
}

/** @throws ApiError `not_found`, `version_conflict`, `already_exists` */
export async function changePart(
  pool: Pool,
  by: Doer,
  id: number,
  patch: PartPatch,
  version: number | null,
): Promise<Part> {
  return inTransaction(pool, async (client) => {
    const { code } = await onePart(client, by, id);
    const done = await sql.updatePart(client, id, patch, version).catch(taken(patch.code ?? code));
    if (!done) throw apiError('version_conflict');
    await record(client, by, 'part.changed', `part:${code}`, patch);
    return onePart(client, by, id);
  });
}

/** @throws ApiError `not_found`, `unknown_reference`, `invalid_request` */
export async function changePartMinimum(
  pool: Pool,
  by: Doer,
  id: number,
  { region_id, minimum }: { readonly region_id: number; readonly minimum: number },
): Promise<Part> {
  return inTransaction(pool, async (client) => {
    const { code } = await onePart(client, by, id);
    await demandOwnStore(client, by, region_id);
    await sql.setMinimum(client, id, region_id, minimum);
    await record(client, by, 'part.minimum_set', `part:${code}`, { region_id, minimum });
    return onePart(client, by, id);
  });
}

/** Parts come, go, or are counted. @throws ApiError `not_found`, `part_short`, `invalid_request`, `unknown_reference` */
export async function moveParts(pool: Pool, by: Doer, id: number, wish: PartMove): Promise<Part> {
  if (wish.kind === 'correction' && wish.reason === undefined) throw missing('reason');
  if (wish.kind !== 'correction' && wish.quantity === 0) throw missing('quantity');
  return inTransaction(pool, async (client) => {
    const { code } = await onePart(client, by, id);
    await demandOwnStore(client, by, wish.region_id);
    if (wish.work_order_id !== undefined) await demandOrder(client, by, wish.work_order_id);
    await changeShelf(client, {
      partId: id,
      regionId: wish.region_id,
      kind: wish.kind,
      changeOf: (has) => ({ in: wish.quantity, out: -wish.quantity, correction: wish.quantity - has })[wish.kind],
      orderId: wish.work_order_id ?? null,
      reason: wish.reason ?? null,
      by: { userId: by.actor.userId, nowMs: by.nowMs },
    });
    await record(client, by, 'part.moved', `part:${code}`, wish);
    return onePart(client, by, id);
  });
}

export function listPartMoves(pool: Pool, by: Doer, query: PartMovementQuery): Promise<PageOf<PartMovement>> {
  return sql.selectMoves(pool, by.scope, query, query.limit ?? DEFAULT_LIMIT);
}

async function onePart(client: PoolClient, by: Doer, id: number): Promise<Part> {
  const [part] = await sql.selectParts(client, by.scope, { id, retired: true });
  if (part === undefined) throw apiError('not_found');
  return part;
}

async function demandOwnStore(client: PoolClient, by: Doer, regionId: number): Promise<void> {
  const store = await demandStore(client, by, regionId);
  if (store.id !== regionId) throw apiError('invalid_request', `Parts of this region are kept at ${store.name}`);
}

async function demandOrder(client: PoolClient, by: Doer, orderId: number): Promise<void> {
  const { rowCount } = await client.query(
    'select 1 from work_order where id = $1 and ($2::int[] is null or region_path && $2::int[])',
    [orderId, by.scope],
  );
  if (rowCount === 0) throw apiError('unknown_reference', 'No such work order');
}

function missing(field: string): Error {
  return apiError('invalid_request', { errors: [{ path: `/body/${field}`, message: 'is needed' }] });
}

const taken =
  (code: string) =>
  (error: unknown): never => {
    if (sqlState(error) !== '23505') throw error;
    throw apiError('already_exists', { detail: `There is a part ${code} already`, cause: error });
  };
