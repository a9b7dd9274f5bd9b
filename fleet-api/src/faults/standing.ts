import { isAllowed } from '../auth/permissions.ts';
import type { Queryable } from '../db/index.ts';
import { formerSideOf, type Member } from '../exclusions/parties.ts';
import { type ApiError, apiError } from '../http/errors.ts';
import { type Concerned, isConcerned, mayWithdraw, sideIn } from '../orders/standing.ts';
import type { Fault, FaultAction, SeverityProposal } from './schemas.ts';

/** Whose fault it is, and what the contractor proposed about it. */
export interface FaultStanding extends Concerned {
  /** What nobody has decided about yet. */
  readonly proposal: Proposal | null;
}

export interface Proposal extends Omit<SeverityProposal, 'actions'> {
  /** Its name in the log. */
  readonly name: string;
  readonly proposer: { readonly id: number; readonly kind: string };
}

/** Reads it in one statement. */
export async function selectStanding(db: Queryable, faultId: number): Promise<FaultStanding> {
  const { rows } = await db.query<FaultStanding>(
    `select coalesce(w.org_id, c.contractor_org_id) as org_id, json_build_object('is_baseline', c.is_baseline,
         'agency_org_id', c.agency_org_id, 'contractor_org_id', c.contractor_org_id) as parties,
       (select json_build_object('name', e.data ->> 'proposal', 'severity', e.data ->> 'severity', 'reason', e.data ->> 'reason',
            'since', to_timestamp((e.data ->> 'since')::bigint / 1000.0), 'proposer', json_build_object('id', o.id, 'kind', o.kind),
            'proposed', json_build_object('at', e.at, 'org', json_build_object('id', o.id, 'name', o.name), 'user',
              (select json_build_object('id', u.id, 'name', u.name) from app_user u where u.id = e.user_id)))
        from case_event e join org o on o.id = (e.data ->> 'org')::int
        where e.fault_id = f.id and e.kind = 'severity_proposed' and not exists (select from case_event d
          where d.fault_id = f.id and d.kind in ('severity_approved', 'severity_rejected', 'severity_withdrawn')
            and d.data ->> 'proposal' = e.data ->> 'proposal')
        order by e.seq desc limit 1) as proposal
     from fault f join contract c on c.id = f.contract_id left join work_order w on w.id = f.work_order_id where f.id = $1`,
    [faultId],
  );
  if (rows[0] === undefined) throw apiError('not_found');
  return rows[0];
}

/** What the caller may do with a fault now. */
export function actionsFor({ state }: Pick<Fault, 'state'>, standing: FaultStanding, by: Member): FaultAction[] {
  const actions: FaultAction[] = [];
  const manages = isAllowed(by.role, 'order.manage') && isConcerned(standing, by);
  if (state === 'open' && manages) actions.push('change_severity');
  if (state === 'open' && mayWithdraw(standing, by)) actions.push('cancel');
  if (state === 'open' && manages) actions.push('merge');
  // A merge takes a fault out of the figures: the agency may take it back, too.
  if (state === 'merged' && (manages || mayWithdraw(standing, by))) actions.push('unmerge');
  return actions;
}

/** The proposal as it is shown to the caller. */
export function shownProposal(standing: FaultStanding, by: Member): SeverityProposal | null {
  if (standing.proposal === null) return null;
  const { name: _, proposer, ...proposal } = standing.proposal;
  if (refuseDecision(standing, proposer, by) === null) return { ...proposal, actions: ['approve', 'reject'] };
  return { ...proposal, actions: mayTakeBack(proposer, by) ? ['withdraw'] : [] };
}

/** The organisation that proposed a severity may take that back. */
export function mayTakeBack(proposer: Proposal['proposer'], by: Member): boolean {
  return by.org.id === proposer.id && isAllowed(by.role, 'order.manage');
}

/** Why the caller may not decide about what somebody proposed, or null: the other side of the contract does. */
export function refuseDecision(standing: Concerned, proposer: Proposal['proposer'], by: Member): ApiError | null {
  if (!isAllowed(by.role, 'pause.decide')) return apiError('forbidden', `Role ${by.role} does not hold pause.decide`);
  const side = sideIn(standing, by);
  if (side === null) return apiError('order_not_yours', 'Only the parties of the contract decide about a severity');
  const isOwn = by.org.id === proposer.id || formerSideOf(standing.parties, proposer) === side;
  return isOwn ? apiError('severity_own_side') : null;
}
