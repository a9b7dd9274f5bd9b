import type { FastifyRequest } from 'fastify';
import type { AppContext } from '../context.ts';
import type { Pool } from '../db/index.ts';
import { type Member, memberOf } from '../exclusions/parties.ts';
import { expectedVersion } from '../http/preconditions.ts';

/**
 * What every act on an order begins with: where, who, which order, and the version of it that the caller has seen.
 * @throws ApiError `invalid_request` if If-Match is not one of our ETags
 */
export async function actorOf(
  request: FastifyRequest,
  ctx: AppContext,
): Promise<readonly [pool: Pool, by: Member, id: number, version: number | null]> {
  const { id } = request.params as { id: number };
  return [ctx.pool, await memberOf(request, ctx), id, expectedVersion(request)];
}
