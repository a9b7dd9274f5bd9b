import type { Action } from '../auth/permissions.ts';
import { isAllowed } from '../auth/permissions.ts';
import { contractVisible } from '../availability/contracts/viewer.ts';
import type { PoolClient, Queryable } from '../db/index.ts';
import {
  formerSideOf,
  type Member,
  type OrgRef,
  type Parties,
  type Side,
  sideOf,
  viewerOf,
} from '../exclusions/parties.ts';
import { apiError } from '../http/errors.ts';
import type { Filter } from '../registry/shared/filter.ts';

/** A contract as far as its duties need it. Days are of its zone. */
export interface DutyContract extends Parties {
  readonly id: number;
  readonly code: string;
  readonly name: string;
  readonly time_zone: string;
  readonly term_from: string;
  /** Exclusive; null: open. */
  readonly term_to: string | null;
}

/** A contract that the person sees. @throws ApiError `unknown_reference` */
export async function contractFor(db: Queryable, by: Member, contractId: number): Promise<DutyContract> {
  const viewer = viewerOf(by);
  const { rows } = await db.query<DutyContract>(
    `select c.id, c.code, c.name, c.time_zone, c.is_baseline, c.agency_org_id, c.contractor_org_id, c.term_from::text, c.term_to::text
     from contract c where c.id = $1 and ${contractVisible('$2', '$3', '$4')}`,
    [contractId, viewer.scope, viewer.orgId, viewer.seesAll],
  );
  const contract = rows[0];
  if (contract === undefined) throw apiError('unknown_reference', 'No such contract');
  return contract;
}

/** Restricts rows to contracts `c` that the person sees. */
export function contractsOf(filter: Filter, by: Member): void {
  const viewer = viewerOf(by);
  filter.where(contractVisible(filter.bind(viewer.scope), filter.bind(viewer.orgId), filter.bind(viewer.seesAll)));
}

/** Columns of contract `c`, as JSON. */
export const CONTRACT_JSON = `json_build_object('id', c.id, 'code', c.code, 'name', c.name, 'time_zone', c.time_zone)`;
export const PARTIES_JSON = `json_build_object('is_baseline', c.is_baseline, 'agency_org_id', c.agency_org_id,
  'contractor_org_id', c.contractor_org_id)`;
/** A person by id, as JSON or null. The argument is a column of the calling module. */
export const personJson = (id: string): string =>
  `(select json_build_object('id', who.id, 'name', who.name) from app_user who where who.id = ${id})`;
export const orgJson = (id: string): string =>
  `(select json_build_object('id', side.id, 'name', side.name, 'kind', side.kind) from org side where side.id = ${id})`;

/** The side on which a person acts. @throws ApiError `forbidden`, `exclusion_not_a_party` */
export function requireSide(contract: Parties, by: Member, action: Action): Side {
  if (!isAllowed(by.role, action)) throw apiError('forbidden', `Role ${by.role} does not hold ${action}`);
  const side = sideOf(contract, by.org);
  if (side === null) throw apiError('exclusion_not_a_party');
  return side;
}

/** @throws ApiError `duty_other_side` */
export function requireThisSide(contract: Parties, by: Member, action: Action, wanted: Side): void {
  if (requireSide(contract, by, action) !== wanted) throw apiError('duty_other_side', `Only the ${wanted} does this`);
}

/** The person stands on the other side than the one that proposed. @throws ApiError `duty_own_side` */
export function requireOtherSide(contract: Parties, by: Member, action: Action, proposer: OrgRef): Side {
  const side = requireSide(contract, by, action);
  if (by.org.id === proposer.id || formerSideOf(contract, proposer) === side) throw apiError('duty_own_side');
  return side;
}

/** True if the person could do it as far as role and side go. */
export function mayAs(contract: Parties, by: Member, action: Action, wanted?: Side): boolean {
  const side = sideOf(contract, by.org);
  return isAllowed(by.role, action) && side !== null && (wanted === undefined || side === wanted);
}

/** True if the person's organisation is on the other side than `proposer`. */
export function isOtherSide(contract: Parties, by: Member, proposer: OrgRef): boolean {
  const side = sideOf(contract, by.org);
  return side !== null && by.org.id !== proposer.id && formerSideOf(contract, proposer) !== side;
}

/** Locks rows of one kind in a fixed order: the contract is not changed, only kept from being changed. */
export async function lockContract(client: PoolClient, contractId: number): Promise<void> {
  await client.query('select 1 from contract where id = $1 for share', [contractId]);
}
