import type { Queryable } from '../db/index.ts';
import { deviceConditions } from '../registry/devices/list-sql.ts';
import type { DeviceFilter } from '../registry/devices/schemas.ts';

/** Which devices a command is for: named one by one, or whatever fits a filter of the device list at that moment. */
export type Selection = { readonly ids: readonly string[] } | { readonly filter: DeviceFilter };

export interface Target {
  readonly device_key: number;
  readonly device_id: string;
  readonly online: boolean;
  /** Enrolled, not revoked, not retired: able to get a command at all. */
  readonly reachable: boolean;
}

/** Resolves a selection within the caller's regions, in SQL, up to `limit` devices. `scope` null: the whole fleet. */
export async function resolveSelection(
  db: Queryable,
  scope: readonly number[] | null,
  selection: Selection,
  limit: number,
): Promise<readonly Target[]> {
  const conditions = deviceConditions(scope, 'filter' in selection ? selection.filter : {});
  if ('ids' in selection) conditions.where(`l.device_id = any (${conditions.bind(selection.ids)}::text[])`);
  const limitAt = conditions.bind(limit);
  const { rows } = await db.query<Target>(
    `select l.device_key, l.device_id, v.online,
       d.enrolled_at is not null and d.revoked_at is null and d.lifecycle <> 'retired' as reachable
     from device_list l
     join device d on d.device_key = l.device_key
     join device_live v on v.device_key = l.device_key
     ${conditions.sql}
     order by l.device_key limit ${limitAt}`,
    conditions.values,
  );
  return rows;
}
