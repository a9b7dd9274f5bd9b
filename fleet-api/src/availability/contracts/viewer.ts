import type { FastifyRequest } from 'fastify';
import { callerOf } from '../../auth/caller.ts';
import { scopeOf } from '../../auth/scope.ts';

/** Whose eyes look at contracts: figures are shown to the parties, the platform's own people and nobody else. */
export interface Viewer {
  /** Regions whose subtrees count; null: everything. */
  readonly scope: readonly number[] | null;
  readonly orgId: number;
  /** Administrators see every contract. */
  readonly seesAll: boolean;
}

export function viewerOf(request: FastifyRequest): Viewer {
  const caller = callerOf(request);
  return { scope: scopeOf(caller), orgId: caller.orgId, seesAll: caller.role === 'admin' };
}

/**
 * SQL condition that contract `c` may be seen: the baseline by everybody, others by their parties and the platform's people, as far
 * as they are about a region in scope. Placeholders: scope, organisation, whether all may be seen.
 */
export function contractVisible(scope: string, org: string, seesAll: string): string {
  return `(c.is_baseline
    or (${seesAll}::boolean or ${org}::int in (c.agency_org_id, c.contractor_org_id)
        or exists (select from org o where o.id = ${org}::int and o.kind = 'platform'))
      and (${scope}::int[] is null or exists (
        select from contract_region cr join region r on r.id = cr.region_id
        where cr.contract_id = c.id and (r.path && ${scope}::int[] or exists (
          select from region u where u.id = any (${scope}::int[]) and cr.region_id = any (u.path))))))`;
}
