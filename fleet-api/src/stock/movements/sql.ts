import type { Queryable } from '../../db/index.ts';
import type { PageOf } from '../../http/paging.ts';
import { Filter, infix } from '../../registry/shared/filter.ts';
import {
  afterCursor,
  type Order,
  orderBy,
  pageByKeyset,
  type SortedRow,
  sortColumns,
} from '../../registry/shared/keyset.ts';
import { deviceSql, orderSql, personSql, stationSql, storeSql } from '../shared.ts';
import type { Movement, MovementQuery } from './schemas.ts';

const NEWEST: Order = { name: '-at', key: { column: 'm.at', type: 'timestamptz' }, descending: true, idColumn: 'm.id' };

const within = (paths: string): string =>
  `(m.to_region in (select id from region where ${paths}) or m.from_region in (select id from region where ${paths}))`;

/** Movements that begin or end in scope, newest first. */
export async function selectMovements(
  db: Queryable,
  scope: readonly number[] | null,
  query: MovementQuery,
  limit: number,
): Promise<PageOf<Movement>> {
  const filter = new Filter();
  if (scope !== null) filter.where(within(`path && ${filter.bind(scope)}::int[]`));
  filter.optional(query.region, (p) => within(`path @> array[${p}::int]`));
  filter.optional(query.kind, (p) => `m.kind = ${p}`);
  filter.optional(query.order, (p) => `m.work_order_id = ${p}`);
  filter.optional(query.from, (p) => `m.at >= ${p}::timestamptz`);
  filter.optional(query.to, (p) => `m.at < ${p}::timestamptz`);
  filter.optional(query.model, (p) => `d.model_id = ${p}`);
  filter.optional(
    query.q === undefined ? undefined : infix(query.q),
    (p) => `(d.serial ilike ${p} or d.device_id ilike ${p})`,
  );
  afterCursor(filter, NEWEST, query.cursor);
  const rows = db.query<Movement & SortedRow>(
    `select m.id, m.at, m.recorded_at, m.kind, ${deviceSql('m.device_key')} as device, m.from_lifecycle, m.to_lifecycle,
       ${storeSql('store_of(m.from_region)')} as "from", ${storeSql('store_of(m.to_region)')} as "to",
       ${stationSql('m.station_id')} as station, ${orderSql('m.work_order_id')} as "order", ${personSql('m.user_id')} as "user",
       m.note, ${sortColumns(NEWEST)}
     from stock_movement m join device d on d.device_key = m.device_key
     ${filter.sql} ${orderBy(NEWEST)} limit ${limit + 1}`,
    filter.values,
  );
  return pageByKeyset(rows, limit, NEWEST, ({ sort_id: _id, sort_value: _value, ...row }) => row);
}

/** Writes a movement that changes neither life-cycle nor region, which the trigger does not see. */
export async function insertMovement(
  db: Queryable,
  row: {
    readonly deviceKey: number;
    readonly kind: 'sent';
    readonly at: Date;
    readonly userId: number | null;
    readonly orderId: number | null;
    readonly note: string | null;
  },
): Promise<void> {
  await db.query(
    `insert into stock_movement (device_key, at, kind, from_lifecycle, to_lifecycle, from_region, to_region, work_order_id, user_id, note)
     select device_key, $2, $3, lifecycle, lifecycle, region_id, region_id, $4, $5, $6 from device where device_key = $1`,
    [row.deviceKey, row.at, row.kind, row.orderId, row.userId, row.note],
  );
}
