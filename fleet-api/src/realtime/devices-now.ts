import type { Queryable } from '../db/index.ts';
import { LISTED_COLUMNS, LISTED_FROM, type ListedRow, presentListed, troublesOf } from '../registry/devices/rows.ts';
import type { DeviceItem } from '../registry/devices/schemas.ts';

export interface DeviceNow {
  readonly regionPath: readonly number[] | null;
  readonly item: DeviceItem;
}

/** Devices as lists show them, with the path of their region. `month`: first day of the current one. */
export async function selectDevicesNow(
  db: Queryable,
  deviceIds: readonly string[],
  month: string,
): Promise<DeviceNow[]> {
  const { rows } = await db.query<ListedRow & { region_path: number[] | null }>(
    `select ${LISTED_COLUMNS('$2')}, (select g.path from region g where g.id = l.region_id) as region_path
     from device_list l ${LISTED_FROM} where l.device_id = any ($1::text[])`,
    [deviceIds, month],
  );
  return rows.map((row) => ({
    regionPath: row.region_path,
    item: { ...presentListed(row), components: troublesOf(row.components) },
  }));
}
