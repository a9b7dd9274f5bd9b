import { addDays, dayOf } from '@uptally/sla';
import { contractVisible } from '../availability/contracts/viewer.ts';
import { loadDayTable } from '../availability/ledger/contracts.ts';
import { inTransaction, type Pool, type PoolClient, type Queryable } from '../db/index.ts';
import { type Member, type Parties, sideOf, viewerOf } from '../exclusions/parties.ts';
import { apiError } from '../http/errors.ts';
import { record } from '../registry/shared/doer.ts';
import { type ChecklistItem, DEFAULT_CHECKLIST, repeatedIds } from './checklist.ts';
import { beginsAt, dueAt, periodsOf } from './cycles.ts';
import { holidayNames, nameOf, rhythmOf } from './generate.ts';
import { unknownYears } from './holidays.ts';
import { selectPlanRows, selectVersions } from './plan-list-sql.ts';
import type { Plan, PlanDetail, PlanInput, PlanPreview } from './plan-schemas.ts';
import * as sql from './plan-sql.ts';
import { countLeftOut, countTargets } from './targets-sql.ts';
import { selectInspectors } from './task-sql.ts';

/** Periods that a preview tells, and how far ahead it looks, days. */
const PREVIEW_PERIODS = 40;
const PREVIEW_DAYS = 400;
/** A plan entered by mistake may be deleted for so long, ms: later, what it owes is owed. */
const SECOND_THOUGHT_MS = 86_400_000;

/** Plans of the contracts that the person sees. */
export async function listPlans(db: Queryable, by: Member, contractId: number | undefined): Promise<{ items: Plan[] }> {
  return { items: await selectPlanRows(db, by, { contractId: contractId ?? null, id: null }) };
}

/** @throws ApiError `not_found` */
export async function getPlan(db: Queryable, by: Member, id: number): Promise<PlanDetail> {
  const [plan] = await selectPlanRows(db, by, { contractId: null, id });
  if (plan === undefined) throw apiError('not_found');
  return { ...plan, versions: await selectVersions(db, id) };
}

/** Enters a plan; its tasks follow within seconds. @throws ApiError those of {@link termsOf}, `inspection_not_a_party` */
export async function createPlan(pool: Pool, by: Member, input: PlanInput): Promise<PlanDetail> {
  const id = await inTransaction(pool, async (client) => {
    const { terms } = await termsOf(client, by, input);
    const id = await sql.insertPlan(client, input.contract_id, terms, by);
    await record(client, by, 'inspection_plan.created', `inspection_plan:${id}`, { ...input });
    return id;
  });
  return getPlan(pool, by, id);
}

/**
 * Gives a plan new terms. Tasks that are there stay as they are: the terms hold for periods that have none yet.
 * @throws ApiError `not_found`, `version_conflict`, those of {@link createPlan}
 */
export async function changePlan(
  pool: Pool,
  by: Member,
  id: number,
  input: PlanInput,
  expected: number | null,
): Promise<PlanDetail> {
  await inTransaction(pool, async (client) => {
    const version = await sql.lockPlan(client, id);
    const [plan] = await selectPlanRows(client, by, { contractId: null, id });
    if (plan === undefined) throw apiError('not_found');
    if (expected !== null && expected !== version) throw apiError('version_conflict');
    if (input.contract_id !== plan.contract.id) throw apiError('invalid_request', 'A plan stays with its contract');
    const { terms } = await termsOf(client, by, input);
    const next = await sql.insertNextVersion(client, id, terms, by);
    await record(client, by, 'inspection_plan.changed', `inspection_plan:${id}`, { ...input, version: next });
  });
  return getPlan(pool, by, id);
}

/** Deletes a plan that was entered by mistake, with its tasks. @throws ApiError `not_found`, `inspection_plan_in_use` */
export async function deletePlan(pool: Pool, by: Member, id: number): Promise<void> {
  await inTransaction(pool, async (client) => {
    await sql.lockPlan(client, id);
    const [plan] = await selectPlanRows(client, by, { contractId: null, id });
    if (plan === undefined) throw apiError('not_found');
    await frameOf(client, by, plan.contract.id);
    const { rows } = await client.query<{ created_at: Date }>('select created_at from inspection_plan where id = $1', [
      id,
    ]);
    const isYoung = by.nowMs - (rows[0]?.created_at.getTime() ?? 0) <= SECOND_THOUGHT_MS;
    if (!isYoung || !(await sql.deleteUntouched(client, id))) throw apiError('inspection_plan_in_use');
    await record(client, by, 'inspection_plan.deleted', `inspection_plan:${id}`, { name: plan.name });
  });
}

/** What a plan, or a change of one, would come to; stores nothing. @throws ApiError those of {@link termsOf} */
export async function previewPlan(
  pool: Pool,
  by: Member,
  input: PlanInput,
  planId: number | undefined,
): Promise<PlanPreview> {
  const { terms, frame } = await termsOf(pool, by, input);
  const table = await loadDayTable(pool);
  const names = await holidayNames(pool);
  const appliesFrom = planId === undefined ? null : await appliesFromOf(pool, by, planId);
  const today = dayOf(frame.time_zone, by.nowMs);
  const rhythm = rhythmOf(frame, terms);
  const from = appliesFrom ?? rhythm.fromDay;
  const horizon = addDays(today > from ? today : from, PREVIEW_DAYS);
  const reach = { contractId: input.contract_id, regionIds: terms.region_ids, target: terms.target };
  const periods = periodsOf(rhythm, from, horizon, table).slice(0, PREVIEW_PERIODS);
  const counts = new Map<number, number>();
  for (const period of periods) {
    const begins = beginsAt(period, frame.time_zone);
    if (!counts.has(begins)) counts.set(begins, await countTargets(pool, reach, begins));
  }
  const end = rhythm.toDay < horizon ? rhythm.toDay : horizon;
  return {
    periods: periods.map((period) => ({
      key: period.key,
      name: nameOf(period, names),
      from_day: period.fromDay,
      to_day: period.toDay,
      due_at: new Date(dueAt(period, frame.time_zone)),
      tasks: counts.get(beginsAt(period, frame.time_zone)) ?? 0,
      is_over: period.toDay <= today,
    })),
    applies_from: appliesFrom,
    left_out: await countLeftOut(pool, reach),
    unknown_years: terms.cycle === 'before_holiday' ? unknownYears(from, end, table) : [],
  };
}

async function appliesFromOf(db: Queryable, by: Member, planId: number): Promise<string | null> {
  const [plan] = await selectPlanRows(db, by, { contractId: null, id: planId });
  if (plan === undefined) throw apiError('not_found');
  const { rows } = await db.query<{ day: string | null }>(
    `select greatest(p.generated_to, (select max(t.period_from) + 1 from inspection_task t where t.plan_id = p.id))::text as day
     from inspection_plan p where p.id = $1`,
    [planId],
  );
  return rows[0]?.day ?? null;
}

interface Frame extends Parties {
  readonly time_zone: string;
  readonly term_from: string;
  readonly term_to: string | null;
}

/** The contract, if the person is of a party of it. @throws ApiError `unknown_reference`, `inspection_not_a_party` */
async function frameOf(db: Queryable, by: Member, contractId: number): Promise<Frame> {
  const viewer = viewerOf(by);
  const { rows } = await db.query<Frame>(
    `select c.is_baseline, c.agency_org_id, c.contractor_org_id, c.time_zone, c.term_from::text, c.term_to::text
     from contract c where c.id = $1 and ${contractVisible('$2', '$3', '$4')}`,
    [contractId, viewer.scope, viewer.orgId, viewer.seesAll],
  );
  const frame = rows[0];
  if (frame === undefined) throw apiError('unknown_reference', 'No such contract');
  if (sideOf(frame, by.org) === null) throw apiError('inspection_not_a_party');
  return frame;
}

/**
 * An input with defaults, everything that it names looked up.
 * @throws ApiError `invalid_request`, `unknown_reference`, `inspection_not_a_party`
 */
async function termsOf(
  db: Pool | PoolClient,
  by: Member,
  input: PlanInput,
): Promise<{ terms: sql.PlanTerms; frame: Frame }> {
  const frame = await frameOf(db, by, input.contract_id);
  const checklist: readonly ChecklistItem[] = input.checklist ?? DEFAULT_CHECKLIST;
  const terms: sql.PlanTerms = {
    name: input.name,
    cycle: input.cycle,
    target: input.target,
    region_ids: input.region_ids ?? [],
    checklist,
    assignees: input.assignees ?? [],
    first_day: input.first_day,
    last_day: input.last_day ?? null,
    lead_days: input.lead_days ?? 7,
    window_days: input.window_days ?? 7,
    min_holiday_days: input.min_holiday_days ?? 3,
    duty_id: input.duty_id ?? null,
  };
  const repeated = repeatedIds(checklist);
  if (repeated.length > 0) throw apiError('invalid_request', `The checklist names ${repeated.join(', ')} twice`);
  if (terms.last_day !== null && terms.last_day < terms.first_day) {
    throw apiError('invalid_request', 'The last day comes before the first');
  }
  await requireRegions(db, by, [...terms.region_ids, ...terms.assignees.map(({ region_id }) => region_id)]);
  const people = new Set((await selectInspectors(db, input.contract_id)).map(({ id }) => id));
  const stranger = terms.assignees.find(({ user_id }) => !people.has(user_id));
  if (stranger !== undefined) {
    throw apiError('unknown_reference', `User ${stranger.user_id} does not carry out inspections of this contract`);
  }
  return { terms, frame };
}

async function requireRegions(db: Queryable, by: Member, ids: readonly number[]): Promise<void> {
  const wanted = [...new Set(ids)];
  const { rows } = await db.query<{ count: number }>(
    `select count(*)::int as count from region r where r.id = any ($1::int[]) and ($2::int[] is null or r.path && $2::int[])`,
    [wanted, by.scope],
  );
  if (rows[0]?.count !== wanted.length) throw apiError('unknown_reference', 'No such region, or beyond yours');
  if (by.scope !== null && wanted.length === 0) throw apiError('out_of_scope', 'Name the regions that you look after');
}
