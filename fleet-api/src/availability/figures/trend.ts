import type { Asked } from './asked.ts';
import type { ScopeQuery, StationFigures, StationFiguresQuery, Trend } from './schemas.ts';
export async function trendOf(_asked: Asked, _query: ScopeQuery): Promise<Trend> {
  throw new Error('not yet');
}
export async function stationFiguresOf(
  _asked: Asked,
  _id: number,
  _query: StationFiguresQuery,
): Promise<StationFigures> {
  throw new Error('not yet');
}
