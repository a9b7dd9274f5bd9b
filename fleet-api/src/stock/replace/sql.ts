import type { Queryable } from '../../db/index.ts';
import type { OrderState } from '../../orders/steps.ts';
import type { LiveComponents } from '../../registry/devices/rows.ts';
import { stateOf } from '../../registry/shared/state.ts';
import { type DeviceRef, deviceSql, modelSql, type Store, stationSql, storeSql } from '../shared.ts';
import { BLOCKED, troublesIn } from '../spares/sql.ts';
import type { Replacement } from './schemas.ts';

type Scope = readonly number[] | null;

export interface Position {
  readonly station: Replacement['station'];
  readonly store: Store;
  readonly old: Replacement['old'];
  readonly model_id: number | null;
  readonly org_id: number | null;
}

/** A station in scope and what stands there; null if there is none. */
export async function selectPosition(db: Queryable, scope: Scope, stationId: number): Promise<Position | null> {
  type Row = Position & {
    readonly device_id: string | null;
    readonly serial: string;
    readonly model: NonNullable<Replacement['old']>['model'];
    readonly since: Date;
    readonly state: number;
    readonly components: LiveComponents | null;
  };
  const { rows } = await db.query<Row>(
    `select ${stationSql('st.id')} as station, ${storeSql('store_of(si.region_id)')} as store, d.device_id, d.serial, d.model_id,
       d.org_id, ${modelSql('d.model_id')} as model, i.from_at as since, l.state, v.components
     from station st join site si on si.id = st.site_id join region r on r.id = si.region_id
     left join installation i on i.station_id = st.id and i.to_at is null left join device d on d.device_key = i.device_key
     left join device_list l on l.device_key = d.device_key left join device_live v on v.device_key = d.device_key
     where st.id = $1 and ($2::int[] is null or r.path && $2::int[])`,
    [stationId, scope],
  );
  const row = rows[0];
  if (row === undefined) return null;
  const { station, store, model_id, org_id, device_id, serial, model, since, state, components } = row;
  const old =
    device_id === null
      ? null
      : { device_id, serial, model, since, state: stateOf(state), troubles: troublesIn(components) };
  return { station, store, model_id, org_id, old };
}

const OPEN_HERE = `o.state not in ('closed', 'cancelled') and (o.station_id = $1
  or exists (select 1 from fault f where f.work_order_id = o.id and f.station_id = $1 and f.merged_into is null and f.status = 'open'))`;

/** Open orders about a station, oldest first. */
export async function selectOrders(db: Queryable, stationId: number): Promise<Replacement['orders']> {
  const { rows } = await db.query<Replacement['orders'][number]>(
    `select o.id, 'W-' || lpad(o.id::text, 6, '0') as number, o.cause, o.title, o.state, o.severity, o.opened_at, o.next_due_at
     from work_order o where ${OPEN_HERE} order by o.opened_at, o.id limit 20`,
    [stationId],
  );
  return rows;
}

export interface LockedOrder {
  readonly id: number;
  readonly state: OrderState;
  readonly org_id: number | null;
  readonly opened_at: Date;
  /** Open faults of it that are of the station. */
  readonly fault_ids: number[];
  /** Open faults of it, of whatever station. */
  readonly open: number;
}

/** Locks an open order about a station; null if it is none. */
export async function lockOrder(db: Queryable, orderId: number, stationId: number): Promise<LockedOrder | null> {
  await db.query('select 1 from work_order where id = $1 for no key update', [orderId]);
  const { rows } = await db.query<LockedOrder>(
    `select o.id, o.state, o.org_id, o.opened_at, array(select f.id from fault f where f.work_order_id = o.id and f.station_id = $1
       and f.merged_into is null and f.status = 'open' order by f.id) as fault_ids,
       (select count(*)::int from fault f where f.work_order_id = o.id and f.merged_into is null and f.status = 'open') as open
     from work_order o where o.id = $2 and ${OPEN_HERE}`,
    [stationId, orderId],
  );
  return rows[0] ?? null;
}

/** Models that may stand in for a model. */
export async function selectStandIns(db: Queryable, modelId: number | null): Promise<ReadonlySet<number>> {
  const { rows } = await db.query<{ id: number }>(
    'select spare_model_id as id from compatible_model where model_id = $1',
    [modelId],
  );
  return new Set(rows.map(({ id }) => id));
}

export interface CandidateRow {
  readonly device: DeviceRef;
  readonly store: Store | null;
  readonly here: boolean;
  readonly model_id: number | null;
  readonly wiped: boolean;
  readonly state: number;
  readonly last_seen_at: Date | null;
  readonly components: LiveComponents | null;
}

/** Spares in stock within scope that the contractor may take, those of a store first. */
export async function selectCandidates(
  db: Queryable,
  scope: Scope,
  at: { readonly storeId: number; readonly orgId: number | null; readonly models: readonly number[] | null },
  limit: number,
): Promise<CandidateRow[]> {
  const { rows } = await db.query<CandidateRow>(
    `with free as (
       select d.device_key, d.model_id, d.region_id, store_of(d.region_id) as store_id from device d
       where d.lifecycle = 'in_stock'
         and ($1::int[] is null or d.region_id = any (array(select id from region where path && $1::int[])))
         and ($3::int is null or d.org_id is null or d.org_id = $3)
         and ($4::int[] is null or d.model_id is null or d.model_id = any ($4::int[])))
     select ${deviceSql('d.device_key')} as device, ${storeSql('d.store_id')} as store, d.store_id is not distinct from $2 as here,
       d.model_id, not ${BLOCKED} as wiped, l.state, v.last_rcv_at as last_seen_at, v.components
     from free d left join device_list l on l.device_key = d.device_key left join device_live v on v.device_key = d.device_key
     order by d.store_id is not distinct from $2 desc, d.device_key limit $5`,
    [scope, at.storeId, at.orgId, at.models, limit],
  );
  return rows;
}

/** Tells in the story of an order that a device took the place of another; the entry's id. */
export async function insertEntry(
  db: Queryable,
  row: {
    readonly orderId: number;
    readonly at: Date;
    readonly nowMs: number;
    readonly kind: 'swap' | 'restored' | 'restored_part';
    readonly userId: number | null;
    readonly orgId: number | null;
    readonly note: string | null;
    readonly detail: object;
  },
): Promise<number> {
  const { rows } = await db.query<{ id: number }>(
    `insert into work_order_entry (work_order_id, at, recorded_at, kind, user_id, org_id, note, detail)
     values ($1, $2, $3, $4, $5, $6, $7, $8) returning id`,
    [row.orderId, row.at, new Date(row.nowMs), row.kind, row.userId, row.orgId, row.note, JSON.stringify(row.detail)],
  );
  return (rows[0] as { id: number }).id;
}

/** Moves an order on, for those who hold an older version. */
export async function moveOrder(db: Queryable, orderId: number, state: string): Promise<void> {
  await db.query('update work_order set state = $2, version = version + 1 where id = $1', [orderId, state]);
}
