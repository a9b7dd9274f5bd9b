import type { Asked } from '../figures/asked.ts';
import type { ExplainQuery, Explanation } from './schemas.ts';
export async function explain(_asked: Asked, _id: number, _query: ExplainQuery): Promise<Explanation> {
  throw new Error('not yet');
}
