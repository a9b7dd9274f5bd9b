import type { Queryable } from '../db/index.ts';
import { apiError } from '../http/errors.ts';

/**
 * Refuses to let a device go on before its data are known to be gone (R-DG-10). Back to the station that it left it may go as it
 * is: the data are of there. The caller holds the lock of the device.
 * @throws ApiError `wipe_missing`
 */
export async function requireWiped(
  db: Queryable,
  deviceKeys: readonly number[],
  { exceptStation = null }: { readonly exceptStation?: number | null } = {},
): Promise<void> {
  const { rows } = await db.query<{ serial: string; state: string; place: string | null }>(
    `select d.serial, w.state, (select st.code from station st where st.id = w.station_id) as place
     from wipe_check w join device d on d.device_key = w.device_key
     where w.device_key = any ($1::int[]) and w.state in ('pending', 'failed') and w.station_id is distinct from $2
     order by d.serial limit 1`,
    [deviceKeys, exceptStation],
  );
  const open = rows[0];
  if (open === undefined) return;
  const from = open.place === null ? '' : `, which stood at ${open.place}`;
  const why = open.state === 'failed' ? 'the last attempt to wipe it failed' : 'nobody has recorded that it was wiped';
  throw apiError('wipe_missing', `Device ${open.serial}${from}: ${why}`);
}
