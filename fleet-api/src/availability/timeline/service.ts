import type { Asked } from '../figures/asked.ts';
import type { StationTimeline, TimelineQuery } from './schemas.ts';
export async function timelineOf(_asked: Asked, _id: number, _query: TimelineQuery): Promise<StationTimeline> {
  throw new Error('not yet');
}
