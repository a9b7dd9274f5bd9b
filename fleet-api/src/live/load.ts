import type { Queryable } from '../db/index.ts';

/** A device as the fleet state reads it. */
export interface FleetRow {
  readonly device_key: number;
  readonly device_id: string;
  readonly path: readonly number[] | null;
  readonly station_id: number | null;
  readonly lifecycle: string;
  readonly online: boolean;
  readonly faulty: boolean;
  readonly connected: boolean;
  readonly changed_ms: number | null;
  readonly seen_ms: number | null;
}

const COLUMNS = `
  select d.device_key, d.device_id, g.path, i.station_id, d.lifecycle, l.online, l.faulty, l.connected,
    (extract(epoch from l.changed_at) * 1000)::int8 as changed_ms, (extract(epoch from l.last_rcv_at) * 1000)::int8 as seen_ms
  from device d join device_live l using (device_key)
  left join region g on g.id = d.region_id
  left join installation i on i.device_key = d.device_key and i.to_at is null`;

/** These devices; those that are gone are missing from the answer. */
export async function loadDevices(db: Queryable, keys: readonly number[]): Promise<readonly FleetRow[]> {
  const { rows } = await db.query<FleetRow>(`${COLUMNS} where d.device_key = any ($1::int4[])`, [keys]);
  return rows;
}

/** Up to `limit` devices with a key above `after`, in order of their keys. */
export async function loadPage(db: Queryable, after: number, limit: number): Promise<readonly FleetRow[]> {
  const { rows } = await db.query<FleetRow>(`${COLUMNS} where d.device_key > $1 order by d.device_key limit $2`, [
    after,
    limit,
  ]);
  return rows;
}

/** Stations by the path of their site's region. */
export async function loadStations(
  db: Queryable,
): Promise<readonly { readonly path: readonly number[]; readonly stations: number }[]> {
  const { rows } = await db.query<{ path: number[]; stations: number }>(
    `select g.path, count(*)::int as stations from station st join site si on si.id = st.site_id join region g on g.id = si.region_id
     where st.decommissioned_at is null group by g.id, g.path`,
  );
  return rows;
}
