import type { Asked } from './asked.ts';
import type { Availability, AvailabilityQuery, Worst, WorstQuery } from './schemas.ts';
export async function availabilityOf(_asked: Asked, _query: AvailabilityQuery): Promise<Availability> {
  throw new Error('not yet');
}
export async function worstOf(_asked: Asked, _query: WorstQuery): Promise<Worst> {
  throw new Error('not yet');
}
