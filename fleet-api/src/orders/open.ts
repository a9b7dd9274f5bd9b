import type { PoolClient } from '../db/index.ts';
import { lockCases } from '../repair/log.ts';
import { refreshOrders } from '../repair/refresh-orders.ts';
import { loadTerms } from '../repair/terms.ts';

export interface NewOrder {
  /** `incident`: one cause, many stations. */
  readonly kind: 'station' | 'incident';
  /** At least one, all without an order; the first one says contract and cause. */
  readonly faultIds: readonly number[];
  readonly nowMs: number;
  /** Null: telemetry, or the site without an account. */
  readonly userId: number | null;
}

export interface Splitter {
  readonly userId: number | null;
  readonly nowMs: number;
}

/** Opens an order for faults, who then hang on it, and gives its id. Severity is the gravest of the faults. */
export async function openOrder(client: PoolClient, order: NewOrder): Promise<number> {
  const [first] = order.faultIds;
  if (first === undefined) throw new RangeError('an order needs a fault');
  await lockCases(client, order.faultIds);
  const { rows } = await client.query<{ id: number }>(
    `insert into work_order (kind, contract_id, county_id, region_path, site_id, station_id, cause, severity, org_id, opened_at,
       recorded_at)
     select $1::text, f.contract_id, f.county_id,
       case when $1 = 'incident' then coalesce((select path from region where id = f.county_id), f.region_path) else f.region_path end,
       case when $1 = 'station' then f.site_id end, case when $1 = 'station' then f.station_id end, f.cause, f.severity,
       coalesce(c.contractor_org_id, d.org_id), f.opened_at, $3
     from fault f join contract c on c.id = f.contract_id left join device d on d.device_key = f.device_key
     where f.id = $2 returning id`,
    [order.kind, first, new Date(order.nowMs)],
  );
  const { id } = rows[0] as { id: number };
  await client.query(
    `insert into work_order_entry (work_order_id, at, recorded_at, kind, user_id)
     select $1, opened_at, $2, 'opened', $3 from work_order where id = $1`,
    [id, new Date(order.nowMs), order.userId],
  );
  await hang(client, id, order.faultIds, order.nowMs);
  return id;
}

/** Hangs further faults on an open order. */
export async function addFaults(
  client: PoolClient,
  orderId: number,
  faultIds: readonly number[],
  nowMs: number,
): Promise<void> {
  if (faultIds.length === 0) return;
  await client.query('select 1 from work_order where id = $1 for no key update', [orderId]);
  await lockCases(client, faultIds);
  await client.query(
    `insert into work_order_entry (work_order_id, at, recorded_at, kind, detail)
     values ($1, $2, $2, 'faults_added', jsonb_build_object('faults', $3::int[]))`,
    [orderId, new Date(nowMs), faultIds],
  );
  await hang(client, orderId, faultIds, nowMs);
}

/** Takes faults off an order into one of their own, of kind station if they are of one station. Gives its id. */
export async function splitOrder(
  client: PoolClient,
  orderId: number,
  faultIds: readonly number[],
  by: Splitter,
): Promise<number> {
  await lockCases(client, faultIds);
  const { rows } = await client.query<{ places: number }>(
    `select count(distinct (site_id, station_id))::int as places from fault where id = any ($1) and work_order_id = $2`,
    [faultIds, orderId],
  );
  const kind = (rows[0]?.places ?? 0) > 1 ? 'incident' : 'station';
  const id = await openOrder(client, { kind, faultIds, nowMs: by.nowMs, userId: by.userId });
  await client.query(
    `insert into work_order_entry (work_order_id, at, recorded_at, kind, user_id, detail)
     values ($1, $3, $3, 'split', $4, jsonb_build_object('order', $2::int, 'faults', $5::int)),
       ($2, $3, $3, 'split_from', $4, jsonb_build_object('order', $1::int, 'faults', $5::int))`,
    [orderId, id, new Date(by.nowMs), by.userId, faultIds.length],
  );
  await refreshOrders(client, [orderId], by.nowMs);
  return id;
}

async function hang(client: PoolClient, orderId: number, faultIds: readonly number[], nowMs: number): Promise<void> {
  await client.query('update fault set work_order_id = $1 where id = any ($2)', [orderId, faultIds]);
  await regrade(client, orderId);
  await refreshOrders(client, [orderId], nowMs);
}

/** Gives an order the severity of its gravest fault. */
export async function regrade(client: PoolClient, orderId: number): Promise<void> {
  const severity = await gravestOf(client, orderId);
  if (severity !== null) {
    await client.query('update work_order set severity = $2 where id = $1', [orderId, severity]);
  }
}

/** The gravest severity of an order's faults; null if it has none. */
async function gravestOf(client: PoolClient, orderId: number): Promise<string | null> {
  const { rows } = await client.query<{ severity: string; terms: number | null }>(
    `select f.severity, max(t.id) as terms from fault f left join repair_terms t on t.contract_id = f.contract_id
     where f.work_order_id = $1 and f.merged_into is null group by f.severity`,
    [orderId],
  );
  const terms = Math.max(0, ...rows.map((row) => row.terms ?? 0));
  if (rows.length < 2 || terms === 0) return rows[0]?.severity ?? null;
  const book = await loadTerms(client, [terms]);
  return book.gravest(
    String(terms),
    rows.map(({ severity }) => severity),
  );
}
