import type { PoolClient } from '../../db/index.ts';
import { type Applied, apply, type Check, duplicates, type ImportContext, IN_SCOPE } from './stage-sql.ts';

export const checks: readonly Check[] = [
  duplicates('iccid'),
  duplicates('device_serial'),
  `select i.line, 'device_serial' as key, 'unknown_reference' as code, i.v->>'device_serial' as value
   from import_row i left join device d on d.serial = i.v->>'device_serial'
     and ($1::int[] is null or d.region_id in (${IN_SCOPE}))
   where i.v ? 'device_serial' and d.device_key is null`,
  `select i.line, 'device_serial' as key, 'missing' as code, null as value from import_row i
   where $1::int[] is not null and not i.v ? 'device_serial'
     and not exists (select 1 from sim_card c where c.iccid = i.v->>'iccid')`,
  `select i.line, 'iccid' as key, 'out_of_scope' as code, i.v->>'iccid' as value
   from import_row i join sim_card c on c.iccid = i.v->>'iccid' left join device d on d.device_key = c.device_key
   where $1::int[] is not null and (d.region_id is null or d.region_id not in (${IN_SCOPE}))`,
  // A card that the same file gives to another device is no obstacle.
  `select i.line, 'device_serial' as key, 'taken' as code, i.v->>'device_serial' as value
   from import_row i join device d on d.serial = i.v->>'device_serial' join sim_card c on c.device_key = d.device_key
   where c.iccid <> i.v->>'iccid' and not exists (
     select 1 from import_row o where o.v->>'iccid' = c.iccid and o.v ? 'device_serial'
       and o.v->>'device_serial' <> i.v->>'device_serial')`,
];

/** Cards that go to another device leave the old one first: a device has one card at any moment. */
const loosen = `loosened as (
    update sim_card c set device_key = null
    from import_row i join device d on d.serial = i.v->>'device_serial'
    where c.iccid = i.v->>'iccid' and c.device_key <> d.device_key returning 1)
  select 0 as created, (select count(*)::int from loosened) as updated from context`;

const statement = `wanted as (
    select c.id, i.line, i.v->>'iccid' as iccid, coalesce(i.v->>'imsi', c.imsi) as imsi,
      coalesce(i.v->>'msisdn', c.msisdn) as msisdn, coalesce(i.v->>'operator', c.operator) as operator,
      coalesce((i.v->>'quota_bytes')::bigint, c.quota_bytes, 524288000) as quota_bytes,
      coalesce(i.v->>'state', c.state, 'active') as state, coalesce(d.device_key, c.device_key) as device_key
    from import_row i left join sim_card c on c.iccid = i.v->>'iccid' left join device d on d.serial = i.v->>'device_serial'),
  changed as (
    update sim_card c set imsi = w.imsi, msisdn = w.msisdn, operator = w.operator, quota_bytes = w.quota_bytes,
      state = w.state, device_key = w.device_key, version = c.version + 1
    from wanted w where w.id = c.id
      and (c.imsi, c.msisdn, c.operator, c.quota_bytes, c.state, c.device_key) is distinct from
        (w.imsi, w.msisdn, w.operator, w.quota_bytes, w.state, w.device_key) returning 1),
  made as (
    insert into sim_card (iccid, imsi, msisdn, operator, quota_bytes, state, device_key)
    select iccid, imsi, msisdn, operator, quota_bytes, state, device_key from wanted where id is null order by line returning 1)
  select (select count(*)::int from made) as created, (select count(*)::int from changed) as updated from context`;

export async function upsert(client: PoolClient, context: ImportContext): Promise<Applied> {
  await apply(client, loosen, context);
  return apply(client, statement, context);
}
