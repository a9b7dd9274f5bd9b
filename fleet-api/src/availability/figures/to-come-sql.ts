import type { Interval } from '@uptally/sla';
import type { Queryable } from '../../db/index.ts';

/** Suspensions of stations that reach into a window, by station. One without end reaches to the window's. */
export async function selectSuspensions(
  db: Queryable,
  stationIds: readonly number[],
  window: Interval,
): Promise<Map<number, Interval[]>> {
  const { rows } = await db.query<{ station_id: number; from_at: Date; to_at: Date | null }>(
    `select station_id, from_at, to_at from station_suspension
     where station_id = any ($1::int[]) and from_at < $3 and coalesce(to_at, 'infinity') > $2`,
    [stationIds, new Date(window.from), new Date(window.to)],
  );
  const suspensions = new Map<number, Interval[]>();
  for (const { station_id, from_at, to_at } of rows) {
    const interval = { from: from_at.getTime(), to: to_at?.getTime() ?? window.to };
    suspensions.set(station_id, [...(suspensions.get(station_id) ?? []), interval]);
  }
  return suspensions;
}
