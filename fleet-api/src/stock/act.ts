import type { PoolClient } from '../db/index.ts';

/** What the ledger of movements is to know of the changes that a transaction makes to devices. */
export interface Act {
  /** When it happened; left out: when the database sees it, or as the installation says. */
  readonly at?: Date;
  readonly userId: number | null;
  readonly note?: string | null;
  readonly orderId?: number | null;
}

/**
 * Tells the trigger that writes `stock_movement` who changes devices in the rest of this transaction, and why. A setting rather
 * than a parameter: whatever moves a device, and wherever in the code, then leaves a complete line. It ends with the transaction.
 */
export async function declareAct(client: PoolClient, { at, userId, note, orderId }: Act): Promise<void> {
  const act = { at: at?.toISOString(), user: userId, note: note ?? null, order: orderId ?? null };
  await client.query(`select set_config('uptally.act', $1, true)`, [JSON.stringify(act)]);
}
