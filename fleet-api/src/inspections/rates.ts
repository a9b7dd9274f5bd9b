import { type InspectionFigures, inspectionRate, type Period, showPercent } from '@uptally/sla';
import { contractFor } from '../availability/contracts/service.ts';
import { periodAsked } from '../availability/figures/period.ts';
import type { Queryable } from '../db/index.ts';
import { type Member, viewerOf } from '../exclusions/parties.ts';
import { namesOf } from './calendar.ts';
import { type CountedTask, readDue } from './figures.ts';
import type { RateAnswer, RateFigures } from './schemas.ts';

/**
 * The inspection rate of a contract over a period, in all, by county and by plan, as far as the person's regions reach.
 * @throws ApiError `unknown_reference`, `invalid_period`, `range_too_long`
 */
export async function ratesOf(
  db: Queryable,
  by: Member,
  query: { readonly contract?: number; readonly period?: string },
): Promise<RateAnswer> {
  const contract = await contractFor(db, viewerOf(by), query.contract);
  const period = periodAsked(query, contract.time_zone, by.nowMs);
  const tasks = await readDue(db, { contractId: contract.id, period }, by.scope);
  const counties = grouped(tasks, ({ countyId }) => countyId);
  const plans = grouped(tasks, ({ planId }) => planId);
  const names = await namesOf(
    db,
    [...counties.keys()].filter((id) => id !== null),
  );
  const planNames = await planNamesOf(db, [...plans.keys()]);
  const figures = (of: readonly CountedTask[]): RateFigures => shown(inspectionRate(of, period, by.nowMs));
  return {
    contract: { id: contract.id, code: contract.code, name: contract.name, time_zone: contract.time_zone },
    period: { name: period.name, from_day: period.fromDay, to_day: period.toDay },
    total: figures(tasks),
    cancelled: await countCancelled(db, contract.id, period, by.scope),
    counties: [...names, [null, ''] as const].flatMap(([id, name]) => {
      const of = counties.get(id);
      return of === undefined ? [] : [{ county: id === null ? null : { id, name }, figures: figures(of) }];
    }),
    plans: [...planNames].map(([id, name]) => ({ plan: { id, name }, figures: figures(plans.get(id) ?? []) })),
  };
}

/** A rate as the API tells it: exact, and truncated for people. */
export function shown({ inTime, later, missed, pending, rate }: InspectionFigures): RateFigures {
  return {
    in_time: inTime,
    later,
    missed,
    pending,
    rate: rate === null ? null : { num: rate.num, den: rate.den },
    percent: rate === null ? null : showPercent(rate),
  };
}

function grouped<K>(tasks: readonly CountedTask[], keyOf: (task: CountedTask) => K): Map<K, CountedTask[]> {
  const groups = new Map<K, CountedTask[]>();
  for (const task of tasks) {
    const group = groups.get(keyOf(task));
    if (group === undefined) groups.set(keyOf(task), [task]);
    else group.push(task);
  }
  return groups;
}

async function countCancelled(db: Queryable, contractId: number, period: Period, scope: readonly number[] | null) {
  const { rows } = await db.query<{ count: number }>(
    `select count(*)::int as count from inspection_task where contract_id = $1 and due_at > $2 and due_at <= $3
       and state = 'cancelled' and ($4::int[] is null or region_path && $4::int[])`,
    [contractId, new Date(period.from), new Date(period.to), scope],
  );
  return rows[0]?.count ?? 0;
}

async function planNamesOf(db: Queryable, ids: readonly number[]): Promise<Map<number, string>> {
  const { rows } = await db.query<{ id: number; name: string }>(
    `select p.id, v.name from inspection_plan p join inspection_plan_version v on v.plan_id = p.id and v.version = p.version
     where p.id = any ($1::int[]) order by v.name, p.id`,
    [ids],
  );
  return new Map(rows.map(({ id, name }) => [id, name]));
}
