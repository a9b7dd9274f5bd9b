import type { Pool, PoolClient } from '../../db/index.ts';
import { readDevice } from './devices.ts';
import { readClosedFigures, readFigures, readStation } from './stations.ts';
import type { DayFigures, DeviceCase, PeriodCase, StationCase } from './types.ts';

/** A station with its devices and the figures that the platform keeps, all of one moment. */
export interface ReadStation {
  readonly station: StationCase;
  readonly devices: readonly DeviceCase[];
  readonly figures: readonly DayFigures[];
}

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
    for (const deviceKey of new Set(installed.map((each) => each.deviceKey))) {
      devices.push(await readDevice(client, deviceKey, period));
    }
    const figures =
      closedIds === null
        ? await readFigures(client, contractId, stationId, period)
        : await readClosedFigures(client, closedIds, stationId, period);
    return { station, devices, figures };
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
