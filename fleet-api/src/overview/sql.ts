import type { Queryable } from '../db/index.ts';
import type { AttentionGroup, CountyRow } from './schemas.ts';

type Scope = readonly number[] | null;

/** Regions in scope with the county they belong to; a region outside of any county stands for itself. */
const SCOPED = `scoped as (
  select r.id, coalesce(c.id, r.id) as county_id
  from region r
  left join lateral (select up.id from unnest(r.path) p join region up on up.id = p where up.kind = 'county' limit 1) c on true
  where $1::int[] is null or r.path && $1::int[])`;

export interface CountyCounts extends CountyRow {
  readonly devices: number;
}

/** Every county in scope with its counts. Devices without region form a nameless row, for unrestricted callers. */
export async function selectCounties(db: Queryable, scope: Scope): Promise<CountyCounts[]> {
  const { rows } = await db.query<CountyCounts>(
    `with ${SCOPED},
     placed as (
       select s.county_id, count(*)::int as stations, count(*) filter (where i.id is null)::int as vacant
       from station st join site si on si.id = st.site_id join scoped s on s.id = si.region_id
       left join installation i on i.station_id = st.id and i.to_at is null
       where st.decommissioned_at is null group by s.county_id),
     kept as (
       select s.county_id,
         count(*) filter (where l.lifecycle <> 'retired')::int as devices,
         count(*) filter (where l.lifecycle = 'in_stock')::int as spares,
         count(*) filter (where l.station_id is not null and l.state = 3)::int as online,
         count(*) filter (where l.station_id is not null and l.state = 0)::int as offline,
         count(*) filter (where l.station_id is not null and l.state = 1)::int as faulty,
         count(*) filter (where l.station_id is not null and l.state = 2)::int as never
       from device_list l left join scoped s on s.id = l.region_id
       where s.id is not null or ($1::int[] is null and l.region_id is null)
       group by s.county_id)
     select c.id, coalesce(c.name, '') as name, coalesce(p.stations, 0) as stations, coalesce(p.vacant, 0) as vacant,
       coalesce(k.devices, 0) as devices, coalesce(k.spares, 0) as spares, coalesce(k.online, 0) as online,
       coalesce(k.offline, 0) as offline, coalesce(k.faulty, 0) as faulty, coalesce(k.never, 0) as never
     from placed p full join kept k on k.county_id = p.county_id
     left join region c on c.id = coalesce(p.county_id, k.county_id)
     order by c.sort nulls last, c.code`,
    [scope],
  );
  return rows;
}

/** Counties with devices at stations that are offline or faulty, the worst five devices of each. */
export async function selectAttention(db: Queryable, scope: Scope, counties: number): Promise<AttentionGroup[]> {
  const { rows } = await db.query<AttentionGroup>(
    `with ${SCOPED},
     trouble as (
       select l.device_key, l.state, l.changed_at, l.region_id, s.county_id, l.site_id, l.station_id, l.device_id, l.serial,
         row_number() over (partition by s.county_id order by l.state desc, l.changed_at nulls last, l.device_key) as n
       from device_list l join scoped s on s.id = l.region_id where l.state < 2 and l.station_id is not null)
     select case when c.id is not null then json_build_object('id', c.id, 'name', c.name) end as county,
       count(*) filter (where t.state = 0)::int as offline, count(*) filter (where t.state = 1)::int as faulty,
       min(case when t.state = 0 then t.changed_at end) as oldest_at,
       json_agg(json_build_object(
         'device_id', t.device_id, 'serial', t.serial, 'state', case t.state when 0 then 'offline' else 'faulty' end,
         'since', case when t.state = 0 then t.changed_at else worst.since end,
         'component', worst.component, 'reason', worst.reason, 'township', town.name,
         'site', json_build_object('id', si.id, 'name', si.name),
         'station', json_build_object('id', st.id, 'name', st.name)) order by t.n) filter (where t.n <= 5) as devices
     from trouble t
     left join region c on c.id = t.county_id
     left join region town on town.id = t.region_id and town.kind = 'township' and t.n <= 5
     left join site si on si.id = t.site_id and t.n <= 5
     left join station st on st.id = t.station_id and t.n <= 5
     left join lateral (
       select key as component, value->>'r' as reason, (value->>'since')::timestamptz as since
       from device_live v cross join jsonb_each(v.components)
       where v.device_key = t.device_key and t.n <= 5 and t.state = 1 and value->>'s' = 'fault' order by key limit 1) worst on true
     group by c.id, c.name, c.sort order by count(*) desc, c.sort, c.id limit $2`,
    [scope, counties],
  );
  return rows;
}

/** Incidents with a device in scope that nobody has acknowledged and that are not over. */
export async function countOpenIncidents(db: Queryable, scope: Scope): Promise<number> {
  const { rows } = await db.query<{ n: number }>(
    `select count(*)::int as n from incident i
     where i.resolved_at is null and i.acked_at is null and ($1::int[] is null or exists (
       select 1 from alert a join device d on d.device_key = a.device_key join region r on r.id = d.region_id
       where a.incident_id = i.id and r.path && $1::int[]))`,
    [scope],
  );
  return rows[0]?.n ?? 0;
}
