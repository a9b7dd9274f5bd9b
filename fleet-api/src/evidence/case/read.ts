import type { Pool, PoolClient } from '../../db/index.ts';
import { readDevice } from './devices.ts';
import { readClosedFigures, readFigures, readStation } from './stations.ts';
import type { DayFigures, DeviceCase, PeriodCase, StationCase } from './types.ts';

/** A station with its devices and the figures that the platform keeps, all of one moment. */
export interface ReadStation {
  readonly station: StationCase;
  readonly devices: readonly DeviceCase[];
  readonly figures: readonly DayFigures[];
  /** Evidence of the station or about its figures waits to be counted: the figures may lag behind the evidence. */
  readonly isWaiting: boolean;
}

/** $1 station, $2 its devices, $3 contract, $4 and $5 the period. A device's evidence bears on silences around it, so all of it counts. */
const WAITING = `select exists (select from evidence_mark m where m.device_key = any ($2::int[]) or m.station_id = $1
    or m.device_key is null and m.station_id is null and coalesce(m.contract_id, $3) = $3)
  or exists (select from accrual_due d where d.station_id = $1 and d.due && tstzrange($4, $5)) as waiting`;

/**
 * Reads a station's case in one snapshot, so that evidence and figures belong together whatever arrives meanwhile. With `closedIds` the
 * figures are those of the closings.
 */
export async function readStationCase(
  pool: Pool,
  contractId: number,
  stationId: number,
  period: PeriodCase,
  closedIds: readonly number[] | null = null,
): Promise<ReadStation> {
  return snapshot(pool, async (client) => {
    const station = await readStation(client, stationId);
    const installed = station.installations.filter(
      ({ from, to }) => from < period.to && (to === null || to > period.from),
    );
    const devices: DeviceCase[] = [];
    const deviceKeys = [...new Set(installed.map((each) => each.deviceKey))];
    for (const deviceKey of deviceKeys) devices.push(await readDevice(client, deviceKey, period));
    const figures =
      closedIds === null
        ? await readFigures(client, contractId, stationId, period)
        : await readClosedFigures(client, closedIds, stationId, period);
    const { rows } = await client.query<{ waiting: boolean }>(WAITING, [
      stationId,
      deviceKeys,
      contractId,
      new Date(period.from),
      new Date(period.to),
    ]);
    return { station, devices, figures, isWaiting: rows[0]?.waiting ?? true };
  });
}

async function snapshot<T>(pool: Pool, read: (client: PoolClient) => Promise<T>): Promise<T> {
  const client = await pool.connect();
  let broken: Error | undefined;
  try {
    await client.query('begin isolation level repeatable read read only');
    const result = await read(client);
    await client.query('commit');
    return result;
  } catch (error) {
    await client.query('rollback').catch((cause: Error) => {
      broken = cause;
    });
    throw error;
  } finally {
    client.release(broken);
  }
}
