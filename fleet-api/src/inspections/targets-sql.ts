import type { Queryable } from '../db/index.ts';

export const TARGETS = ['station', 'site', 'county'] as const;
export type Target = (typeof TARGETS)[number];

/** What a plan is about, as statements bind it. */
export interface Reach {
  readonly contractId: number;
  /** Empty: all that the contract is about. */
  readonly regionIds: readonly number[];
  readonly target: Target;
}

/**
 * Regions of the plan with their county: few, so that what is asked of a region is asked once and not for each of its stations.
 * $1 contract, $2 regions.
 */
const PLACES = `place as materialized (
    select r.id, r.path, (select u.id from region u where u.id = any (r.path) and u.kind = 'county' limit 1) as county_id
    from region r join contract c on c.id = $1
    where (c.is_baseline or r.path && array(select region_id from contract_region where contract_id = c.id))
      and (cardinality($2::int[]) = 0 or r.path && $2::int[]))`;
const STATIONS = `select st.id as station_id, si.id as site_id, p.path, p.county_id, st.commissioned_at, st.decommissioned_at
  from place p join site si on si.region_id = p.id join station st on st.site_id = si.id`;

/** In service when the period begins: what is commissioned later is owed from the next one on. $3 that instant. */
const IN_SERVICE = `x.commissioned_at <= $3 and (x.decommissioned_at is null or x.decommissioned_at > $3)`;

/** Targets as `target_id, station_id, site_id, county_id, path`, one a row. */
const TARGET_ROWS: Readonly<Record<Target, string>> = {
  station: `select station_id as target_id, station_id, site_id, county_id, path from (${STATIONS}) x where ${IN_SERVICE}`,
  site: `select distinct site_id as target_id, null::int as station_id, site_id, county_id, path from (${STATIONS}) x where ${IN_SERVICE}`,
  county: `select k.county_id as target_id, null::int as station_id, null::int as site_id, k.county_id, u.path
    from (select distinct county_id from (${STATIONS}) x where county_id is not null and ${IN_SERVICE}) k
    join region u on u.id = k.county_id`,
};

const values = ({ contractId, regionIds }: Reach, beginsMs: number): unknown[] => [
  contractId,
  regionIds,
  new Date(beginsMs),
];

/** How many targets a period that begins then has. */
export async function countTargets(db: Queryable, reach: Reach, beginsMs: number): Promise<number> {
  const { rows } = await db.query<{ count: number }>(
    `with ${PLACES} select count(*)::int as count from (${TARGET_ROWS[reach.target]}) t`,
    values(reach, beginsMs),
  );
  return rows[0]?.count ?? 0;
}

/** Stations of the plan that were never commissioned, or stand in no county though counties are visited: nobody comes to them. */
export async function countLeftOut(db: Queryable, { contractId, regionIds, target }: Reach): Promise<number> {
  const { rows } = await db.query<{ count: number }>(
    `with ${PLACES} select count(*)::int as count from (${STATIONS}) x
     where commissioned_at is null or ($3::boolean and county_id is null)`,
    [contractId, regionIds, target === 'county'],
  );
  return rows[0]?.count ?? 0;
}

/** A period of a plan whose tasks are to be made. */
export interface TasksWanted extends Reach {
  readonly planId: number;
  readonly planVersion: number;
  readonly periodKey: string;
  readonly periodName: string;
  readonly fromDay: string;
  readonly toDay: string;
  readonly beginsMs: number;
  readonly dueMs: number;
  readonly dutyId: string | null;
  readonly assignees: readonly { readonly region_id: number; readonly user_id: number }[];
}

/** Targets of the period that have no task yet, in order. */
export async function selectMissing(db: Queryable, wanted: TasksWanted): Promise<number[]> {
  const { rows } = await db.query<{ target_id: number }>(
    `with ${PLACES} select t.target_id from (${TARGET_ROWS[wanted.target]}) t
     where not exists (select from inspection_task o
       where o.plan_id = $4 and o.period_key = $5 and o.target = $6 and o.target_id = t.target_id)
     order by t.target_id`,
    [...values(wanted, wanted.beginsMs), wanted.planId, wanted.periodKey, wanted.target],
  );
  return rows.map(({ target_id }) => target_id);
}

const ASSIGNEE = `(select a.user_id from jsonb_to_recordset($14::jsonb) as a(region_id int, user_id int)
    join app_user w on w.id = a.user_id and w.disabled_at is null
    where a.region_id = any (p.path) order by array_position(p.path, a.region_id) desc limit 1)`;

const insertSql = (target: Target): string => `with ${PLACES}
  insert into inspection_task (plan_id, plan_version, contract_id, duty_id, org_id, period_key, period_name, period_from,
    period_to, begins_at, due_at, target, target_id, county_id, region_path, site_id, station_id, assignee_id)
  select $4, $5, c.id, $6, c.contractor_org_id, $7, $8, $9::date, $10::date, $11, $12, $13, p.target_id, p.county_id, p.path,
    p.site_id, p.station_id, ${ASSIGNEE}
  from (${TARGET_ROWS[target]}) p join contract c on c.id = $1
  where p.target_id = any ($15::int[])
  order by p.target_id
  on conflict (plan_id, period_key, target, target_id) do nothing`;

/** Makes the tasks of some targets; what is there stays as it is. Returns how many were made. */
export async function insertTasks(db: Queryable, wanted: TasksWanted, targetIds: readonly number[]): Promise<number> {
  const { rowCount } = await db.query(insertSql(wanted.target), [
    ...values(wanted, wanted.beginsMs),
    wanted.planId,
    wanted.planVersion,
    wanted.dutyId,
    wanted.periodKey,
    wanted.periodName,
    wanted.fromDay,
    wanted.toDay,
    new Date(wanted.beginsMs),
    new Date(wanted.dueMs),
    wanted.target,
    JSON.stringify(wanted.assignees),
    targetIds,
  ]);
  return rowCount ?? 0;
}

/** Takes back tasks of periods still to come whose station is taken out of service before they begin. Returns how many. */
export async function dropGone(db: Queryable, planId: number, now: Date): Promise<number> {
  const { rowCount } = await db.query(
    `delete from inspection_task t using station st
     where t.plan_id = $1 and t.begins_at > $2 and t.state = 'open' and t.cancel_asked_at is null
       and st.id = t.station_id and st.decommissioned_at <= t.begins_at`,
    [planId, now],
  );
  return rowCount ?? 0;
}
