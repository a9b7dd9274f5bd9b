import { isAllowed } from '../auth/permissions.ts';
import { formerSideOf, type Member, type OrgRef, type Parties, sideOf } from '../exclusions/parties.ts';
import { type ApiError, apiError } from '../http/errors.ts';
import { TASK_ACTIONS, type Task, type TaskAction } from './schemas.ts';

/** What decides about who may do what with a task. */
export interface Standing {
  readonly state: Task['state'];
  readonly parties: Parties;
  /** Who asked to take it off, if nobody has decided. */
  readonly asker: OrgRef | null;
}

/** What the caller may do now. */
export function actionsFor(standing: Standing, by: Member): TaskAction[] {
  return TASK_ACTIONS.filter((action) => refusalOf(action, standing, by) === null);
}

const NEEDS = {
  start: 'inspection.do',
  finish: 'inspection.do',
  add_file: 'inspection.do',
  assign: 'inspection.plan',
  ask_cancel: 'inspection.cancel',
  decide_cancel: 'inspection.decide',
  withdraw_cancel: 'inspection.cancel',
} as const;

/**
 * Why the caller may not do it, or null. The contractor carries out; what is not to be owed is asked for by one side and decided by
 * the other, since a task that is taken off lifts the rate.
 */
export function refusalOf(action: TaskAction, standing: Standing, by: Member): ApiError | null {
  const needed = NEEDS[action];
  if (!isAllowed(by.role, needed)) return apiError('forbidden', `Role ${by.role} does not hold ${needed}`);
  const side = sideOf(standing.parties, by.org);
  if (side === null) return apiError('inspection_not_a_party');
  const over = overOf(standing.state);
  if (over !== null) return over;
  const { asker, parties, state } = standing;
  switch (action) {
    case 'start':
    case 'finish':
    case 'add_file':
    case 'assign':
      if (side !== 'contractor') return apiError('inspection_not_a_party', 'The contractor carries out inspections');
      return action === 'start' && state === 'started' ? apiError('conflict', 'It has been begun already') : null;
    case 'ask_cancel':
      return asker === null ? null : apiError('conflict', 'A request to take it off waits for a decision already');
    case 'decide_cancel':
      if (asker === null) return apiError('inspection_not_asked');
      return by.org.id === asker.id || formerSideOf(parties, asker) === side ? apiError('inspection_own_side') : null;
    case 'withdraw_cancel':
      if (asker === null) return apiError('inspection_not_asked');
      return by.org.id === asker.id ? null : apiError('inspection_own_side', 'The organisation that asked withdraws');
  }
}

function overOf(state: Task['state']): ApiError | null {
  if (state === 'done') return apiError('inspection_done');
  return state === 'cancelled' ? apiError('inspection_cancelled') : null;
}
