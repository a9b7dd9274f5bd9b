import { isAllowed } from '../../auth/permissions.ts';
import { formerSideOf, type Member, type OrgRef } from '../../exclusions/parties.ts';
import { type ApiError, apiError } from '../../http/errors.ts';
import { type Frame, refuseStranger } from '../access.ts';
import {
  DISPUTE_ACTIONS,
  type DisputeAction,
  STATEMENT_ACTIONS,
  type StatementAction,
  type StatementState,
} from './schemas.ts';

/** What of a statement decides about who may do what. */
export interface StatementStanding {
  readonly state: StatementState;
  readonly open_disputes: number;
  readonly upheld_disputes: number;
  readonly ever_frozen: boolean;
  readonly submitted_org: OrgRef | null;
  readonly signed_sides: readonly string[];
}

/** States in which a step may be taken. */
const STATES: Readonly<Record<StatementAction, readonly StatementState[]>> = {
  close: ['draft'],
  submit: ['closed'],
  agree: ['submitted'],
  dispute: ['submitted', 'disputed'],
  reopen: ['closed', 'submitted', 'disputed'],
  sign: ['agreed'],
  archive: ['signed'],
  delete: ['draft'],
};

export function statementActions(standing: StatementStanding, frame: Frame, by: Member): StatementAction[] {
  return STATEMENT_ACTIONS.filter((action) => refuseStatement(action, standing, frame, by) === null);
}

/**
 * Why the person may not take the step, or null. The contractor submits, the agency agrees or disputes: nobody decides about his own side's
 * claim. Who submitted takes it back by opening it again; the other side does so once a line is granted to be wrong.
 */
export function refuseStatement(
  action: StatementAction,
  standing: StatementStanding,
  frame: Frame,
  by: Member,
): ApiError | null {
  const needed = action === 'sign' ? 'settlement.sign' : 'settlement.write';
  if (!isAllowed(by.role, needed)) return apiError('forbidden', `Role ${by.role} does not hold ${needed}`);
  const refusal = refuseStranger(frame);
  if (refusal !== null) return refusal;
  const { state, submitted_org, signed_sides } = standing;
  if (action === 'submit' && frame.side !== 'contractor') {
    return apiError('settlement_own_side', 'The contractor submits a statement');
  }
  const isOwnClaim = submitted_org !== null && formerSideOf(frame.parties, submitted_org) === frame.side;
  if (action === 'agree' && isOwnClaim) return apiError('settlement_own_side');
  if (action === 'dispute' && isOwnClaim) {
    return apiError('settlement_own_side', 'Your side submitted it; open it again');
  }
  if (!STATES[action].includes(state)) return apiError('settlement_state', `The statement is ${state}`);
  if (action === 'agree' && standing.upheld_disputes > 0) {
    return apiError('settlement_state', 'A line has been granted to be wrong; open the statement again');
  }
  const isTakenBack = state === 'submitted' && isOwnClaim;
  if (action === 'reopen' && state !== 'closed' && standing.upheld_disputes === 0 && !isTakenBack) {
    return apiError('settlement_state', 'Dispute the line that is wrong, or answer what is disputed');
  }
  if (action === 'sign' && signed_sides.includes(frame.side as string)) {
    return apiError('settlement_state', 'Your side has signed');
  }
  if (action === 'delete' && standing.ever_frozen) return apiError('settlement_state', 'It has been closed before');
  return null;
}

export interface DisputeStanding {
  readonly state: 'open' | 'withdrawn' | 'upheld';
  readonly opener: OrgRef;
}

export function disputeActions(dispute: DisputeStanding, frame: Frame, by: Member): DisputeAction[] {
  return DISPUTE_ACTIONS.filter((action) => refuseDispute(action, dispute, frame, by) === null);
}

/** Who disputes a line may give in, the other side may grant it; both may talk about it. */
export function refuseDispute(
  action: DisputeAction,
  { state, opener }: DisputeStanding,
  frame: Frame,
  by: Member,
): ApiError | null {
  if (!isAllowed(by.role, 'settlement.write')) return apiError('forbidden');
  const refusal = refuseStranger(frame);
  if (refusal !== null) return refusal;
  if (state !== 'open') return apiError('settlement_state', `The dispute is ${state}`);
  const isOwn = by.org.id === opener.id || formerSideOf(frame.parties, opener) === frame.side;
  if (action === 'withdraw')
    return isOwn ? null : apiError('settlement_own_side', 'Only the side that disputes gives in');
  return action === 'uphold' && isOwn ? apiError('settlement_own_side') : null;
}
