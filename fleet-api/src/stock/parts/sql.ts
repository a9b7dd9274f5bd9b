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
import { setList } from '../../registry/shared/patch.ts';
import { orderSql, personSql, storeSql } from '../shared.ts';
import type { NewPart, Part, PartMovement, PartMovementQuery, PartPatch } from './schemas.ts';

type Scope = readonly number[] | null;

/** Parts by code with what the stores in scope have of each. */
export async function selectParts(
  db: Queryable,
  scope: Scope,
  { region, retired = false, id }: { readonly region?: number; readonly retired?: boolean; readonly id?: number },
): Promise<Part[]> {
  const { rows } = await db.query<Part>(
    `select p.id, p.code, p.name, p.unit, p.price_fen, p.is_retired, p.version,
       coalesce((select json_agg(json_build_object('store', json_build_object('id', r.id, 'name', r.name), 'quantity', s.quantity,
           'minimum', s.minimum, 'missing', greatest(s.minimum - s.quantity, 0)) order by r.sort, r.code)
         from part_stock s join region r on r.id = s.region_id
         where s.part_id = p.id and (s.quantity > 0 or s.minimum > 0) and ($1::int[] is null or r.path && $1::int[])
           and ($2::int is null or s.region_id = $2)), '[]') as stores
     from part p where ($3 or not p.is_retired) and ($4::int is null or p.id = $4) order by p.code`,
    [scope, region ?? null, retired, id ?? null],
  );
  return rows;
}

/** Id of a new part. A taken code is SQLSTATE 23505. */
export async function insertPart(db: Queryable, part: NewPart): Promise<number> {
  const { rows } = await db.query<{ id: number }>(
    'insert into part (code, name, unit, price_fen) values ($1, $2, $3, $4) returning id',
    [part.code, part.name, part.unit, part.price_fen],
  );
  return (rows[0] as { id: number }).id;
}

/** False if there is no such part or its version is another one. */
export async function updatePart(
  db: Queryable,
  id: number,
  patch: PartPatch,
  version: number | null,
): Promise<boolean> {
  const set = setList(['code', 'name', 'unit', 'price_fen', 'is_retired'], patch, 2);
  const { rowCount } = await db.query(
    `update part set version = version + 1${set === null ? '' : `, ${set.sql}`} where id = $1 and version = coalesce($2, version)`,
    [id, version, ...(set?.values ?? [])],
  );
  return rowCount === 1;
}

export async function setMinimum(db: Queryable, partId: number, regionId: number, minimum: number): Promise<void> {
  await db.query(
    `insert into part_stock (part_id, region_id, minimum) values ($1, $2, $3)
     on conflict (part_id, region_id) do update set minimum = excluded.minimum`,
    [partId, regionId, minimum],
  );
}

export interface Shelf {
  readonly quantity: number;
  readonly minimum: number;
  readonly code: string;
  readonly name: string;
  readonly unit: string;
  readonly price_fen: number;
  readonly is_retired: boolean;
  readonly path: readonly number[];
}

/** Locks what a store has of a part, made if it had none; null if there is no such part. */
export async function lockShelf(db: Queryable, partId: number, regionId: number): Promise<Shelf | null> {
  await db.query(
    'insert into part_stock (part_id, region_id) select id, $2 from part where id = $1 on conflict do nothing',
    [partId, regionId],
  );
  const { rows } = await db.query<Shelf>(
    `select s.quantity, s.minimum, p.code, p.name, p.unit, p.price_fen, p.is_retired, r.path
     from part_stock s join part p on p.id = s.part_id join region r on r.id = s.region_id
     where s.part_id = $1 and s.region_id = $2 for no key update of s`,
    [partId, regionId],
  );
  return rows[0] ?? null;
}

export interface NewMove {
  readonly partId: number;
  readonly regionId: number;
  readonly at: Date;
  readonly kind: PartMovement['kind'];
  readonly change: number;
  readonly quantity: number;
  readonly orderId: number | null;
  readonly userId: number | null;
  readonly reason: string | null;
}

/** Changes what a locked shelf has, and writes down why. */
export async function move(db: Queryable, row: NewMove): Promise<void> {
  await db.query(
    `with m as (
       insert into part_movement (part_id, region_id, at, kind, change, quantity, work_order_id, user_id, reason)
       values ($1, $2, $3, $4, $5, $6, $7, $8, $9))
     update part_stock set quantity = $6 where part_id = $1 and region_id = $2`,
    [row.partId, row.regionId, row.at, row.kind, row.change, row.quantity, row.orderId, row.userId, row.reason],
  );
}

const NEWEST: Order = { name: '-id', key: { column: 'm.id', type: 'bigint' }, descending: true, idColumn: 'm.id' };

export async function selectMoves(
  db: Queryable,
  scope: Scope,
  query: PartMovementQuery,
  limit: number,
): Promise<PageOf<PartMovement>> {
  const filter = new Filter();
  scopeCondition(filter, 'm.region_id', scope);
  regionCondition(filter, 'm.region_id', query.region);
  filter.optional(query.part, (p) => `m.part_id = ${p}`);
  filter.optional(query.order, (p) => `m.work_order_id = ${p}`);
  afterCursor(filter, NEWEST, query.cursor);
  const rows = db.query<PartMovement & SortedRow>(
    `select m.id, m.at, m.kind, json_build_object('id', p.id, 'code', p.code, 'name', p.name, 'unit', p.unit,
         'price_fen', p.price_fen) as part, ${storeSql('m.region_id')} as store, m.change, m.quantity,
       ${orderSql('m.work_order_id')} as "order", ${personSql('m.user_id')} as "user", m.reason, ${sortColumns(NEWEST)}
     from part_movement m join part p on p.id = m.part_id ${filter.sql} ${orderBy(NEWEST)} limit ${limit + 1}`,
    filter.values,
  );
  return pageByKeyset(rows, limit, NEWEST, ({ sort_id: _id, sort_value: _value, ...row }) => row);
}
