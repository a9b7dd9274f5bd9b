import { seesWholeContract } from '../availability/closing/sql.ts';
import type { Contract } from '../availability/contracts/schemas.ts';
import { getContract } from '../availability/contracts/service.ts';
import type { Queryable } from '../db/index.ts';
import { type Member, type Parties, type Side, sideOf, viewerOf } from '../exclusions/parties.ts';
import { type ApiError, apiError } from '../http/errors.ts';

/** A contract as a person stands to it. */
export interface Frame {
  readonly contract: Contract;
  readonly parties: Parties;
  /** Null: of neither side. */
  readonly side: Side | null;
  /** The person's regions hold all that the contract is about. */
  readonly whole: boolean;
}

/** @throws ApiError `not_found` */
export async function frameOf(db: Queryable, by: Member, contractId: number): Promise<Frame> {
  const contract = await getContract(db, viewerOf(by), contractId);
  const parties = partiesOf(contract);
  return {
    contract,
    parties,
    side: contract.is_baseline ? null : sideOf(parties, by.org),
    whole: contract.is_baseline ? by.scope === null : await seesWholeContract(db, contract.id, by.scope),
  };
}

export function partiesOf({ is_baseline, agency, contractor }: Contract): Parties {
  return { is_baseline, agency_org_id: agency?.id ?? null, contractor_org_id: contractor?.id ?? null };
}

/** Why somebody may not act for a side of the contract, or null. */
export function refuseStranger({ side, whole }: Pick<Frame, 'side' | 'whole'>): ApiError | null {
  if (side === null) return apiError('settlement_not_a_party');
  return whole ? null : apiError('out_of_scope', 'The contract is about regions beyond yours');
}

/** The side that the person acts for. @throws ApiError `settlement_not_a_party`, `out_of_scope` */
export function requireSide(frame: Pick<Frame, 'side' | 'whole'>): Side {
  const refusal = refuseStranger(frame);
  if (refusal !== null) throw refusal;
  return frame.side as Side;
}

/** Exports hold every station of the contract. @throws ApiError `out_of_scope` */
export function requireWhole({ whole }: Pick<Frame, 'whole'>): void {
  if (!whole) throw apiError('out_of_scope', 'The contract is about regions beyond yours');
}

/** Who wrote something, as answers tell it. */
export const personSql = (id: string): string =>
  `(select json_build_object('id', u.id, 'name', u.name) from app_user u where u.id = ${id})`;
export const orgSql = (id: string): string =>
  `(select json_build_object('id', o.id, 'name', o.name, 'kind', o.kind) from org o where o.id = ${id})`;
