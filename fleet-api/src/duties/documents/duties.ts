import { dayOf } from '@uptally/sla';
import { isAllowed } from '../../auth/permissions.ts';
import { inTransaction, type Pool, type PoolClient } from '../../db/index.ts';
import { formerSideOf, type Member, sideOf } from '../../exclusions/parties.ts';
import { apiError } from '../../http/errors.ts';
import { DEFAULT_LIMIT, type PageOf } from '../../http/paging.ts';
import { record } from '../../registry/shared/doer.ts';
import { contractFor, isOtherSide, lockContract, requireOtherSide, requireSide } from '../contract.ts';
import { type DuePeriod, duePeriods } from './cycles.ts';
import * as sql from './duty-sql.ts';
import { makeDueOf, periodsUpTo, termsOf } from './make-due.ts';
import type { DocumentDuty, DutyPreview, DutyQuery, NewDuty } from './schemas.ts';

const PREVIEWED = 12;
const FAR = '9999-01-01';

/** What has to be handed in under the contracts that the person sees, newest first. */
export async function listDuties(pool: Pool, by: Member, query: DutyQuery): Promise<PageOf<DocumentDuty>> {
  const page = await sql.selectDuties(pool, by, { ...query, limit: query.limit ?? DEFAULT_LIMIT });
  return { ...page, items: page.items.map((row) => present(row, by)) };
}

/** @throws ApiError `not_found` */
export async function getDuty(pool: Pool, by: Member, id: number): Promise<DocumentDuty> {
  const row = await sql.selectDuty(pool, by, id, { lock: false });
  if (row === null) throw apiError('not_found');
  return present(row, by);
}

/** What a duty would ask for. Nothing is stored. */
export async function previewDuty(pool: Pool, by: Member, wish: NewDuty): Promise<DutyPreview> {
  const contract = await contractFor(pool, by, wish.contract_id);
  const terms = checkedTerms(wish, contract);
  const past = periodsUpTo(terms, contract.time_zone, by.nowMs).filter(({ dueAt }) => dueAt < by.nowMs).length;
  const periods = duePeriods(termsOf(terms), contract.time_zone, FAR).slice(0, PREVIEWED);
  return { periods: periods.map(presentPeriod), past };
}

/** Proposes a duty; documents are owed once the other side agrees. @throws ApiError `duty_days`, `exclusion_not_a_party` */
export async function proposeDuty(pool: Pool, by: Member, wish: NewDuty): Promise<DocumentDuty> {
  const id = await inTransaction(pool, async (client) => {
    const contract = await contractFor(client, by, wish.contract_id);
    requireSide(contract, by, 'duty.plan');
    checkedTerms(wish, contract);
    await lockContract(client, contract.id);
    const id = await sql.insertDuty(client, by, wish);
    await record(client, by, 'document_duty.proposed', `document_duty:${id}`, { ...wish });
    return id;
  });
  return getDuty(pool, by, id);
}

/** The other side's decision. @throws ApiError `duty_own_side`, `duty_decided`, `version_conflict` */
export function decideDuty(
  pool: Pool,
  by: Member,
  id: number,
  action: 'agree' | 'reject',
  { note, version }: { readonly note?: string; readonly version: number },
): Promise<DocumentDuty> {
  return changing(pool, by, id, version, async (client, row) => {
    requireOtherSide(row.parties, by, 'duty.plan', row.proposed_org);
    if (row.state !== 'proposed') throw apiError('duty_decided');
    const state = action === 'agree' ? 'agreed' : 'rejected';
    await sql.setDutyDecision(client, by, id, state, note ?? null);
    if (state === 'agreed')
      await makeDueOf(client, { ...row, contract_id: row.contract.id }, row.contract.time_zone, by.nowMs);
    await record(client, by, `document_duty.${state}`, `document_duty:${id}`, { note });
  });
}

/**
 * Ends a duty before its time, which takes both sides: the first call asks, that of the other side for the same day ends it; for
 * another day it asks anew.
 * @throws ApiError `duty_days`, `duty_own_side`, `duty_decided`
 */
export function endDuty(
  pool: Pool,
  by: Member,
  id: number,
  { day, version }: { readonly day: string; readonly version: number },
): Promise<DocumentDuty> {
  return changing(pool, by, id, version, async (client, row) => {
    const side = requireSide(row.parties, by, 'duty.plan');
    if (row.state !== 'agreed') throw apiError('duty_decided', `It is ${row.state}`);
    if (day <= row.from_day || (row.until_day !== null && day >= row.until_day))
      throw apiError('duty_days', 'It does not run on that day');
    const isAgreed = row.end_day === day && row.end_org !== null && formerSideOf(row.parties, row.end_org) !== side;
    if (row.end_day === day && !isAgreed) throw apiError('duty_own_side', 'Your side has asked for it already');
    if (isAgreed) {
      await sql.endDuty(client, id, day);
      await sql.setEnding(client, by, id, null);
      await makeDueOf(
        client,
        { ...row, contract_id: row.contract.id, until_day: day },
        row.contract.time_zone,
        by.nowMs,
      );
    } else await sql.setEnding(client, by, id, day);
    await record(client, by, isAgreed ? 'document_duty.ended' : 'document_duty.end_asked', `document_duty:${id}`, {
      day,
    });
  });
}

async function changing(
  pool: Pool,
  by: Member,
  id: number,
  version: number,
  work: (client: PoolClient, row: sql.DutyRow) => Promise<void>,
): Promise<DocumentDuty> {
  await inTransaction(pool, async (client) => {
    const row = await sql.selectDuty(client, by, id, { lock: true });
    if (row === null) throw apiError('not_found');
    if (row.version !== version) throw apiError('version_conflict');
    await work(client, row);
  });
  return getDuty(pool, by, id);
}

/** @throws ApiError `duty_days` */
function checkedTerms(wish: NewDuty, contract: { readonly term_from: string; readonly term_to: string | null }) {
  const until = wish.until_day ?? null;
  requireDay(wish.from_day);
  if (until !== null) requireDay(until);
  if (until !== null && until <= wish.from_day) throw apiError('duty_days', 'It ends before it begins');
  if (wish.from_day < contract.term_from || (contract.term_to !== null && wish.from_day >= contract.term_to))
    throw apiError(
      'duty_days',
      `The contract runs from ${contract.term_from} to ${contract.term_to ?? 'further notice'}`,
    );
  return {
    ...wish,
    counted_from: wish.counted_from ?? 'calendar',
    until_day: until,
    term_to: contract.term_to,
  } as const;
}

/** @throws ApiError `duty_days` */
function requireDay(day: string): void {
  const ms = Date.parse(`${day}T00:00:00Z`);
  if (Number.isNaN(ms) || new Date(ms).toISOString().slice(0, 10) !== day)
    throw apiError('duty_days', `${day} is no day`);
}

function presentPeriod({ fromDay, toDay, dueDay }: DuePeriod) {
  return { from_day: fromDay, to_day: toDay, due_day: dueDay };
}

function present(row: sql.DutyRow, by: Member): DocumentDuty {
  const {
    id,
    contract,
    duty_id,
    name,
    kind,
    cycle,
    counted_from,
    due_rule,
    due_days,
    from_day,
    until_day,
    state,
    version,
  } = row;
  const today = dayOf(contract.time_zone, by.nowMs);
  const next =
    state === 'rejected'
      ? undefined
      : periodsUpTo(row, contract.time_zone, by.nowMs).find(({ dueDay }) => dueDay >= today);
  const { proposed_org, decided_org, end_org, end_at, end_day } = row;
  return {
    ...{
      id,
      contract,
      duty_id,
      name,
      kind,
      cycle,
      counted_from,
      due_rule,
      due_days,
      from_day,
      until_day,
      state,
      version,
    },
    proposed: { at: row.proposed_at, user: row.proposed_user, org: proposed_org },
    decided:
      row.decided_at === null || decided_org === null
        ? null
        : { at: row.decided_at, user: row.decided_user, org: decided_org, note: row.decision_note },
    ending:
      end_day === null || end_at === null || end_org === null
        ? null
        : { day: end_day, at: end_at, user: row.end_user, org: end_org },
    next: next === undefined ? null : presentPeriod(next),
    actions: actionsOf(row, by),
  };
}

function actionsOf(row: sql.DutyRow, by: Member): DocumentDuty['actions'] {
  if (!isAllowed(by.role, 'duty.plan') || sideOf(row.parties, by.org) === null) return [];
  if (row.state === 'proposed') return isOtherSide(row.parties, by, row.proposed_org) ? ['agree', 'reject'] : [];
  if (row.state !== 'agreed') return [];
  return row.end_org !== null && isOtherSide(row.parties, by, row.end_org) ? ['end', 'agree_end'] : ['end'];
}
