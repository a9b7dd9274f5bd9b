import { isAllowed } from '../../auth/permissions.ts';
import { formerSideOf, type Member, type OrgRef } from '../../exclusions/parties.ts';
import { type ApiError, apiError } from '../../http/errors.ts';
import { type Frame, refuseStranger } from '../access.ts';
import { DOCUMENT_ACTIONS, type DocumentAction, type DocumentState } from './schemas.ts';

/** What of a document decides about who may do what. */
export interface DocumentStanding {
  readonly state: DocumentState;
  /** Who wrote it. */
  readonly author: OrgRef | null;
  readonly proposer: OrgRef | null;
}

export function documentActions(standing: DocumentStanding, frame: Frame, by: Member): DocumentAction[] {
  return DOCUMENT_ACTIONS.filter((action) => refuseDocument(action, standing, frame, by) === null);
}

/** Why the person may not do it, or null: one side writes and proposes, the other agrees or rejects. */
export function refuseDocument(
  action: DocumentAction,
  { state, author, proposer }: DocumentStanding,
  frame: Frame,
  by: Member,
): ApiError | null {
  if (!isAllowed(by.role, 'settlement.write'))
    return apiError('forbidden', `Role ${by.role} does not hold settlement.write`);
  const refusal = refuseStranger(frame);
  if (refusal !== null) return refusal;
  const isOf = (org: OrgRef | null) =>
    org !== null && (org.id === by.org.id || formerSideOf(frame.parties, org) === frame.side);
  switch (action) {
    case 'edit':
    case 'delete':
    case 'propose':
      if (!isOf(author)) return apiError('settlement_own_side', 'A draft belongs to the side that wrote it');
      return state === 'draft' ? null : wrongState(state);
    case 'withdraw':
      if (state !== 'proposed') return wrongState(state);
      return isOf(proposer) ? null : apiError('settlement_own_side', 'Only the side that proposed it withdraws it');
    case 'agree':
    case 'reject':
      if (state !== 'proposed') return wrongState(state);
      return isOf(proposer) ? apiError('settlement_own_side') : null;
  }
}

const wrongState = (state: DocumentState): ApiError => apiError('settlement_state', `The document is ${state}`);
