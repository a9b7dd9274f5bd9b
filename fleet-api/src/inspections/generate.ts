import { addDays, type Day, type DayTable, dayOf } from '@uptally/sla';
import { loadDayTable } from '../availability/ledger/contracts.ts';
import { inTransaction, type Pool, type Queryable } from '../db/index.ts';
import { beginsAt, dueAt, type InspectionPeriod, periodsOf, type Rhythm } from './cycles.ts';
import * as plans from './plan-sql.ts';
import { dropGone, insertTasks, selectMissing, type TasksWanted } from './targets-sql.ts';

/** Tasks of one statement: short enough for the embedded database, which runs one at a time. */
const CHUNK = 500;
const LAST_DAY = '9000-01-01';

/**
 * Makes the tasks of plans up to their lead: of every period that has none yet, and of those that are not over for targets that
 * came to be known later. Repeating it, or doing it twice at once, changes nothing. Returns how many were made.
 */
export async function generate(pool: Pool, nowMs: number, planIds: readonly number[] | null = null): Promise<number> {
  const table = await loadDayTable(pool);
  const names = await holidayNames(pool);
  let made = 0;
  for (const plan of await plans.selectPlansToMake(pool, planIds)) {
    made += await generatePlan(pool, plan, { nowMs, table, names });
  }
  return made;
}

interface Now {
  readonly nowMs: number;
  readonly table: DayTable;
  readonly names: ReadonlyMap<Day, string>;
}

async function generatePlan(pool: Pool, plan: plans.PlanToMake, now: Now): Promise<number> {
  const today = dayOf(plan.time_zone, now.nowMs);
  const newest = plan.versions.at(-1);
  if (newest === undefined) return 0;
  const horizon = addDays(today, newest.lead_days + 1);
  let made = 0;
  for (const [i, version] of plan.versions.entries()) {
    const until = least(
      horizon,
      plan.versions.slice(i + 1).map(({ from_day }) => from_day),
    );
    for (const period of periodsOf(rhythmOf(plan, version), version.from_day, until, now.table)) {
      const isNew = plan.generated_to === null || period.fromDay >= plan.generated_to;
      if (!isNew && period.toDay <= today) continue;
      const done = await makePeriod(pool, plan, wantedOf(plan, version, period, now.names));
      if (done === null) return made;
      made += done;
    }
  }
  await dropGone(pool, plan.id, new Date(now.nowMs));
  await plans.setMade(pool, plan, horizon, today);
  return made;
}

/** Null if the plan was changed meanwhile: its next making begins anew. */
async function makePeriod(pool: Pool, plan: plans.PlanToMake, wanted: TasksWanted): Promise<number | null> {
  const missing = await selectMissing(pool, wanted);
  let made = 0;
  for (let from = 0; from < missing.length; from += CHUNK) {
    const chunk = await inTransaction(pool, async (client) => {
      if ((await plans.lockPlan(client, plan.id)) !== plan.version) return null;
      return insertTasks(client, wanted, missing.slice(from, from + CHUNK));
    });
    if (chunk === null) return null;
    made += chunk;
  }
  return made;
}

/** When a version of a plan wants visits, within the contract's term. */
export function rhythmOf(
  contract: Pick<plans.PlanToMake, 'term_from' | 'term_to'>,
  terms: Pick<plans.PlanTerms, 'cycle' | 'first_day' | 'last_day' | 'window_days' | 'min_holiday_days'>,
): Rhythm {
  const end = terms.last_day === null ? LAST_DAY : addDays(terms.last_day, 1);
  return {
    cycle: terms.cycle,
    fromDay: terms.first_day > contract.term_from ? terms.first_day : contract.term_from,
    toDay: least(end, contract.term_to === null ? [] : [contract.term_to]),
    windowDays: terms.window_days,
    minHolidayDays: terms.min_holiday_days,
  };
}

function wantedOf(
  plan: plans.PlanToMake,
  version: plans.PlanVersion,
  period: InspectionPeriod,
  names: ReadonlyMap<Day, string>,
): TasksWanted {
  return {
    planId: plan.id,
    planVersion: version.version,
    contractId: plan.contract_id,
    regionIds: version.region_ids,
    target: version.target,
    periodKey: period.key,
    periodName: nameOf(period, names),
    fromDay: period.fromDay,
    toDay: period.toDay,
    beginsMs: beginsAt(period, plan.time_zone),
    dueMs: dueAt(period, plan.time_zone),
    dutyId: version.duty_id,
    assignees: version.assignees,
  };
}

/** The holiday that a period comes before, in words; empty for periods of the calendar. */
export function nameOf({ holiday }: InspectionPeriod, names: ReadonlyMap<Day, string>): string {
  const found = new Set<string>();
  for (let day = holiday?.first ?? ''; holiday !== null && day <= holiday.last; day = addDays(day, 1)) {
    const name = names.get(day);
    if (name !== undefined) found.add(name);
  }
  return [...found].join('、');
}

/** Public holidays by day. */
export async function holidayNames(db: Queryable): Promise<ReadonlyMap<Day, string>> {
  const { rows } = await db.query<{ day: Day; name: string }>(
    `select day::text, name from calendar_day where kind = 'holiday'`,
  );
  return new Map(rows.map(({ day, name }) => [day, name]));
}

function least(day: Day, others: readonly Day[]): Day {
  return [day, ...others].sort()[0] ?? day;
}
