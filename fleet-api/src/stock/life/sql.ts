import type { Queryable } from '../../db/index.ts';
import { apiError } from '../../http/errors.ts';
import { cursorFrom, type PageOf, pageOf } from '../../http/paging.ts';
import { orderSql, personSql, stationSql, storeSql } from '../shared.ts';
import type { LifeEntry } from './schemas.ts';

const ORDER = '-at';

/** What a device lived through: one select a source, each with the same columns. $1 is the device's key. */
const LIFE = `
  select m.at, 'm' || lpad(m.id::text, 12, '0') as tag, m.kind, m.to_lifecycle as lifecycle, m.station_id, m.from_region, m.to_region,
    m.work_order_id, m.user_id, m.note, null::int as fault_id, null::int as wipe_id,
    (select g.id from repair_leg g where g.device_key = m.device_key and (m.kind = 'sent' and g.sent_at = m.at
       or m.kind in ('returned', 'retired') and g.returned_at = m.at) limit 1) as repair_id
  from stock_movement m where m.device_key = $1
  union all
  select i.from_at, 'i' || lpad(i.id::text, 12, '0'), 'installed', 'in_service', i.station_id, null, null, null, null, i.reason,
    null, null, null
  from installation i where i.device_key = $1 and not exists (
    select 1 from stock_movement m where m.device_key = $1 and m.kind = 'installed' and m.at = i.from_at)
  union all
  select i.to_at, 'j' || lpad(i.id::text, 12, '0'), 'removed', null, i.station_id, null, null, null, null, null, null, null, null
  from installation i where i.device_key = $1 and i.to_at is not null and not exists (
    select 1 from stock_movement m where m.device_key = $1 and m.from_lifecycle = 'in_service' and m.at = i.to_at)
  union all
  select d.enrolled_at, 'e', 'enrolled', null, null, null, null, null, null, null, null, null, null
  from device d where d.device_key = $1 and d.enrolled_at is not null
  union all
  select d.revoked_at, 'r', 'revoked', null, null, null, null, null, null, null, null, null, null
  from device d where d.device_key = $1 and d.revoked_at is not null
  union all
  select f.opened_at, 'f' || lpad(f.id::text, 12, '0'), 'fault', null, f.station_id, null, null, f.work_order_id, null,
    nullif(f.description, ''), f.id, null, null
  from fault f where f.device_key = $1 and f.merged_into is null
  union all
  select w.at, 'w' || lpad(w.id::text, 12, '0'), 'wiped', null, null, null, null, c.work_order_id, w.user_id, w.note, null, w.id, null
  from wipe_check c join wipe_record w on w.check_id = c.id where c.device_key = $1`;

type Row = LifeEntry & { readonly tag: string; readonly at_text: string };

/** The life of a device, newest first. The caller has checked that it is in scope. */
export async function selectLife(
  db: Queryable,
  deviceKey: number,
  cursor: string | undefined,
  limit: number,
): Promise<PageOf<LifeEntry>> {
  const after = cursorFrom(cursor, ORDER, 2);
  if (
    after !== null &&
    (after.some((value) => typeof value !== 'string') || Number.isNaN(Date.parse(String(after[0]))))
  ) {
    throw apiError('invalid_cursor');
  }
  const { rows } = await db.query<Row>(
    `with life as (${LIFE}), page as (
       select * from life where $2::timestamptz is null or (at, tag) < ($2::timestamptz, $3::text)
       order by at desc, tag desc limit ${limit + 1})
     select p.at, p.tag, p.at::text as at_text, p.kind, p.lifecycle, ${stationSql('p.station_id')} as station,
       ${storeSql('store_of(p.from_region)')} as "from", ${storeSql('store_of(p.to_region)')} as "to",
       ${orderSql('p.work_order_id')} as "order", ${personSql('p.user_id')} as "user", p.note,
       (select json_build_object('id', f.id, 'cause', f.cause, 'component', f.component, 'status', f.status, 'ended_at', f.ended_at)
        from fault f where f.id = p.fault_id) as fault,
       (select json_build_object('check_id', w.check_id, 'method', w.method, 'result', w.result)
        from wipe_record w where w.id = p.wipe_id) as wipe,
       (select json_build_object('id', g.id, 'outcome', g.outcome, 'diagnosis', g.diagnosis, 'centre', g.centre, 'carrier', g.carrier,
          'tracking_no', g.tracking_no, 'warranty', g.warranty, 'repair_fen', g.repair_fen, 'logistics_fen', g.logistics_fen)
        from repair_leg g where g.id = p.repair_id) as repair
     from page p order by p.at desc, p.tag desc`,
    [deviceKey, after?.[0] ?? null, after?.[1] ?? null],
  );
  const page = pageOf(rows, limit, ORDER, (row) => [row.at_text, row.tag]);
  return { ...page, items: page.items.map(({ tag: _tag, at_text: _text, ...entry }) => entry) };
}
