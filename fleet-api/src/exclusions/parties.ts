import type { FastifyRequest } from 'fastify';
import { callerOf } from '../auth/caller.ts';
import type { Role } from '../auth/permissions.ts';
import type { Viewer } from '../availability/contracts/viewer.ts';
import type { AppContext } from '../context.ts';
import { type Doer, doerOf } from '../registry/shared/doer.ts';

/** The two sides of a contract: what one proposes, the other decides. */
export type Side = 'agency' | 'contractor';

export interface OrgRef {
  readonly id: number;
  readonly kind: string;
}

export interface Parties {
  readonly is_baseline: boolean;
  readonly agency_org_id: number | null;
  readonly contractor_org_id: number | null;
}

/** A doer as a member of an organisation. */
export interface Member extends Doer {
  readonly role: Role;
  readonly userId: number;
  readonly org: OrgRef;
}

/** Who asks, and for which organisation. @throws ApiError `unauthenticated` */
export async function memberOf(request: FastifyRequest, ctx: AppContext): Promise<Member> {
  const { role, userId, orgId } = callerOf(request);
  const { rows } = await ctx.pool.query<{ kind: string }>('select kind from org where id = $1', [orgId]);
  return { ...doerOf(request, ctx), role, userId, org: { id: orgId, kind: rows[0]?.kind ?? '' } };
}

/** The side on which an organisation stands, or null. The baseline has no named parties: any agency faces any contractor. */
export function sideOf(contract: Parties, org: OrgRef): Side | null {
  if (contract.is_baseline) return sideByKind(org);
  if (org.id === contract.agency_org_id) return 'agency';
  return org.id === contract.contractor_org_id ? 'contractor' : null;
}

/** The same for an organisation that acted earlier and may have left the contract since: then its kind says where it stood. */
export function formerSideOf(contract: Parties, org: OrgRef): Side | null {
  return sideOf(contract, org) ?? sideByKind(org);
}

function sideByKind({ kind }: OrgRef): Side | null {
  return kind === 'agency' || kind === 'contractor' ? kind : null;
}

/** The same person as a viewer of contracts. */
export function viewerOf({ scope, org, role }: Member): Viewer {
  return { scope, orgId: org.id, seesAll: role === 'admin' };
}
