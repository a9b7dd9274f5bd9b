import type { Asked } from './asked.ts';
import type { Budget, ScopeQuery } from './schemas.ts';
export async function budgetOf(_asked: Asked, _query: ScopeQuery): Promise<Budget> {
  throw new Error('not yet');
}
