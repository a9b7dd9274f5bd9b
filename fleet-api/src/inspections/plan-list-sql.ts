import { isAllowed } from '../auth/permissions.ts';
import { contractVisible } from '../availability/contracts/viewer.ts';
import type { Queryable } from '../db/index.ts';
import { type Member, type Parties, sideOf, viewerOf } from '../exclusions/parties.ts';
import type { Plan, PlanDetail } from './plan-schemas.ts';

interface Row extends Omit<Plan, 'can_change'> {
  readonly parties: Parties;
}

/** $1 scope, $2 organisation, $3 sees all, $4 contract, $5 plan, $6 now. */
const PLANS = `select p.id, p.version, v.name, v.cycle, v.target, v.checklist, v.first_day::text, v.last_day::text, v.lead_days,
    v.window_days, v.min_holiday_days, v.duty_id,
    p.made_on is distinct from ($6::timestamptz at time zone c.time_zone)::date as making,
    json_build_object('id', c.id, 'code', c.code, 'name', c.name, 'time_zone', c.time_zone) as contract,
    json_build_object('is_baseline', c.is_baseline, 'agency_org_id', c.agency_org_id,
      'contractor_org_id', c.contractor_org_id) as parties,
    coalesce((select json_agg(json_build_object('id', r.id, 'name', r.name) order by r.sort, r.code)
      from region r where r.id = any (v.region_ids)), '[]') as regions,
    coalesce((select json_agg(json_build_object('region', json_build_object('id', r.id, 'name', r.name),
        'user', json_build_object('id', u.id, 'name', u.name)) order by r.sort, r.code)
      from jsonb_to_recordset(v.assignees) as a(region_id int, user_id int)
      join region r on r.id = a.region_id join app_user u on u.id = a.user_id), '[]') as assignees,
    (select json_build_object('all', count(*), 'open', count(*) filter (where t.state in ('open', 'started') and t.due_at >= $6),
        'missed', count(*) filter (where t.state in ('open', 'started') and t.due_at < $6),
        'done', count(*) filter (where t.state = 'done'))
      from inspection_task t where t.plan_id = p.id and ($1::int[] is null or t.region_path && $1::int[])) as tasks
  from inspection_plan p join contract c on c.id = p.contract_id
  join inspection_plan_version v on v.plan_id = p.id and v.version = p.version
  where ${contractVisible('$1', '$2', '$3')} and ($4::int is null or p.contract_id = $4) and ($5::int is null or p.id = $5)
  order by c.id, v.name, p.id limit 200`;

/** Plans that the person sees; null: of all contracts, all of them. */
export async function selectPlanRows(
  db: Queryable,
  by: Member,
  { contractId, id }: { readonly contractId: number | null; readonly id: number | null },
): Promise<Plan[]> {
  const viewer = viewerOf(by);
  const values = [viewer.scope, viewer.orgId, viewer.seesAll, contractId, id, new Date(by.nowMs)];
  const { rows } = await db.query<Row>(PLANS, values);
  return rows.map(({ parties, ...plan }) => ({
    ...plan,
    can_change: isAllowed(by.role, 'inspection.plan') && sideOf(parties, by.org) !== null,
  }));
}

/** Versions of a plan, newest first. */
export async function selectVersions(db: Queryable, planId: number): Promise<PlanDetail['versions']> {
  const { rows } = await db.query<PlanDetail['versions'][number]>(
    `select v.version, v.from_day::text, v.name, v.cycle, v.target, v.changed_at,
       (select json_build_object('id', u.id, 'name', u.name) from app_user u where u.id = v.changed_by) as changed_by
     from inspection_plan_version v where v.plan_id = $1 order by v.version desc limit 50`,
    [planId],
  );
  return rows;
}
