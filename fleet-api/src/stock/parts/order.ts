import type { Pool, PoolClient } from '../../db/index.ts';
import type { Member } from '../../exclusions/parties.ts';
import { apiError } from '../../http/errors.ts';
import { tell } from '../../orders/acts.ts';
import type { OrderDetail } from '../../orders/detail-schemas.ts';
import { type Act, changing } from '../../orders/service.ts';
import { requireWorker } from '../../orders/standing.ts';
import { isOver } from '../../orders/steps.ts';
import { storeOf } from '../spares/sql.ts';
import { giveBackPart, usePart } from './use.ts';

/** Parts between stores and orders: what leaves the one is a line of the other, in one transaction. */

export interface TakeWish {
  readonly part_id: number;
  readonly region_id: number;
  readonly qty: number;
}

/** @throws ApiError `part_short`, `unknown_reference`, `order_not_yours`, `order_state`, `version_conflict` */
export function take(pool: Pool, by: Member, id: number, version: number | null, wish: TakeWish): Promise<OrderDetail> {
  return changing(pool, by, id, version, async (act) => {
    requireOpen(act);
    const { client } = act;
    const store = await storeOf(client, by.scope, wish.region_id);
    if (store === null || store.id !== wish.region_id) throw apiError('unknown_reference', 'No such store');
    const used = await usePart(client, {
      orderId: id,
      partId: wish.part_id,
      regionId: store.id,
      quantity: wish.qty,
      by: { userId: by.userId, nowMs: by.nowMs },
    });
    await client.query(
      `insert into work_order_part (work_order_id, name, qty, unit_fen, part_id, added_by, added_at)
       values ($1, $2, $3, $4, $5, $6, $7)`,
      [id, used.name, wish.qty, used.unitFen, wish.part_id, by.userId, new Date(by.nowMs)],
    );
    await tell(act, 'part', { detail: { name: used.name, qty: wish.qty, store: store.name } });
    return { action: 'part_taken', detail: { ...wish, name: used.name } };
  });
}

/** Puts a part back where it was last taken from for the order. @throws ApiError `not_found`, those of {@link take} */
export function giveBack(
  pool: Pool,
  by: Member,
  id: number,
  lineId: number,
  version: number | null,
): Promise<OrderDetail> {
  return changing(pool, by, id, version, async (act) => {
    requireOpen(act);
    const line = await dropLine(act.client, id, lineId);
    if (line === null) throw apiError('not_found');
    await giveBackPart(act.client, {
      orderId: id,
      partId: line.part_id,
      regionId: line.region_id,
      quantity: line.qty,
      by: { userId: by.userId, nowMs: by.nowMs },
    });
    return { action: 'part_given_back', detail: { name: line.name, qty: line.qty } };
  });
}

function requireOpen({ row, by }: Act): void {
  requireWorker(row, by, 'order.work');
  if (isOver(row.state)) throw apiError('order_state', `The order is ${row.state}`);
}

interface DroppedLine {
  readonly part_id: number;
  readonly name: string;
  readonly qty: number;
  readonly region_id: number;
}

async function dropLine(client: PoolClient, orderId: number, lineId: number): Promise<DroppedLine | null> {
  const { rows } = await client.query<DroppedLine>(
    `delete from work_order_part p where p.id = $1 and p.work_order_id = $2 and p.part_id is not null
     returning p.part_id, p.name, p.qty, (select m.region_id from part_movement m
       where m.part_id = p.part_id and m.work_order_id = p.work_order_id and m.kind = 'out' order by m.id desc limit 1) as region_id`,
    [lineId, orderId],
  );
  return rows[0] ?? null;
}
