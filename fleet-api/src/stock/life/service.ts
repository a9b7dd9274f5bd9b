import { inTransaction, type Pool, type PoolClient } from '../../db/index.ts';
import { apiError } from '../../http/errors.ts';
import { DEFAULT_LIMIT, type PageOf } from '../../http/paging.ts';
import { deviceKeyOf } from '../../registry/devices/service.ts';
import { type Doer, record } from '../../registry/shared/doer.ts';
import { dayOf } from '../../registry/shared/month.ts';
import * as purchases from './purchase-sql.ts';
import type { LifeEntry, Purchase, PurchaseBody, PurchaseImported, WarrantyItem, WarrantyQuery } from './schemas.ts';
import { selectLife } from './sql.ts';
import { dayIn, type PurchaseRow, readPurchases } from './table.ts';

/** Rows that one statement takes: the embedded database serves nobody else meanwhile. */
const CHUNK = 2000;

/** What a device lived through, newest first. @throws ApiError `not_found` */
export async function readLife(
  pool: Pool,
  by: Doer,
  deviceId: string,
  { cursor, limit = DEFAULT_LIMIT }: { readonly cursor?: string; readonly limit?: number },
): Promise<PageOf<LifeEntry>> {
  return selectLife(pool, await deviceKeyOf(pool, by.scope, deviceId), cursor, limit);
}

/** @throws ApiError `not_found` */
export async function readPurchase(pool: Pool, by: Doer, deviceId: string): Promise<Purchase> {
  const key = await deviceKeyOf(pool, by.scope, deviceId);
  return purchases.selectPurchase(pool, key, dayOf(by.nowMs, by.timeZone));
}

/** @throws ApiError `not_found`, `invalid_request` */
export async function changePurchase(pool: Pool, by: Doer, deviceId: string, wish: PurchaseBody): Promise<Purchase> {
  requireDays(wish);
  await inTransaction(pool, async (client) => {
    const key = await deviceKeyOf(client, by.scope, deviceId);
    await purchases.setPurchase(client, key, wish, { userId: by.actor.userId, nowMs: by.nowMs });
    await record(client, by, 'device.purchase_set', `device:${deviceId}`, wish);
  });
  return readPurchase(pool, by, deviceId);
}

function requireDays({ purchased_on, warranty_until }: PurchaseBody): void {
  for (const [key, day] of Object.entries({ purchased_on, warranty_until })) {
    if (day !== null && dayIn(day) === null) {
      throw apiError('invalid_request', { errors: [{ path: `/body/${key}`, message: 'is no day' }] });
    }
  }
  if (purchased_on !== null && warranty_until !== null && warranty_until < purchased_on) {
    const message = 'must not be before the purchase';
    throw apiError('invalid_request', { errors: [{ path: '/body/warranty_until', message }] });
  }
}

export function listWarranties(pool: Pool, by: Doer, query: WarrantyQuery): Promise<PageOf<WarrantyItem>> {
  const options = { today: dayOf(by.nowMs, by.timeZone), limit: query.limit ?? DEFAULT_LIMIT };
  return purchases.selectWarranties(pool, by.scope, query, options);
}

/** Takes dates over from a table, wholly or, if anything is wrong with it, not at all. */
export async function importPurchases(
  pool: Pool,
  by: Doer,
  { table, dry_run = false }: { readonly table: string; readonly dry_run?: boolean },
): Promise<PurchaseImported> {
  const { rows, faults } = readPurchases(table);
  const report = { rows: rows.length, changed: 0, committed: false };
  if (faults.length > 0) return { ...report, faults: [...faults] };
  return inTransaction(pool, async (client) => {
    const found = await each(rows, (part) => purchases.checkRows(client, by.scope, part));
    if (found.length > 0 || dry_run) return { ...report, faults: found.flat().slice(0, 200) };
    const changed = await apply(client, by, rows);
    await record(client, by, 'device.purchases_imported', 'import:purchases', { rows: rows.length, changed });
    return { ...report, changed, committed: true, faults: [] };
  });
}

async function apply(client: PoolClient, by: Doer, rows: readonly PurchaseRow[]): Promise<number> {
  const who = { userId: by.actor.userId, nowMs: by.nowMs };
  const counts = await each(rows, async (part) => [await purchases.applyRows(client, by.scope, part, who)]);
  return counts.reduce((sum, count) => sum + count, 0);
}

async function each<T>(
  rows: readonly PurchaseRow[],
  work: (part: readonly PurchaseRow[]) => Promise<T[]>,
): Promise<T[]> {
  const all: T[] = [];
  for (let i = 0; i < rows.length; i += CHUNK) all.push(...(await work(rows.slice(i, i + CHUNK))));
  return all;
}
