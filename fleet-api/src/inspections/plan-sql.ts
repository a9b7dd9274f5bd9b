import type { Queryable } from '../db/index.ts';
import type { ChecklistItem } from './checklist.ts';
import type { Cycle } from './cycles.ts';
import type { Target } from './targets-sql.ts';

/** What a plan asks for. Days are those of the contract's zone. */
export interface PlanTerms {
  readonly name: string;
  readonly cycle: Cycle;
  readonly target: Target;
  readonly region_ids: readonly number[];
  readonly checklist: readonly ChecklistItem[];
  readonly assignees: readonly { readonly region_id: number; readonly user_id: number }[];
  readonly first_day: string;
  readonly last_day: string | null;
  readonly lead_days: number;
  readonly window_days: number;
  readonly min_holiday_days: number;
  readonly duty_id: string | null;
}

export interface PlanVersion extends PlanTerms {
  readonly version: number;
  /** Holds for periods that begin on or after this day, until the next version's. */
  readonly from_day: string;
}

/** A plan as its tasks are made from it. */
export interface PlanToMake {
  readonly id: number;
  readonly contract_id: number;
  readonly version: number;
  readonly generated_to: string | null;
  readonly made_on: string | null;
  readonly time_zone: string;
  readonly term_from: string;
  /** Exclusive; null: open. */
  readonly term_to: string | null;
  readonly versions: readonly PlanVersion[];
}

const TERMS = [
  'name',
  'cycle',
  'target',
  'region_ids',
  'checklist',
  'assignees',
  'first_day',
  'last_day',
  'lead_days',
  'window_days',
  'min_holiday_days',
  'duty_id',
] as const satisfies readonly (keyof PlanTerms)[];

const VERSION = `json_build_object('version', v.version, 'from_day', v.from_day::text, ${TERMS.map((column) => `'${column}', v.${column}`).join(', ')})`;

/** Plans with all of their versions, oldest first; null: all of them. */
export async function selectPlansToMake(db: Queryable, ids: readonly number[] | null): Promise<PlanToMake[]> {
  const { rows } = await db.query<PlanToMake>(
    `select p.id, p.contract_id, p.version, p.generated_to::text, p.made_on::text, c.time_zone, c.term_from::text, c.term_to::text,
       (select json_agg(${VERSION} order by v.version) from inspection_plan_version v where v.plan_id = p.id) as versions
     from inspection_plan p join contract c on c.id = p.contract_id
     where $1::int[] is null or p.id = any ($1::int[]) order by p.id`,
    [ids],
  );
  return rows;
}

/** Plans that have not had their tasks made for the present day of their zone. */
export async function selectPlansBehind(db: Queryable, now: Date): Promise<number[]> {
  const { rows } = await db.query<{ id: number }>(
    `select p.id from inspection_plan p join contract c on c.id = p.contract_id
     where p.made_on is distinct from ($1::timestamptz at time zone c.time_zone)::date order by p.id limit 50`,
    [now],
  );
  return rows.map(({ id }) => id);
}

/** Locks a plan; its version, or null if it is gone. */
export async function lockPlan(db: Queryable, id: number): Promise<number | null> {
  const { rows } = await db.query<{ version: number }>('select version from inspection_plan where id = $1 for update', [
    id,
  ]);
  return rows[0]?.version ?? null;
}

/** Tells that all periods that begin before `generatedTo` have their tasks, as of `today`; not if the plan was changed meanwhile. */
export async function setMade(
  db: Queryable,
  plan: { readonly id: number; readonly version: number },
  generatedTo: string,
  today: string,
): Promise<void> {
  await db.query(
    `update inspection_plan set generated_to = greatest(generated_to, $3::date), made_on = $4::date where id = $1 and version = $2`,
    [plan.id, plan.version, generatedTo, today],
  );
}

export interface By {
  readonly userId: number;
  readonly nowMs: number;
}

/** Id of a new plan at its first version. */
export async function insertPlan(db: Queryable, contractId: number, terms: PlanTerms, by: By): Promise<number> {
  const { rows } = await db.query<{ id: number }>(
    'insert into inspection_plan (contract_id, created_by, created_at) values ($1, $2, $3) returning id',
    [contractId, by.userId, new Date(by.nowMs)],
  );
  const id = (rows[0] as { id: number }).id;
  await insertVersion(db, id, { version: 1, fromDay: terms.first_day, terms, by });
  return id;
}

/**
 * Gives a locked plan its next version: for periods after those that have tasks, or for all if none has yet. Returns the version.
 */
export async function insertNextVersion(db: Queryable, id: number, terms: PlanTerms, by: By): Promise<number> {
  const { rows } = await db.query<{ version: number; from_day: string }>(
    `select p.version + 1 as version,
       coalesce(greatest(p.generated_to, (select max(t.period_from) + 1 from inspection_task t where t.plan_id = p.id)),
         least(v.from_day, $2::date))::text as from_day
     from inspection_plan p join inspection_plan_version v on v.plan_id = p.id and v.version = p.version where p.id = $1`,
    [id, terms.first_day],
  );
  const { version, from_day } = rows[0] as { version: number; from_day: string };
  await insertVersion(db, id, { version, fromDay: from_day, terms, by });
  await db.query('update inspection_plan set version = $2, made_on = null where id = $1', [id, version]);
  return version;
}

interface NewVersion {
  readonly version: number;
  readonly fromDay: string;
  readonly terms: PlanTerms;
  readonly by: By;
}

async function insertVersion(
  db: Queryable,
  planId: number,
  { version, fromDay, terms, by }: NewVersion,
): Promise<void> {
  const json = (value: unknown): string => JSON.stringify(value);
  const columns = TERMS.map((column) =>
    column === 'checklist' || column === 'assignees' ? json(terms[column]) : terms[column],
  );
  await db.query(
    `insert into inspection_plan_version (plan_id, version, from_day, changed_by, changed_at, ${TERMS.join(', ')})
     values ($1, $2, $3, $4, $5, ${TERMS.map((_, i) => `$${i + 6}`).join(', ')})`,
    [planId, version, fromDay, by.userId, new Date(by.nowMs), ...columns],
  );
}

/** Deletes a plan with its tasks, unless one was begun or is being spoken about. True if it did. */
export async function deleteUntouched(db: Queryable, id: number): Promise<boolean> {
  const { rowCount } = await db.query(
    `delete from inspection_plan p where id = $1 and not exists (
       select from inspection_task t where t.plan_id = p.id and (t.state <> 'open' or t.cancel_asked_at is not null))`,
    [id],
  );
  return rowCount === 1;
}
