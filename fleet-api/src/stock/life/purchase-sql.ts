import type { Queryable } from '../../db/index.ts';
import type { PageOf } from '../../http/paging.ts';
import { Filter, regionCondition, scopeCondition } from '../../registry/shared/filter.ts';
import {
  afterCursor,
  type Order,
  orderBy,
  pageByKeyset,
  type SortedRow,
  sortColumns,
} from '../../registry/shared/keyset.ts';
import { dayText, deviceSql, stationSql, storeSql } from '../shared.ts';
import type { Purchase, PurchaseBody, WarrantyItem, WarrantyQuery } from './schemas.ts';
import type { PurchaseRow, TableFault } from './table.ts';

type Scope = readonly number[] | null;

/** Purchase and warranty of a device; `today` is the day in the platform's zone. */
export async function selectPurchase(db: Queryable, deviceKey: number, today: string): Promise<Purchase> {
  const { rows } = await db.query<Purchase>(
    `select ${dayText('p.purchased_on')} as purchased_on, ${dayText('p.warranty_until')} as warranty_until, p.supplier,
       case when p.warranty_until is null then 'unknown' when p.warranty_until >= $2::date then 'in' else 'out' end as warranty,
       (select w.id from wipe_check w where w.device_key = d.device_key and w.state in ('pending', 'failed')) as open_wipe_id,
       (select g.id from repair_leg g where g.device_key = d.device_key and g.returned_at is null) as open_repair_id
     from device d left join device_purchase p on p.device_key = d.device_key where d.device_key = $1`,
    [deviceKey, today],
  );
  return rows[0] as Purchase;
}

export async function setPurchase(
  db: Queryable,
  deviceKey: number,
  { purchased_on, warranty_until, supplier }: PurchaseBody,
  by: { readonly userId: number | null; readonly nowMs: number },
): Promise<void> {
  await db.query(
    `insert into device_purchase (device_key, purchased_on, warranty_until, supplier, updated_by, updated_at)
     values ($1, $2, $3, $4, $5, $6)
     on conflict (device_key) do update set purchased_on = excluded.purchased_on, warranty_until = excluded.warranty_until,
       supplier = excluded.supplier, updated_by = excluded.updated_by, updated_at = excluded.updated_at`,
    [deviceKey, purchased_on, warranty_until, supplier, by.userId, new Date(by.nowMs)],
  );
}

const SOON: Order = {
  name: 'until',
  key: { column: 'p.warranty_until::text', type: 'text' },
  descending: false,
  idColumn: 'd.device_key',
};
const ENDED: Order = { ...SOON, name: '-until', descending: true };

/** Devices whose warranty ends soon, first ones first, or has ended. */
export async function selectWarranties(
  db: Queryable,
  scope: Scope,
  query: WarrantyQuery,
  { today, limit }: { readonly today: string; readonly limit: number },
): Promise<PageOf<WarrantyItem>> {
  const order = query.ended === true ? ENDED : SOON;
  const filter = new Filter();
  const todayAt = `${filter.bind(today)}::date`;
  filter.where(`d.lifecycle <> 'retired'`);
  scopeCondition(filter, 'd.region_id', scope);
  regionCondition(filter, 'd.region_id', query.region);
  if (query.ended === true) filter.where(`p.warranty_until < ${todayAt}`);
  else
    filter.where(`p.warranty_until between ${todayAt} and ${todayAt} + ${filter.bind(query.within_days ?? 90)}::int`);
  afterCursor(filter, order, query.cursor);
  const rows = db.query<WarrantyItem & SortedRow>(
    `select ${deviceSql('d.device_key')} as device, d.lifecycle, ${storeSql('store_of(d.region_id)')} as store,
       ${stationSql('(select i.station_id from installation i where i.device_key = d.device_key and i.to_at is null)')} as station,
       ${dayText('p.purchased_on')} as purchased_on, ${dayText('p.warranty_until')} as warranty_until,
       p.warranty_until - ${todayAt} as days_left, ${sortColumns(order)}
     from device_purchase p join device d on d.device_key = p.device_key ${filter.sql} ${orderBy(order)} limit ${limit + 1}`,
    filter.values,
  );
  return pageByKeyset(rows, limit, order, ({ sort_id: _id, sort_value: _value, ...row }) => row);
}

const ROWS = `rows as (
  select r.line, r.device, r.purchased_on::date, r.warranty_until::date, nullif(r.supplier, '') as supplier, d.device_key
  from unnest($1::int[], $2::text[], $3::text[], $4::text[], $5::text[]) r(line, device, purchased_on, warranty_until, supplier)
  left join device d on (d.serial = r.device or d.device_id = r.device) and ($6::int[] is null
    or d.region_id = any (array(select id from region where path && $6::int[]))))`;

const valuesOf = (rows: readonly PurchaseRow[], scope: Scope): unknown[] => [
  rows.map((row) => row.line),
  rows.map((row) => row.device),
  rows.map((row) => row.purchased_on),
  rows.map((row) => row.warranty_until),
  rows.map((row) => row.supplier),
  scope,
];

/** Rows of devices that are not in scope, or whose warranty would end before they were bought. */
export async function checkRows(db: Queryable, scope: Scope, rows: readonly PurchaseRow[]): Promise<TableFault[]> {
  const { rows: faults } = await db.query<TableFault>(
    `with ${ROWS}
     select r.line, 'device' as "column", 'unknown' as problem, r.device as value from rows r where r.device_key is null
     union all
     select r.line, 'warranty_until', 'order', coalesce(r.warranty_until, p.warranty_until)::text
     from rows r join device_purchase p on p.device_key = r.device_key
     where coalesce(r.warranty_until, p.warranty_until) < coalesce(r.purchased_on, p.purchased_on)
       and (r.warranty_until is null or r.purchased_on is null)
     union all
     select max(r.line), 'device', 'duplicate', max(r.device) from rows r where r.device_key is not null
     group by r.device_key having count(*) > 1
     order by 1 limit 200`,
    valuesOf(rows, scope),
  );
  return faults;
}

/** Takes rows over; how many devices changed. Missing cells change nothing. */
export async function applyRows(
  db: Queryable,
  scope: Scope,
  rows: readonly PurchaseRow[],
  by: { readonly userId: number | null; readonly nowMs: number },
): Promise<number> {
  const { rowCount } = await db.query(
    `with ${ROWS}
     insert into device_purchase as p (device_key, purchased_on, warranty_until, supplier, updated_by, updated_at)
     select device_key, purchased_on, warranty_until, supplier, $7, $8 from rows
     on conflict (device_key) do update set purchased_on = coalesce(excluded.purchased_on, p.purchased_on),
       warranty_until = coalesce(excluded.warranty_until, p.warranty_until), supplier = coalesce(excluded.supplier, p.supplier),
       updated_by = excluded.updated_by, updated_at = excluded.updated_at
     where (p.purchased_on, p.warranty_until, p.supplier) is distinct from (coalesce(excluded.purchased_on, p.purchased_on),
       coalesce(excluded.warranty_until, p.warranty_until), coalesce(excluded.supplier, p.supplier))`,
    [...valuesOf(rows, scope), by.userId, new Date(by.nowMs)],
  );
  return rowCount ?? 0;
}
