import type { PoolClient } from '../../db/index.ts';
import { type Applied, apply, type Check, duplicates, type ImportContext, IN_SCOPE } from './stage-sql.ts';

/** Each staged device with what it is now and where it stands. */
const NOW = `now_is as (
  select i.line, i.v, d.device_key, d.device_id, d.lifecycle, d.region_id, o.station_id, st.code as station_code
  from import_row i left join device d on d.serial = i.v->>'serial'
  left join installation o on o.device_key = d.device_key and o.to_at is null
  left join station st on st.id = o.station_id)`;

const check = (select: string): Check => `with ${NOW} ${select}`;

export const checks: readonly Check[] = [
  duplicates('serial'),
  duplicates('device_id'),
  duplicates('station_code'),
  check(`select line, 'serial' as key, 'out_of_scope' as code, v->>'serial' as value from now_is
    where device_key is not null and $1::int[] is not null and (region_id is null or region_id not in (${IN_SCOPE}))`),
  check(`select n.line, 'device_id' as key, case when n.device_key is null then 'taken' else 'cannot_move' end as code,
      n.v->>'device_id' as value
    from now_is n left join device other on other.device_id = n.v->>'device_id'
    where n.v ? 'device_id' and (n.device_key is not null and n.device_id <> n.v->>'device_id'
      or n.device_key is null and other.device_key is not null)`),
  check(`select n.line, 'model_code' as key, 'unknown_reference' as code, n.v->>'model_code' as value
    from now_is n left join device_model m on m.code = n.v->>'model_code' where n.v ? 'model_code' and m.id is null`),
  check(`select n.line, 'region_code' as key, 'unknown_reference' as code, n.v->>'region_code' as value
    from now_is n left join region r on r.code = n.v->>'region_code' and r.id in (${IN_SCOPE})
    where n.v ? 'region_code' and r.id is null`),
  check(`select line, 'region_code' as key, 'needs_region' as code, null as value from now_is
    where $1::int[] is not null and device_key is null and not v ?| '{region_code,station_code}'`),
  check(`select n.line, 'station_code' as key,
      case when st.id is null then 'unknown_reference' when st.decommissioned_at is not null then 'decommissioned'
        else 'occupied' end as code, n.v->>'station_code' as value
    from now_is n
    left join (select t.* from station t join site s on s.id = t.site_id where s.region_id in (${IN_SCOPE})) st
      on st.code = n.v->>'station_code'
    left join installation o on o.station_id = st.id and o.to_at is null
    where n.v ? 'station_code' and (st.id is null or st.decommissioned_at is not null
      or o.device_key is not null and o.device_key is distinct from n.device_key)`),
  check(`select line, 'station_code' as key, 'installed_elsewhere' as code, v->>'station_code' as value
    from now_is where v ? 'station_code' and station_id is not null and station_code <> v->>'station_code'`),
  check(`select n.line, 'lifecycle' as key, 'installed' as code, n.v->>'lifecycle' as value
    from now_is n where (n.station_id is not null or n.v ? 'station_code') and coalesce(n.v->>'lifecycle', 'in_service') <> 'in_service'`),
  check(`select n.line, 'region_code' as key, 'installed' as code, n.v->>'region_code' as value
    from now_is n join region r on r.code = n.v->>'region_code'
    left join station t on t.code = coalesce(n.v->>'station_code', n.station_code) left join site s on s.id = t.site_id
    where s.region_id is not null and s.region_id <> r.id`),
  check(`select line, 'lifecycle' as key, 'needs_station' as code, v->>'lifecycle' as value
    from now_is where v->>'lifecycle' = 'in_service' and station_id is null and not v ? 'station_code'`),
  check(`select line, 'station_code' as key, 'retired' as code, v->>'station_code' as value
    from now_is where v ? 'station_code' and station_id is null and lifecycle = 'retired'`),
  check(`select n.line, 'serial' as key, 'not_wiped' as code, n.v->>'serial' as value
    from now_is n join wipe_check w on w.device_key = n.device_key and w.state in ('pending', 'failed')
    left join station t on t.code = n.v->>'station_code' left join region r on r.code = n.v->>'region_code'
    where t.id is not null and t.id is distinct from w.station_id or t.id is null and r.id is distinct from coalesce(n.region_id, r.id)`),
  check(`select n.line, 'installed_at' as key, 'bad_time' as code, n.v->>'installed_at' as value
    from now_is n left join station t on t.code = n.v->>'station_code', context
    where n.v ? 'station_code' and n.station_id is null and n.v ? 'installed_at'
      and ((n.v->>'installed_at')::timestamptz > context.now or exists (
        select 1 from installation e where (e.device_key = n.device_key or e.station_id = t.id)
          and e.to_at > (n.v->>'installed_at')::timestamptz))`),
];

/** New ids are random; nothing else tells devices apart that came in one file. */
const devices = `${NOW},
  wanted as (
    select n.line, n.device_key, n.v->>'serial' as serial, m.id as model_id, coalesce(s.region_id, r.id) as region_id,
      case when t.id is not null then 'in_service' else n.v->>'lifecycle' end as lifecycle, n.v->>'note' as note,
      coalesce(n.v->>'device_id', 'd-' || substr(translate(encode(sha256((gen_random_uuid()::text || n.line)::bytea), 'hex'),
        'abcdef', 'ghjkmn'), 1, 14)) as device_id
    from now_is n left join device_model m on m.code = n.v->>'model_code' left join region r on r.code = n.v->>'region_code'
    left join station t on t.code = n.v->>'station_code' left join site s on s.id = t.site_id),
  changed as (
    update device d set model_id = coalesce(w.model_id, d.model_id), region_id = coalesce(w.region_id, d.region_id),
      lifecycle = coalesce(w.lifecycle, d.lifecycle), note = coalesce(w.note, d.note), version = d.version + 1
    from wanted w where w.device_key = d.device_key
      and (d.model_id, d.region_id, d.lifecycle, d.note) is distinct from (coalesce(w.model_id, d.model_id),
        coalesce(w.region_id, d.region_id), coalesce(w.lifecycle, d.lifecycle), coalesce(w.note, d.note)) returning 1),
  made as (
    insert into device (device_id, serial, model_id, region_id, lifecycle, note)
    select device_id, serial, model_id, region_id, coalesce(lifecycle, 'in_stock'), note from wanted
    where device_key is null order by line returning device_key),
  live as (insert into device_live (device_key) select device_key from made)
  select (select count(*)::int from made) as created, (select count(*)::int from changed) as updated from context`;

const installations = `${NOW},
  begun as (
    insert into installation (device_key, station_id, from_at, reason)
    select n.device_key, t.id, coalesce((n.v->>'installed_at')::timestamptz, context.now), 'import'
    from context, now_is n join station t on t.code = n.v->>'station_code'
    where n.station_id is null order by n.line returning 1)
  select (select count(*)::int from begun) as created, 0 as updated from context`;

export async function upsert(client: PoolClient, context: ImportContext): Promise<Applied> {
  const applied = await apply(client, devices, context);
  await apply(client, installations, context);
  return applied;
}
