import type { PoolClient } from '../db/index.ts';
import { apiError } from '../http/errors.ts';
import { closedPeriod, type Stretch } from './sql.ts';

/** Time that changes sides must lie in open periods of every contract that holds the station. @throws ApiError `period_closed` */
export async function requireOpen(client: PoolClient, stationId: number, stretches: readonly Stretch[]): Promise<void> {
  for (const stretch of stretches) {
    const closed = await closedPeriod(client, stationId, stretch);
    if (closed !== null) {
      throw apiError('period_closed', `${closed.code}: [${closed.from_day}, ${closed.to_day}) is closed`);
    }
  }
}
