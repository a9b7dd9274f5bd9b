import { isAllowed } from '../auth/permissions.ts';
import { type ApiError, apiError } from '../http/errors.ts';
import { formerSideOf, type Member, type OrgRef, type Parties, type Side, sideOf } from './parties.ts';
import { EXCLUSION_ACTIONS, type ExclusionAction, type ExclusionState } from './schemas.ts';

/** Files of one exclusion at most. */
export const MAX_FILES = 10;

/** What decides about who may do what with an exclusion. */
export interface Standing {
  readonly state: ExclusionState;
  readonly parties: Parties;
  readonly proposer: OrgRef;
  /** Who asked to withdraw it after it was approved. */
  readonly withdrawer: OrgRef | null;
  /** The caller's regions hold all of the target. */
  readonly covered: boolean;
  readonly fileCount: number;
}

/** What the caller may do now. */
export function actionsFor(standing: Standing, by: Member): ExclusionAction[] {
  return EXCLUSION_ACTIONS.filter((action) => refusalOf(action, standing, by) === null);
}

/**
 * Why the caller may not do it, or null. One organisation proposes; while nothing is decided, it may add files and withdraw. The
 * other side decides. What both agreed on only both undo: an approved exclusion is withdrawn once each side has asked for it, since
 * either may gain by that (excluded time may turn out to have been mostly up, or mostly down).
 */
export function refusalOf(action: ExclusionAction, standing: Standing, by: Member): ApiError | null {
  const needed = action === 'approve' || action === 'reject' ? 'exclusion.decide' : 'exclusion.propose';
  if (!isAllowed(by.role, needed)) return apiError('forbidden', `Role ${by.role} does not hold ${needed}`);
  const side = sideOf(standing.parties, by.org);
  if (side === null) return apiError('exclusion_not_a_party');
  if (!standing.covered) return apiError('out_of_scope', 'The exclusion reaches beyond your regions');
  switch (action) {
    case 'approve':
    case 'reject':
      return refuseDecision(standing, by, side);
    case 'add_file':
      return refuseFile(standing, by);
    case 'withdraw':
      return refuseWithdrawal(standing, by, side);
  }
}

function refuseDecision({ parties, proposer, state }: Standing, by: Member, side: Side): ApiError | null {
  if (by.org.id === proposer.id || formerSideOf(parties, proposer) === side) return apiError('exclusion_own_side');
  return state === 'proposed' ? null : decided(state);
}

function refuseFile({ proposer, state, fileCount }: Standing, by: Member): ApiError | null {
  if (by.org.id !== proposer.id) return apiError('exclusion_not_proposer');
  if (state !== 'proposed') return decided(state);
  return fileCount < MAX_FILES ? null : apiError('too_many_files', `At most ${MAX_FILES} files`);
}

function refuseWithdrawal(standing: Standing, by: Member, side: Side): ApiError | null {
  const { state, proposer, withdrawer, parties } = standing;
  if (state === 'proposed') return by.org.id === proposer.id ? null : apiError('exclusion_not_proposer');
  if (state !== 'approved') return decided(state);
  if (!isAllowed(by.role, 'exclusion.decide')) return apiError('forbidden', 'An approved exclusion changes figures');
  if (withdrawer === null || formerSideOf(parties, withdrawer) !== side) return null;
  return apiError('exclusion_own_side', 'Your side has asked for it already; the other one has to agree');
}

function decided(state: ExclusionState): ApiError {
  return apiError('exclusion_decided', `It has been ${state}`);
}
