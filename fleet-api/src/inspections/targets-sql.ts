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

/** Stations of the plan with site, county and path. $1 contract, $2 regions. */
const STATIONS = `select st.id as station_id, si.id as site_id, r.path, st.commissioned_at, st.decommissioned_at,
    (select u.id from region u where u.id = any (r.path) and u.kind = 'county' limit 1) as county_id
  from station st join site si on si.id = st.site_id join region r on r.id = si.region_id join contract c on c.id = $1
  where (c.is_baseline or r.path && array(select region_id from contract_region where contract_id = c.id))
    and (cardinality($2::int[]) = 0 or r.path && $2::int[])`;

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
    `select count(*)::int as count from (${TARGET_ROWS[reach.target]}) t`,
    values(reach, beginsMs),
  );
  return rows[0]?.count ?? 0;
}

/** Stations of the plan that were never commissioned, or stand in no county though counties are visited: nobody comes to them. */
export async function countLeftOut(db: Queryable, { contractId, regionIds, target }: Reach): Promise<number> {
  const { rows } = await db.query<{ count: number }>(
    `select count(*)::int as count from (${STATIONS}) x
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

export interface Made {
  /** Targets looked at; fewer than asked for at the end. */
  readonly seen: number;
  readonly made: number;
  /** The last target looked at. */
  readonly last: number | null;
}

const ASSIGNEE = `(select a.user_id from jsonb_to_recordset($14::jsonb) as a(region_id int, user_id int)
    join app_user w on w.id = a.user_id and w.disabled_at is null
    where a.region_id = any (p.path) order by array_position(p.path, a.region_id) desc limit 1)`;

const insertSql = (target: Target): string => `with
  picked as materialized (
    select * from (${TARGET_ROWS[target]}) t where t.target_id > $15 order by t.target_id limit $16),
  made as (
    insert into inspection_task (plan_id, plan_version, contract_id, duty_id, org_id, period_key, period_name, period_from,
      period_to, begins_at, due_at, target, target_id, county_id, region_path, site_id, station_id, assignee_id)
    select $4, $5, c.id, $6, c.contractor_org_id, $7, $8, $9::date, $10::date, $11, $12, $13, p.target_id, p.county_id, p.path,
      p.site_id, p.station_id, ${ASSIGNEE}
    from picked p join contract c on c.id = $1
    where not exists (select from inspection_task o
      where o.plan_id = $4 and o.period_key = $7 and o.target = $13 and o.target_id = p.target_id)
    order by p.target_id
    on conflict (plan_id, period_key, target, target_id) do nothing
    returning 1)
  select (select count(*)::int from picked) as seen, (select count(*)::int from made) as made,
    (select max(target_id) from picked) as last`;

/** Makes the tasks of the next `limit` targets after `after`; what is there stays as it is. */
export async function insertTasks(db: Queryable, wanted: TasksWanted, after: number, limit: number): Promise<Made> {
  const { rows } = await db.query<Made>(insertSql(wanted.target), [
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
    after,
    limit,
  ]);
  return rows[0] ?? { seen: 0, made: 0, last: null };
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
