import { isAllowed } from '../auth/permissions.ts';
import { formerSideOf, type Member, type Side, sideOf } from '../exclusions/parties.ts';
import { type ApiError, apiError } from '../http/errors.ts';
import type { StandingRow } from './detail-sql.ts';
import type { Entry, OrderAction, Pause } from './schemas.ts';
import { isOver, refuseConfirmation, refuseReopening, STEPS, type Step, type ToldStep, WORK_STATES } from './steps.ts';

/** Whose case it is: the parties of its contract, and the contractor that has it. */
export type Concerned = Pick<StandingRow, 'parties' | 'org_id'>;

/** The side on which a person stands in a case. */
export function sideIn(row: Pick<Concerned, 'parties'>, by: Member): Side | null {
  return sideOf(row.parties, by.org);
}

/** True for the people of the contractor that has the order; one without a contractor may be taken by any. */
export function isContractor(row: Pick<Concerned, 'org_id'>, by: Member): boolean {
  return row.org_id === null ? by.org.kind === 'contractor' : row.org_id === by.org.id;
}

/** Refuses those who do not work on the order. @throws ApiError `forbidden`, `order_not_yours` */
export function requireWorker(row: StandingRow, by: Member, action: 'order.work' | 'order.manage'): void {
  const refusal = refuseWorker(row, by, action);
  if (refusal !== null) throw refusal;
}

function refuseWorker(row: StandingRow, by: Member, action: 'order.work' | 'order.manage'): ApiError | null {
  if (!isAllowed(by.role, action)) return apiError('forbidden', `Role ${by.role} does not hold ${action}`);
  return isContractor(row, by) ? null : apiError('order_not_yours');
}

/** True for the people of either side, and of the contractor that has it. */
export function isConcerned(row: Concerned, by: Member): boolean {
  return sideIn(row, by) !== null || isContractor(row, by);
}

/**
 * Who may take faults out of the figures, or give their clocks more time, by his own word: the agency. Where a contract has no agency that could (the baseline, or one without
 * parties), the contractor's managers may.
 */
export function mayWithdraw(row: Concerned, by: Member): boolean {
  const side = sideIn(row, by);
  if (side === 'agency') return isAllowed(by.role, 'pause.decide');
  const alone = row.parties.is_baseline || row.parties.agency_org_id === null;
  return alone && side === 'contractor' && isContractor(row, by) && isAllowed(by.role, 'order.manage');
}

/** Steps that were told since the order was opened, or opened again. */
export function toldSteps(story: readonly Pick<Entry, 'kind' | 'at'>[]): ToldStep[] {
  const again = story.findLastIndex(({ kind }) => kind === 'reopened');
  return story
    .slice(again + 1)
    .filter(({ kind }) => (STEPS as readonly string[]).includes(kind))
    .map(({ kind, at }) => ({ step: kind as Step, at: new Date(at).getTime() }));
}

const STEP_ACTIONS: readonly (readonly [OrderAction, Step])[] = [
  ['acknowledge', 'acknowledged'],
  ['set_out', 'on_the_way'],
  ['arrive', 'on_site'],
  ['restore', 'restored'],
  ['repair', 'repaired'],
];

/** What the caller may do with an order now. */
export function actionsFor(row: StandingRow, story: readonly Pick<Entry, 'kind' | 'at'>[], by: Member): OrderAction[] {
  const actions: OrderAction[] = [];
  const side = sideIn(row, by);
  const works = refuseWorker(row, by, 'order.work') === null;
  const isParty = works || side !== null;
  if (works && WORK_STATES.includes(row.state)) {
    const last = Math.max(-1, ...toldSteps(story).map(({ step }) => STEPS.indexOf(step)));
    actions.push(...STEP_ACTIONS.filter(([, step]) => STEPS.indexOf(step) > last).map(([action]) => action));
  }
  if (refuseWorker(row, by, 'order.manage') === null && WORK_STATES.includes(row.state)) actions.push('assign');
  if (refuseConfirmation(row.state) === null) {
    if (works) actions.push('confirm');
    if (side === 'agency' && isAllowed(by.role, 'order.confirm')) actions.push('confirm_for_site');
  }
  if (works && (row.state === 'repaired' || row.state === 'confirmed')) actions.push('close');
  if (isParty && isAllowed(by.role, 'fault.report') && refuseReopening(row.state) === null) actions.push('reopen');
  if (mayWithdraw(row, by) && WORK_STATES.includes(row.state) && row.faults_open > 0) actions.push('cancel');
  if (isParty && isAllowed(by.role, 'fault.report')) actions.push('comment', 'add_photo');
  if (works && !isOver(row.state)) actions.push('edit');
  if (side !== null && isAllowed(by.role, 'fault.report') && WORK_STATES.includes(row.state) && row.faults_open > 0) {
    actions.push('propose_pause');
  }
  return actions;
}

/** A pause as its entries tell it, with who proposed it. */
export type ToldPause = Omit<Pause, 'actions'> & { readonly proposerOrg: number | null };

/** The pauses of an order, read from its story. */
export function pausesIn(story: readonly Entry[]): ToldPause[] {
  const pauses = new Map<string, ToldPause>();
  for (const entry of story) {
    const { kind, user, org, note, at } = entry;
    const name = typeof entry.detail.pause === 'string' ? entry.detail.pause : '';
    const pause = pauses.get(name);
    if (kind === 'pause_proposed') {
      const { from, to } = entry.detail as { from: string; to: string | null };
      pauses.set(name, {
        pause: name,
        state: 'proposed',
        from,
        to,
        ended_at: null,
        reason: note ?? '',
        proposed: { at, user, org },
        decided: null,
        proposerOrg: org?.id ?? null,
      });
    } else if (pause !== undefined && (kind === 'pause_approved' || kind === 'pause_rejected')) {
      const state = kind === 'pause_approved' ? 'approved' : 'rejected';
      pauses.set(name, { ...pause, state, decided: { at, user, org, note } });
    } else if (pause !== undefined && kind === 'pause_ended') {
      pauses.set(name, { ...pause, state: pause.state === 'approved' ? 'ended' : pause.state, ended_at: at });
    }
  }
  return [...pauses.values()];
}

/** What the caller may do with a pause now. `proposerKind`: of the organisation that proposed it. */
export function pauseActions(pause: ToldPause, row: StandingRow, by: Member, proposerKind: string): Pause['actions'] {
  const actions: Pause['actions'] = [];
  const side = sideIn(row, by);
  if (side === null) return actions;
  if (pause.state === 'proposed' && refuseDecision(pause, row, by, proposerKind) === null)
    actions.push('approve', 'reject');
  const runs = pause.ended_at === null && (pause.state === 'approved' || pause.state === 'proposed');
  if (runs && isAllowed(by.role, 'fault.report')) actions.push('end');
  return actions;
}

/** Why the caller may not decide about a pause, or null: the other side does, nobody about the own side's claim (R-ZJ-4). */
export function refuseDecision(pause: ToldPause, row: StandingRow, by: Member, proposerKind: string): ApiError | null {
  if (!isAllowed(by.role, 'pause.decide')) return apiError('forbidden', `Role ${by.role} does not hold pause.decide`);
  const side = sideIn(row, by);
  if (side === null) return apiError('order_not_yours', 'Only the parties of the contract decide about a pause');
  const proposer = { id: pause.proposerOrg ?? 0, kind: proposerKind };
  if (by.org.id === proposer.id || formerSideOf(row.parties, proposer) === side) return apiError('pause_own_side');
  return pause.state === 'proposed' ? null : apiError('pause_decided', `It has been ${pause.state}`);
}
