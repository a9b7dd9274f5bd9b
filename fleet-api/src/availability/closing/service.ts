import type { Role } from '../../auth/permissions.ts';
import type { Pool } from '../../db/index.ts';
import type { Doer } from '../../registry/shared/doer.ts';
import type { Viewer } from '../contracts/viewer.ts';
import type { Closing, ClosingDetail } from './schemas.ts';
export async function listClosings(_pool: Pool, _viewer: Viewer, _id: number): Promise<Closing[]> {
  throw new Error('not yet');
}
export async function closePeriod(
  _pool: Pool,
  _by: Doer & { viewer: Viewer; role: Role },
  _id: number,
  _period: string,
): Promise<Closing> {
  throw new Error('not yet');
}
export async function closingDetail(
  _pool: Pool,
  _viewer: Viewer,
  _q: { contractId: number; closingId: number; cursor?: string; limit?: number },
): Promise<ClosingDetail> {
  throw new Error('not yet');
}
