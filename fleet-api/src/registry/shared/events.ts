import { type Queryable, writeOutbox } from '../../db/index.ts';

/** What of the registry changed, for consoles that show it. */
export type RegistryPart = 'region' | 'site' | 'station' | 'model' | 'sim' | 'import';

/** Tells of a change of the registry, in the transaction of the change. */
export async function tellRegistry(
  db: Queryable,
  what: RegistryPart,
  id: number | string,
  regionId?: number | null,
): Promise<void> {
  const path = regionId == null ? null : await regionPath(db, regionId);
  await writeOutbox(db, [{ kind: 'registry.changed', regionPath: path, payload: { what, id } }]);
}

/** Tells that devices changed (place, life-cycle, data), in the transaction of the change. */
export async function tellDevices(db: Queryable, deviceKeys: readonly number[]): Promise<void> {
  const { rows } = await db.query<{ device_key: number; device_id: string; path: number[] | null }>(
    `select d.device_key, d.device_id, r.path from device d left join region r on r.id = d.region_id
     where d.device_key = any ($1::int[]) order by d.device_key`,
    [deviceKeys],
  );
  await writeOutbox(
    db,
    rows.map((row) => ({
      kind: 'device.changed',
      deviceKey: row.device_key,
      regionPath: row.path,
      payload: { deviceId: row.device_id },
    })),
  );
}

async function regionPath(db: Queryable, regionId: number): Promise<number[] | null> {
  const { rows } = await db.query<{ path: number[] }>('select path from region where id = $1', [regionId]);
  return rows[0]?.path ?? null;
}
