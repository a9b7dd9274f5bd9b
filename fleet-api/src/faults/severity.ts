import { inTransaction, type Pool, type PoolClient } from '../db/index.ts';
import type { Member } from '../exclusions/parties.ts';
import { apiError } from '../http/errors.ts';
import { regrade } from '../orders/open.ts';
import { mayWithdraw } from '../orders/standing.ts';
import { record } from '../registry/shared/doer.ts';
import { easesClocks } from '../repair/eases.ts';
import { appendEvents, type NewCaseEvent } from '../repair/log.ts';
import { currentTerms } from '../repair/terms.ts';
import { lockFaults } from './detail-sql.ts';
import type { FaultDetail } from './schemas.ts';
import { badField, changing, getFault, subjectOf, visible } from './service.ts';
import { mayTakeBack, type Proposal, refuseDecision, selectStanding } from './standing.ts';
import { tellFaults } from './tell.ts';

interface Wish {
  readonly severity: string;
  /** A correction holds from here; left out: from now on. */
  readonly since?: string;
  readonly reason: string;
}

/**
 * Sets another severity. What would give the contractor more time is only proposed by its word: it holds once the agency approves it.
 * @throws ApiError `not_found`, `fault_over`, `order_not_yours`, `unknown_severity`, `invalid_request`, `severity_pending`
 */
export function changeSeverity(pool: Pool, by: Member, id: number, wish: Wish): Promise<FaultDetail> {
  return changing(pool, by, id, async (client, fault, standing) => {
    const { severity, since, reason } = wish;
    await requireKnown(client, fault.contract_id, severity);
    const at = since === undefined ? by.nowMs : Date.parse(since);
    if (at > by.nowMs || at < fault.opened_at.getTime()) {
      throw badField('/body/since', 'must lie between the opening of the fault and now');
    }
    const isEasier = await easesClocks(client, id, { at, severity }, by.nowMs);
    if (!isEasier || mayWithdraw(standing, by)) {
      await append(client, by, fault, { at, kind: 'severity_changed', data: { severity } });
      await record(client, by, 'fault.severity_changed', subjectOf(id), { ...wish });
      return;
    }
    if (standing.proposal !== null) throw apiError('severity_pending');
    const org = String(by.org.id);
    const data = { proposal: await nextName(client, id), org, severity, since: at, reason };
    await append(client, by, fault, { at: by.nowMs, kind: 'severity_proposed', data });
    await record(client, by, 'fault.severity_proposed', subjectOf(id), { ...wish });
  });
}

const DECISIONS = {
  approve: 'severity_approved',
  reject: 'severity_rejected',
  withdraw: 'severity_withdrawn',
} as const;

/**
 * The other side's word about a severity that was proposed, or the proposer's that takes it back; also after the repair, since what is
 * approved counts from the instant that was proposed.
 * @throws ApiError `not_found`, `fault_over`, `severity_own_side`, `severity_decided`, `unknown_severity`
 */
export async function decideSeverity(
  pool: Pool,
  by: Member,
  id: number,
  { decision, note }: { readonly decision: keyof typeof DECISIONS; readonly note?: string | undefined },
): Promise<FaultDetail> {
  await inTransaction(pool, async (client) => {
    await visible(client, by, id);
    const [fault] = await lockFaults(client, [id]);
    if (fault === undefined) throw apiError('not_found');
    if (fault.status === 'cancelled' || fault.merged_into !== null) throw apiError('fault_over');
    const proposal = await decidable(client, by, id, decision);
    const { name, severity, since } = proposal;
    if (decision === 'approve') {
      await requireKnown(client, fault.contract_id, severity);
      await easesClocks(client, id, { at: new Date(since).getTime(), severity }, by.nowMs);
    }
    const kind = DECISIONS[decision];
    const data = { proposal: name, org: String(by.org.id), ...(note !== undefined && { note }) };
    await append(client, by, fault, { at: by.nowMs, kind, data });
    await record(client, by, `fault.${kind}`, subjectOf(id), { severity, note });
    await tellFaults(client, [id], 'changed');
  });
  return getFault(pool, by, id);
}

/** The proposal that waits, if the caller may say this about it. */
async function decidable(
  client: PoolClient,
  by: Member,
  id: number,
  decision: keyof typeof DECISIONS,
): Promise<Proposal> {
  const standing = await selectStanding(client, id);
  const { proposal } = standing;
  if (proposal === null) throw apiError('severity_decided');
  if (decision === 'withdraw') {
    if (mayTakeBack(proposal.proposer, by)) return proposal;
    throw apiError('forbidden', 'Only who proposed it takes it back');
  }
  const refusal = refuseDecision(standing, proposal.proposer, by);
  if (refusal !== null) throw refusal;
  return proposal;
}

async function append(
  client: PoolClient,
  by: Member,
  fault: { readonly id: number; readonly work_order_id: number | null },
  event: NewCaseEvent,
): Promise<void> {
  await appendEvents(client, [fault.id], event, by);
  if (fault.work_order_id !== null) await regrade(client, fault.work_order_id);
}

async function requireKnown(client: PoolClient, contractId: number, severity: string): Promise<void> {
  const { severities } = await currentTerms(client, contractId);
  if (!severities.includes(severity)) throw apiError('unknown_severity', `The contract knows ${severities.join(', ')}`);
}

/** Name of the next proposal within a case. */
async function nextName(client: PoolClient, faultId: number): Promise<string> {
  const { rows } = await client.query<{ n: number }>(
    `select count(*)::int + 1 as n from case_event where fault_id = $1 and kind = 'severity_proposed'`,
    [faultId],
  );
  return `s${rows[0]?.n ?? 1}`;
}
