import type { Queryable } from '../../db/index.ts';
import type { PageOf } from '../../http/paging.ts';
import { componentsOf, type LiveComponents } from '../../registry/devices/rows.ts';
import { Filter, infix, regionCondition, scopeCondition } from '../../registry/shared/filter.ts';
import {
  afterCursor,
  type Order,
  orderBy,
  pageByKeyset,
  type SortedRow,
  sortColumns,
} from '../../registry/shared/keyset.ts';
import { regionNamesSql } from '../../registry/shared/region-names.ts';
import { stateOf } from '../../registry/shared/state.ts';
import { deviceSql, modelSql, type Store, stationSql, storeSql } from '../shared.ts';
import type { Compatibility, Spare, SpareQuery, StockCell } from './schemas.ts';

type Scope = readonly number[] | null;

/** `place` of a device `d` that stands at no station. */
export const PLACE = `case when d.lifecycle = 'in_stock' then 'in_stock'
  when exists (select 1 from repair_leg g where g.device_key = d.device_key and g.returned_at is null) then 'at_centre'
  else 'in_repair' end`;
/** Whether data may still be on a device `d`. */
export const BLOCKED = `exists (select 1 from wipe_check w where w.device_key = d.device_key and w.state in ('pending', 'failed'))`;

export type CellRow = StockCell & { readonly store: Store };

/** What each store in scope holds of each model, or should; counties with nothing come with one row without a model. */
export async function selectStock(db: Queryable, scope: Scope): Promise<CellRow[]> {
  const { rows } = await db.query<CellRow>(
    `with scoped as materialized (
       select r.id, store_of(r.id) as store from region r where $1::int[] is null or r.path && $1::int[]),
     held as (
       select s.store, d.model_id, ${PLACE} as place, ${BLOCKED} as blocked
       from device d join scoped s on s.id = d.region_id where d.lifecycle in ('in_stock', 'in_repair')),
     counted as (
       select store, model_id, count(*) filter (where place = 'in_stock')::int as in_stock,
         count(*) filter (where place = 'in_stock' and blocked)::int as blocked,
         count(*) filter (where place = 'in_repair')::int as in_repair,
         count(*) filter (where place = 'at_centre')::int as at_centre
       from held group by store, model_id),
     wanted as (
       select m.region_id as store, m.model_id, m.minimum from stock_minimum m
       where m.minimum > 0 and m.region_id in (select id from scoped)),
     cells as (
       select coalesce(c.store, w.store) as store, coalesce(c.model_id, w.model_id) as model_id, coalesce(c.in_stock, 0) as in_stock,
         coalesce(c.blocked, 0) as blocked, coalesce(c.in_repair, 0) as in_repair, coalesce(c.at_centre, 0) as at_centre,
         coalesce(w.minimum, 0) as minimum
       from counted c full join wanted w on w.store = c.store and w.model_id = c.model_id
       union all
       select r.id, null, 0, 0, 0, 0, 0 from region r join scoped s on s.id = r.id
       where r.kind = 'county' and not exists (select 1 from counted c where c.store = r.id)
         and not exists (select 1 from wanted w where w.store = r.id))
     select ${storeSql('c.store')} as store, ${modelSql('c.model_id')} as model, c.in_stock, c.blocked, c.in_repair, c.at_centre,
       c.minimum, greatest(c.minimum - c.in_stock, 0) as missing
     from cells c join region r on r.id = c.store left join device_model m on m.id = c.model_id
     order by r.sort, r.code, m.code nulls last`,
    [scope],
  );
  return rows;
}

const BY_SERIAL: Order = {
  name: 'serial',
  key: { column: 'd.serial', type: 'text' },
  descending: false,
  idColumn: 'd.device_key',
};

type SpareRow = Omit<Spare, 'state' | 'troubles'> &
  SortedRow & { readonly state: number; readonly components: LiveComponents | null };

/** Devices that stand at no station and are not retired, by serial. */
export async function selectSpares(
  db: Queryable,
  scope: Scope,
  query: SpareQuery,
  limit: number,
): Promise<PageOf<Spare>> {
  const filter = new Filter();
  filter.where(`d.lifecycle in ('in_stock', 'in_repair')`);
  scopeCondition(filter, 'd.region_id', scope);
  regionCondition(filter, 'd.region_id', query.region);
  filter.optional(query.model, (p) => `d.model_id = ${p}`);
  filter.optional(query.place, (p) => `${PLACE} = ${p}`);
  filter.optional(
    query.q === undefined ? undefined : infix(query.q),
    (p) => `(d.serial ilike ${p} or d.device_id ilike ${p})`,
  );
  afterCursor(filter, BY_SERIAL, query.cursor);
  const rows = db.query<SpareRow>(
    `select ${deviceSql('d.device_key')} as device, ${PLACE} as place, ${storeSql('store_of(d.region_id)')} as store,
       ${regionNamesSql('d.region_id')} as region, not ${BLOCKED} as wiped, l.state, v.last_rcv_at as last_seen_at, v.components,
       (select max(m.at) from stock_movement m where m.device_key = d.device_key) as since,
       ${stationSql('(select i.station_id from installation i where i.device_key = d.device_key order by i.from_at desc limit 1)')} as home,
       (select g.id from repair_leg g where g.device_key = d.device_key and g.returned_at is null) as repair_id,
       ${sortColumns(BY_SERIAL)}
     from device d left join device_list l on l.device_key = d.device_key left join device_live v on v.device_key = d.device_key
     ${filter.sql} ${orderBy(BY_SERIAL)} limit ${limit + 1}`,
    filter.values,
  );
  return pageByKeyset(rows, limit, BY_SERIAL, ({ sort_id: _id, sort_value: _value, components, state, ...row }) => ({
    ...row,
    state: stateOf(state),
    troubles: troublesIn(components),
  }));
}

/** Components that the last report of a device called faulty or failing. */
export function troublesIn(components: LiveComponents | null): string[] {
  return componentsOf(components)
    .filter(({ state }) => state === 'fault' || state === 'warn')
    .map(({ component }) => component);
}

/** Sets or, with 0, drops a minimum. */
export async function setMinimum(db: Queryable, regionId: number, modelId: number, minimum: number): Promise<void> {
  await db.query(
    minimum === 0
      ? 'delete from stock_minimum where region_id = $1 and model_id = $2 and $3 = 0'
      : `insert into stock_minimum (region_id, model_id, minimum) values ($1, $2, $3)
         on conflict (region_id, model_id) do update set minimum = excluded.minimum`,
    [regionId, modelId, minimum],
  );
}

/** The store that keeps what is kept in a region; null if there is no such region in scope. */
export async function storeOf(
  db: Queryable,
  scope: Scope,
  regionId: number,
): Promise<(Store & { path: number[] }) | null> {
  const { rows } = await db.query<Store & { path: number[] }>(
    `select s.id, s.name, s.path from region r join region s on s.id = store_of(r.id)
     where r.id = $1 and ($2::int[] is null or r.path && $2::int[])`,
    [regionId, scope],
  );
  return rows[0] ?? null;
}

export async function selectCompatibility(db: Queryable): Promise<Compatibility['items']> {
  const { rows } = await db.query<Compatibility['items'][number]>(
    `select ${modelSql('a.id')} as model, coalesce((select json_agg(${modelSql('c.spare_model_id')} order by c.spare_model_id)
       from compatible_model c where c.model_id = a.id), '[]') as stand_ins
     from device_model a order by a.code`,
  );
  return rows;
}

/** Sets the models that may stand in for a model; how many of them there are. */
export async function setStandIns(db: Queryable, modelId: number, standIns: readonly number[]): Promise<number> {
  await db.query('delete from compatible_model where model_id = $1', [modelId]);
  const { rowCount } = await db.query(
    `insert into compatible_model (model_id, spare_model_id)
     select $1, m.id from device_model m where m.id = any ($2::int[]) and m.id <> $1`,
    [modelId, standIns],
  );
  return rowCount ?? 0;
}

export interface LockedSpare {
  readonly device_key: number;
  readonly device_id: string;
  readonly serial: string;
  readonly lifecycle: string;
  readonly model_id: number | null;
  readonly org_id: number | null;
  readonly region_id: number | null;
  readonly store: number | null;
  /** Code of the station where it stands. */
  readonly stands_at: string | null;
  readonly is_away: boolean;
}

/** Locks devices, in the order of their keys, by id or serial. Those outside of the scope are left out. */
export async function lockSpares(db: Queryable, scope: Scope, names: readonly string[]): Promise<LockedSpare[]> {
  await db.query(
    `select 1 from device d where d.device_id = any ($1::text[]) or d.serial = any ($1::text[])
     order by d.device_key for no key update of d`,
    [names],
  );
  const { rows } = await db.query<LockedSpare>(
    `select d.device_key, d.device_id, d.serial, d.lifecycle, d.model_id, d.org_id, d.region_id, store_of(d.region_id) as store,
       (select st.code from installation i join station st on st.id = i.station_id
        where i.device_key = d.device_key and i.to_at is null) as stands_at,
       exists (select 1 from repair_leg g where g.device_key = d.device_key and g.returned_at is null) as is_away
     from device d where (d.device_id = any ($1::text[]) or d.serial = any ($1::text[])) and ($2::int[] is null
       or d.region_id = any (array(select id from region where path && $2::int[])))
     order by d.device_key`,
    [names, scope],
  );
  return rows;
}

/** Moves devices in their life and to a region. */
export async function placeDevices(
  db: Queryable,
  deviceKeys: readonly number[],
  lifecycle: string,
  regionId: number | null,
): Promise<void> {
  await db.query(
    `update device set lifecycle = $2, region_id = coalesce($3, region_id), version = version + 1
     where device_key = any ($1::int[])`,
    [deviceKeys, lifecycle, regionId],
  );
}
