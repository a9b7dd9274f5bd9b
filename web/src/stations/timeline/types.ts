import type { Answer } from '../../api/client.ts';

export type StationAvailability = Answer<'/api/v1/stations/{id}/availability'>;
export type StationTimeline = Answer<'/api/v1/stations/{id}/timeline'>;
export type Explanation = Answer<'/api/v1/stations/{id}/explain'>;
export type WireSegment = StationTimeline['network'][number];
export type Evidence = Explanation['evidence'][number];
export type Pair = StationAvailability['total'];
export type Figure = Pair['network'];
