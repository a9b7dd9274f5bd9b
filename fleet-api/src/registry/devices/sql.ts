import type { Queryable } from '../../db/index.ts';
import { Filter, scopeCondition } from '../shared/filter.ts';
import { setList } from '../shared/patch.ts';
import { componentsOf, LISTED_COLUMNS, LISTED_FROM, type ListedRow, presentListed } from './rows.ts';
import type { DeviceDetail, DevicePatch, NewDevice } from './schemas.ts';

type Scope = readonly number[] | null;

type DetailRow = ListedRow & Omit<DeviceDetail, keyof ListedRow>;

/** A device in scope with everything its page shows, or null. */
export async function selectDevice(
  db: Queryable,
  scope: Scope,
  deviceId: string,
  month: string,
): Promise<DeviceDetail | null> {
  const filter = new Filter();
  scopeCondition(filter, 'l.region_id', scope);
  filter.where(`l.device_id = ${filter.bind(deviceId)}`);
  const monthAt = filter.bind(month);
  const { rows } = await db.query<DetailRow>(
    `select ${LISTED_COLUMNS(monthAt)}, d.note, d.enrolled_at, d.revoked_at, d.created_at, d.version, d.inventory,
       case when o.id is not null then json_build_object('id', o.id, 'name', o.name) end as org,
       (select json_build_object('from', i.from_at, 'reason', i.reason) from installation i
        where i.device_key = l.device_key and i.to_at is null) as installation,
       (select json_build_object('iccid', c.iccid, 'imsi', c.imsi, 'msisdn', c.msisdn, 'operator', c.operator,
          'quota_bytes', c.quota_bytes, 'state', c.state,
          'used_bytes', case when v.sim_month = ${monthAt}::date then v.sim_bytes else 0 end)
        from sim_card c where c.device_key = l.device_key) as sim,
       (select json_build_object('session', s.session, 'boot', s.boot, 'began_at', s.began_at, 'ended_at', s.ended_at,
          'end_kind', s.end_kind)
        from device_session s where s.device_key = l.device_key order by s.session desc limit 1) as session,
       coalesce(v.health, '{}') as health, v.health_at, coalesce(v.net, '{}') as net, v.net_at, v.fw, v.boot,
       coalesce(v.beat_ms, 60000) as beat_ms, v.cfg_rev,
       (select json_build_object('records', coalesce(sum(upper(r) - lower(r)), 0),
          'missing', coalesce(max(upper(r)) - min(lower(r)) - sum(upper(r) - lower(r)), 0), 'dropped', coalesce(v.gaps_reported, 0))
        from unnest(v.seqs) r) as counters
     from device_list l join device d on d.device_key = l.device_key left join org o on o.id = d.org_id ${LISTED_FROM}
     ${filter.sql}`,
    filter.values,
  );
  const row = rows[0];
  return row === undefined ? null : present(row);
}

function present(row: DetailRow): DeviceDetail {
  const { org, note, enrolled_at, revoked_at, created_at, version, installation, sim, session } = row;
  const { health, health_at, net, net_at, inventory, fw, boot, beat_ms, cfg_rev, counters } = row;
  return {
    ...presentListed(row),
    components: componentsOf(row.components),
    ...{ org, note, enrolled_at, revoked_at, created_at, version, installation, sim, session },
    ...{ health, health_at, net, net_at, inventory, fw, boot, beat_ms, cfg_rev, counters },
  };
}

export interface DeviceHandle {
  readonly device_key: number;
  readonly device_id: string;
  readonly lifecycle: string;
  readonly region_id: number | null;
}

/** Key of a device in scope, or null. */
export async function findDevice(db: Queryable, scope: Scope, deviceId: string): Promise<DeviceHandle | null> {
  const filter = new Filter();
  scopeCondition(filter, 'd.region_id', scope);
  filter.where(`d.device_id = ${filter.bind(deviceId)}`);
  const { rows } = await db.query<DeviceHandle>(
    `select d.device_key, d.device_id, d.lifecycle, d.region_id from device d ${filter.sql}`,
    filter.values,
  );
  return rows[0] ?? null;
}

/** Registers a device together with its live row. A taken id or serial is SQLSTATE 23505. */
export async function insertDevice(db: Queryable, device: NewDevice & { readonly device_id: string }): Promise<number> {
  const { rows } = await db.query<{ device_key: number }>(
    `with d as (insert into device (device_id, serial, model_id, region_id, org_id, note)
       values ($1, $2, $3, $4, $5, $6) returning device_key)
     insert into device_live (device_key) select device_key from d returning device_key`,
    [
      device.device_id,
      device.serial,
      device.model_id ?? null,
      device.region_id ?? null,
      device.org_id ?? null,
      device.note ?? null,
    ],
  );
  return (rows[0] as { device_key: number }).device_key;
}

/** New version, or null if the version was another one. */
export async function updateDevice(
  db: Queryable,
  deviceKey: number,
  patch: DevicePatch,
  expected: number | null,
): Promise<number | null> {
  const set = setList(['serial', 'model_id', 'region_id', 'org_id', 'note', 'lifecycle'], patch, 2);
  const { rows } = await db.query<{ version: number }>(
    `update device set version = version + 1${set === null ? '' : `, ${set.sql}`}
     where device_key = $1 and version = coalesce($2, version) returning version`,
    [deviceKey, expected, ...(set?.values ?? [])],
  );
  return rows[0]?.version ?? null;
}

/** Locks the device and tells whether it stands at a station. */
export async function lockDevice(db: Queryable, deviceKey: number): Promise<{ readonly installed: boolean }> {
  await db.query('select 1 from device where device_key = $1 for no key update', [deviceKey]);
  const { rowCount } = await db.query('select 1 from installation where device_key = $1 and to_at is null', [
    deviceKey,
  ]);
  return { installed: rowCount === 1 };
}
