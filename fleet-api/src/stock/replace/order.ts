import type { PoolClient } from '../../db/index.ts';
import { apiError } from '../../http/errors.ts';
import { selectStory } from '../../orders/detail-sql.ts';
import { toldSteps } from '../../orders/standing.ts';
import { EVENT_OF, laterOf, refuseStep } from '../../orders/steps.ts';
import type { Doer } from '../../registry/shared/doer.ts';
import { appendEvents } from '../../repair/log.ts';
import { refreshOrders } from '../../repair/refresh-orders.ts';
import * as sql from './sql.ts';

/** Locks the order that a swap is done for. @throws ApiError `order_not_here` */
export async function demandOrder(
  client: PoolClient,
  orderId: number | undefined,
  stationId: number,
): Promise<sql.LockedOrder | null> {
  if (orderId === undefined) return null;
  const order = await sql.lockOrder(client, orderId, stationId);
  if (order === null) throw apiError('order_not_here');
  return order;
}

export interface SwapTold {
  readonly at: Date;
  readonly reason: string;
  readonly oldSerial: string;
  readonly newSerial: string;
  /** The spare makes do until the repair; the way back changes nothing for the clocks. */
  readonly restores: boolean;
}

/**
 * Tells an order of a swap: in its story and, where the spare makes do for the first time, in the logs of the faults of the
 * station, from which the clock of temporary restoration reads when it stopped. Of an incident it is told for this station only.
 * @throws ApiError `step_time` if it lies before the fault, or before what has been told
 */
export async function tellOrder(client: PoolClient, by: Doer, order: sql.LockedOrder, told: SwapTold): Promise<void> {
  const { userId, orgId } = by.actor;
  const entry = { orderId: order.id, at: told.at, nowMs: by.nowMs, userId, orgId, note: told.reason };
  const isFirst = told.restores && order.fault_ids.length > 0 && laterOf(order.state, 'restored') !== order.state;
  if (isFirst) await requireStep(client, order, told.at.getTime(), by.nowMs);
  const detail = { old: told.oldSerial, new: told.newSerial };
  const swap = await sql.insertEntry(client, { ...entry, kind: 'swap', detail });
  const isWhole = order.fault_ids.length === order.open;
  if (isFirst) {
    const kind = isWhole ? 'restored' : 'restored_part';
    const entryId = await sql.insertEntry(client, {
      ...entry,
      kind,
      note: null,
      detail: { swap, faults: order.fault_ids },
    });
    const event = { at: told.at.getTime(), kind: EVENT_OF.restored } as const;
    await appendEvents(client, order.fault_ids, event, { userId, nowMs: by.nowMs, entryId });
  }
  await sql.moveOrder(client, order.id, isFirst && isWhole ? 'restored' : order.state);
  await refreshOrders(client, [order.id], by.nowMs);
}

async function requireStep(client: PoolClient, order: sql.LockedOrder, at: number, nowMs: number): Promise<void> {
  const told = toldSteps(await selectStory(client, order.id));
  const refusal = refuseStep('restored', at, { state: order.state, openedAt: order.opened_at.getTime(), told, nowMs });
  if (refusal !== null) throw refusal;
}
