import { addDays, type Day, dayBounds } from '@uptally/sla';
import type { Queryable } from '../../db/index.ts';
import type { SimPart } from './types.ts';

const TOP = 10;
/** Days that one statement adds up. */
const STRIDE = 7;

export interface SimQuery {
  readonly fromDay: Day;
  readonly toDay: Day;
  readonly timeZone: string;
  readonly devices: ReadonlySet<number>;
  /** Calendar months of the period; 0 if it is not of whole months. */
  readonly months: number;
}

const USED = `select device_key, sum(rx_bytes + tx_bytes)::bigint as bytes from sim_daily
  where bucket >= $1 and bucket < $2 group by device_key`;

/** Traffic of the SIM cards over the period, and the allowance of their pool (R-HN-6). */
export async function simPart(db: Queryable, query: SimQuery): Promise<SimPart> {
  const used = new Map<number, number>();
  for (let day = query.fromDay; day < query.toDay; day = addDays(day, STRIDE)) {
    const next = addDays(day, STRIDE);
    const to = next < query.toDay ? next : query.toDay;
    const { rows } = await db.query<{ device_key: number; bytes: number }>(USED, [
      new Date(dayBounds(query.timeZone, day).from),
      new Date(dayBounds(query.timeZone, to).from),
    ]);
    for (const { device_key, bytes } of rows) {
      if (query.devices.has(device_key) && bytes > 0) used.set(device_key, (used.get(device_key) ?? 0) + bytes);
    }
  }
  const quotas = await selectQuotas(db, [...query.devices]);
  const top = [...used].sort(([a, x], [b, y]) => y - x || a - b).slice(0, TOP);
  const names = await selectNames(
    db,
    top.map(([key]) => key),
  );
  const { months } = query;
  const quotaSum = [...quotas.values()].reduce((a, b) => a + b, 0);
  return {
    cards: used.size,
    bytes: [...used.values()].reduce((a, b) => a + b, 0),
    poolBytes: months === 0 ? null : quotaSum * months,
    overQuota:
      months === 0
        ? null
        : [...used].filter(([key, bytes]) => bytes > (quotas.get(key) ?? Number.POSITIVE_INFINITY) * months).length,
    top: top.map(([key, bytes]) => ({
      device: names.get(key)?.device ?? '',
      station: names.get(key)?.station ?? null,
      bytes,
    })),
  };
}

async function selectQuotas(db: Queryable, keys: readonly number[]): Promise<Map<number, number>> {
  const { rows } = await db.query<{ device_key: number; quota_bytes: number }>(
    `select device_key, quota_bytes from sim_card where device_key = any ($1::int[]) and state = 'active'`,
    [keys],
  );
  return new Map(rows.map(({ device_key, quota_bytes }) => [device_key, quota_bytes]));
}

async function selectNames(db: Queryable, keys: readonly number[]) {
  const { rows } = await db.query<{ device_key: number; device: string; station: string | null }>(
    `select d.device_key, coalesce(d.serial, d.device_id) as device,
       (select concat_ws(' ', si.name, st.name) from installation i join station st on st.id = i.station_id join site si on si.id = st.site_id
       where i.device_key = d.device_key order by i.from_at desc limit 1) as station
     from device d where d.device_key = any ($1::int[])`,
    [keys],
  );
  return new Map(rows.map((row) => [row.device_key, row]));
}
