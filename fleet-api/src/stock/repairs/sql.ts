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
import { dayText, deviceSql, orderSql, personSql, stationSql, storeSql } from '../shared.ts';
import type { Repair, RepairPatch, RepairQuery } from './schemas.ts';

type Scope = readonly number[] | null;

const HOME_DEVICE = `(select json_build_object('device_id', x.device_id, 'serial', x.serial) from installation i
  join device x on x.device_key = i.device_key where i.station_id = g.station_id and i.to_at is null)`;
const SWAPPABLE = `g.outcome = 'repaired' and g.swapped_back_at is null and d.lifecycle = 'in_stock' and g.station_id is not null
  and not exists (select 1 from repair_leg later where later.device_key = g.device_key and later.id > g.id)
  and exists (select 1 from installation i where i.station_id = g.station_id and i.to_at is null)`;

/** `today` is the placeholder of the day in the platform's zone. */
const columns = (today: string): string =>
  `g.id, ${deviceSql('g.device_key')} as device, d.lifecycle, ${storeSql('store_of(d.region_id)')} as store,
   ${stationSql('g.station_id')} as home, ${HOME_DEVICE} as home_device, ${orderSql('g.work_order_id')} as "order", g.sent_at,
   ${personSql('g.sent_by')} as sent_by, g.centre, g.carrier, g.tracking_no, g.warranty,
   (select ${dayText('p.warranty_until')} from device_purchase p where p.device_key = g.device_key) as warranty_until,
   ${dayText('g.due_on')} as due_on, g.returned_at is null and coalesce(g.due_on < ${today}::date, false) as overdue, g.symptom,
   g.diagnosis, g.repair_fen, g.logistics_fen, g.returned_at, ${personSql('g.returned_by')} as returned_by, g.outcome,
   g.swapped_back_at, ${SWAPPABLE} as can_swap_back, g.version`;
const FROM = 'from repair_leg g join device d on d.device_key = g.device_key';

/** Those due first on top: overdue ones before all others. Without a day they come last. */
const DUE: Order = {
  name: 'due',
  key: { column: `coalesce(g.due_on, '9999-12-31')::text`, type: 'text' },
  descending: false,
  idColumn: 'g.id',
};
const BACK: Order = {
  name: '-back',
  key: { column: 'g.returned_at', type: 'timestamptz' },
  descending: true,
  idColumn: 'g.id',
};
const ALL: Order = {
  name: '-id',
  key: { column: 'g.sent_at', type: 'timestamptz' },
  descending: true,
  idColumn: 'g.id',
};

export interface ListOptions {
  /** Day in the platform's zone, `YYYY-MM-DD`. */
  readonly today: string;
  readonly limit: number;
}

export async function selectRepairs(
  db: Queryable,
  scope: Scope,
  query: RepairQuery,
  { today, limit }: ListOptions,
): Promise<PageOf<Repair>> {
  const state = query.state ?? 'away';
  const order = { away: DUE, back: BACK, all: ALL }[state];
  const filter = new Filter();
  const todayAt = filter.bind(today);
  scopeCondition(filter, 'd.region_id', scope);
  regionCondition(filter, 'd.region_id', query.region);
  filter.optional(query.order, (p) => `g.work_order_id = ${p}`);
  filter.optional(query.device, (p) => `d.device_id = ${p}`);
  if (state === 'away') filter.where('g.returned_at is null');
  if (state === 'back') filter.where('g.returned_at is not null');
  afterCursor(filter, order, query.cursor);
  const rows = db.query<Repair & SortedRow>(
    `select ${columns(todayAt)}, ${sortColumns(order)} ${FROM} ${filter.sql} ${orderBy(order)} limit ${limit + 1}`,
    filter.values,
  );
  return pageByKeyset(rows, limit, order, ({ sort_id: _id, sort_value: _value, ...row }) => row);
}

/** A repair in scope, or null. */
export async function selectRepair(db: Queryable, scope: Scope, id: number, today: string): Promise<Repair | null> {
  const filter = new Filter();
  const todayAt = filter.bind(today);
  scopeCondition(filter, 'd.region_id', scope);
  filter.where(`g.id = ${filter.bind(id)}`);
  const { rows } = await db.query<Repair>(`select ${columns(todayAt)} ${FROM} ${filter.sql}`, filter.values);
  return rows[0] ?? null;
}

export interface LockedRepair {
  readonly id: number;
  readonly device_key: number;
  readonly device_id: string;
  readonly station_id: number | null;
  readonly sent_at: Date;
  readonly from_region: number | null;
  readonly work_order_id: number | null;
  readonly returned_at: Date | null;
  readonly version: number;
}

/** Locks a repair, its device first. */
export async function lockRepair(db: Queryable, id: number): Promise<LockedRepair | null> {
  await db.query(
    'select 1 from device where device_key = (select device_key from repair_leg where id = $1) for no key update',
    [id],
  );
  const { rows } = await db.query<LockedRepair>(
    `select g.id, g.device_key, d.device_id, g.station_id, g.sent_at, g.from_region, g.work_order_id, g.returned_at, g.version
     from repair_leg g join device d on d.device_key = g.device_key where g.id = $1 for no key update of g`,
    [id],
  );
  return rows[0] ?? null;
}

/** What is known of a device that is sent: where it stood last, the order of its last movement, its warranty on a day. */
export async function selectOrigin(
  db: Queryable,
  deviceKey: number,
  day: string,
): Promise<{ readonly station_id: number | null; readonly order_id: number | null; readonly warranty: string }> {
  const { rows } = await db.query<{ station_id: number | null; order_id: number | null; warranty: string }>(
    `select (select i.station_id from installation i where i.device_key = $1 order by i.from_at desc limit 1) as station_id,
       (select m.work_order_id from stock_movement m where m.device_key = $1 order by m.id desc limit 1) as order_id,
       coalesce((select case when p.warranty_until is null then 'unknown' when p.warranty_until >= $2::date then 'in' else 'out' end
         from device_purchase p where p.device_key = $1), 'unknown') as warranty`,
    [deviceKey, day],
  );
  return rows[0] ?? { station_id: null, order_id: null, warranty: 'unknown' };
}

export interface NewRepair {
  readonly deviceKey: number;
  readonly orderId: number | null;
  readonly stationId: number | null;
  readonly at: Date;
  readonly userId: number | null;
  readonly centre: string | null;
  readonly carrier: string | null;
  readonly trackingNo: string | null;
  readonly warranty: string;
  readonly dueOn: string | null;
  readonly symptom: string | null;
  readonly logisticsFen: number;
}

export async function insertRepair(db: Queryable, row: NewRepair): Promise<number> {
  const { rows } = await db.query<{ id: number }>(
    `insert into repair_leg (device_key, work_order_id, station_id, sent_at, sent_by, from_region, centre, carrier, tracking_no,
       warranty, due_on, symptom, logistics_fen)
     select device_key, $2, $3, $4, $5, region_id, $6, $7, $8, $9, $10, $11, $12 from device where device_key = $1 returning id`,
    [
      row.deviceKey,
      row.orderId,
      row.stationId,
      row.at,
      row.userId,
      row.centre,
      row.carrier,
      row.trackingNo,
      row.warranty,
      row.dueOn,
      row.symptom,
      row.logisticsFen,
    ],
  );
  return (rows[0] as { id: number }).id;
}

const EDITABLE = [
  'centre',
  'carrier',
  'tracking_no',
  'warranty',
  'due_on',
  'symptom',
  'diagnosis',
  'repair_fen',
  'logistics_fen',
] as const;

/** False if somebody changed it in between. */
export async function updateRepair(
  db: Queryable,
  id: number,
  patch: RepairPatch,
  version: number | null,
): Promise<boolean> {
  const set = setList(EDITABLE, patch, 2);
  const { rowCount } = await db.query(
    `update repair_leg set version = version + 1${set === null ? '' : `, ${set.sql}`}
     where id = $1 and version = coalesce($2, version)`,
    [id, version, ...(set?.values ?? [])],
  );
  return rowCount === 1;
}

export async function setReturned(
  db: Queryable,
  id: number,
  row: { readonly at: Date; readonly userId: number | null; readonly outcome: string },
): Promise<void> {
  await db.query('update repair_leg set returned_at = $2, returned_by = $3, outcome = $4 where id = $1', [
    id,
    row.at,
    row.userId,
    row.outcome,
  ]);
}

export async function setSwappedBack(db: Queryable, id: number, at: Date): Promise<void> {
  await db.query('update repair_leg set swapped_back_at = $2, version = version + 1 where id = $1', [id, at]);
}

/** What the repairs of an order cost, fen. */
export async function repairCosts(
  db: Queryable,
  orderId: number,
): Promise<{ readonly repair_fen: number; readonly logistics_fen: number }> {
  const { rows } = await db.query<{ repair_fen: number; logistics_fen: number }>(
    `select coalesce(sum(repair_fen), 0)::bigint as repair_fen, coalesce(sum(logistics_fen), 0)::bigint as logistics_fen
     from repair_leg where work_order_id = $1`,
    [orderId],
  );
  return rows[0] ?? { repair_fen: 0, logistics_fen: 0 };
}
