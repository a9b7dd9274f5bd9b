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
import { deviceSql, orderSql, personSql, stationSql, storeSql } from '../shared.ts';
import type { WipeCheck, WipeDetail, WipeQuery } from './schemas.ts';

type Scope = readonly number[] | null;

const COLUMNS = `w.id, ${deviceSql('w.device_key')} as device, d.lifecycle, ${storeSql('store_of(d.region_id)')} as store,
  ${stationSql('w.station_id')} as station, ${orderSql('w.work_order_id')} as "order", w.left_at, w.state, last.method,
  case when w.state = 'clean' then last.at end as wiped_at,
  case when w.state = 'clean' then ${personSql('last.user_id')} end as wiped_by, w.version`;
const FROM = `from wipe_check w join device d on d.device_key = w.device_key
  left join lateral (select r.* from wipe_record r where r.check_id = w.id order by r.id desc limit 1) last on true`;

/** Oldest first: those that wait for longest are on top. */
const OLDEST: Order = {
  name: 'left',
  key: { column: 'w.left_at', type: 'timestamptz' },
  descending: false,
  idColumn: 'w.id',
};
const NEWEST: Order = { ...OLDEST, name: '-left', descending: true };

export async function selectChecks(
  db: Queryable,
  scope: Scope,
  query: WipeQuery,
  limit: number,
): Promise<PageOf<WipeCheck>> {
  const state = query.state ?? 'open';
  const order = state === 'open' ? OLDEST : NEWEST;
  const filter = new Filter();
  scopeCondition(filter, 'd.region_id', scope);
  regionCondition(filter, 'd.region_id', query.region);
  if (state === 'open') filter.where(`w.state in ('pending', 'failed')`);
  if (state === 'clean') filter.where(`w.state = 'clean'`);
  afterCursor(filter, order, query.cursor);
  const rows = db.query<WipeCheck & SortedRow>(
    `select ${COLUMNS}, ${sortColumns(order)} ${FROM} ${filter.sql} ${orderBy(order)} limit ${limit + 1}`,
    filter.values,
  );
  return pageByKeyset(rows, limit, order, ({ sort_id: _id, sort_value: _value, ...row }) => row);
}

/** A check in scope, or null. */
export async function selectCheck(db: Queryable, scope: Scope, id: number): Promise<WipeCheck | null> {
  const filter = new Filter();
  scopeCondition(filter, 'd.region_id', scope);
  filter.where(`w.id = ${filter.bind(id)}`);
  const { rows } = await db.query<WipeCheck>(`select ${COLUMNS} ${FROM} ${filter.sql}`, filter.values);
  return rows[0] ?? null;
}

export async function selectRecords(db: Queryable, id: number): Promise<WipeDetail['records']> {
  const { rows } = await db.query<WipeDetail['records'][number]>(
    `select r.id, r.at, ${personSql('r.user_id')} as "user", r.method, r.result, r.note from wipe_record r
     where r.check_id = $1 order by r.id`,
    [id],
  );
  return rows;
}

export interface OpenCheck {
  readonly id: number;
  readonly device_id: string;
  readonly state: WipeCheck['state'];
  readonly left_at: Date;
  readonly version: number;
}

/** Locks a check. */
export async function lockCheck(db: Queryable, id: number): Promise<OpenCheck | null> {
  const { rows } = await db.query<OpenCheck>(
    `select w.id, d.device_id, w.state, w.left_at, w.version from wipe_check w join device d on d.device_key = w.device_key
     where w.id = $1 for no key update of w`,
    [id],
  );
  return rows[0] ?? null;
}

/** The open check of a device; null if it has none. */
export async function openCheckOf(db: Queryable, deviceKey: number): Promise<number | null> {
  const { rows } = await db.query<{ id: number }>(
    `select id from wipe_check where device_key = $1 and state in ('pending', 'failed')`,
    [deviceKey],
  );
  return rows[0]?.id ?? null;
}

export interface NewRecord {
  readonly checkId: number;
  readonly at: Date;
  readonly userId: number | null;
  readonly method: string;
  readonly result: 'clean' | 'failed';
  readonly note: string | null;
}

export async function insertRecord(db: Queryable, row: NewRecord): Promise<void> {
  await db.query(
    `with r as (insert into wipe_record (check_id, at, user_id, method, result, note) values ($1, $2, $3, $4, $5, $6))
     update wipe_check set state = $5, version = version + 1 where id = $1`,
    [row.checkId, row.at, row.userId, row.method, row.result, row.note],
  );
}
