import type { Asked } from './asked.ts';
import type { Compare, CompareQuery } from './schemas.ts';
export async function compareOf(_asked: Asked, _query: CompareQuery): Promise<Compare> {
  throw new Error('not yet');
}
