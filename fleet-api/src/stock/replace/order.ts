import type { PoolClient } from '../../db/index.ts';
import { apiError } from '../../http/errors.ts';
import { laterOf, type OrderState } from '../../orders/steps.ts';
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
 * station, from which the clock of temporary restoration reads when it stopped.
 */
export async function tellOrder(client: PoolClient, by: Doer, order: sql.LockedOrder, told: SwapTold): Promise<void> {
  const { userId, orgId } = by.actor;
  const entry = { orderId: order.id, at: told.at, nowMs: by.nowMs, userId, orgId, note: told.reason };
  const detail = { old: told.oldSerial, new: told.newSerial };
  const swap = await sql.insertEntry(client, { ...entry, kind: 'swap', detail });
  const state = order.state as OrderState;
  const isFirst = told.restores && laterOf(state, 'restored') === 'restored' && state !== 'restored';
  if (isFirst) {
    await sql.insertEntry(client, { ...entry, kind: 'restored', note: null, detail: { swap } });
    const event = { at: told.at.getTime(), kind: 'temporarily_restored' } as const;
    await appendEvents(client, order.fault_ids, event, { userId, nowMs: by.nowMs, entryId: swap });
    await sql.moveOrder(client, order.id, 'restored');
  } else {
    await sql.moveOrder(client, order.id, state);
  }
  await refreshOrders(client, [order.id], by.nowMs);
}
