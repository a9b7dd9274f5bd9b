import { inScope } from '../auth/scope.ts';
import type { Pool, Queryable } from '../db/index.ts';
import type { Member, OrgRef } from '../exclusions/parties.ts';
import { refuseDecision } from '../faults/standing.ts';
import { Filter } from '../registry/shared/filter.ts';
import { regionNamesSql } from '../registry/shared/region-names.ts';
import { faultNumber, orderNumber } from '../repair/numbers.ts';
import type { Decision, Decisions } from './decision-schemas.ts';
import type { Concerned } from './standing.ts';

const MAX_ROWS = 500;

interface Row extends Omit<Decision, 'order' | 'fault' | 'yours'>, Concerned {
  readonly order_id: number | null;
  readonly fault_id: number | null;
  readonly proposer: OrgRef;
}

const ORG = `json_build_object('id', o.id, 'name', o.name)`;
const USER = `(select json_build_object('id', u.id, 'name', u.name) from app_user u where u.id = e.user_id)`;
/** Columns of a case `x` that both kinds share. `orgId`: the contractor that has it. */
const shared = (
  orgId: string,
) => `json_build_object('id', c.id, 'code', c.code, 'name', c.name, 'is_baseline', c.is_baseline) as contract,
  json_build_object('is_baseline', c.is_baseline, 'agency_org_id', c.agency_org_id, 'contractor_org_id', c.contractor_org_id) as parties,
  ${orgId} as org_id, x.cause, x.severity, ${regionNamesSql('x.region_path[array_length(x.region_path, 1)]')} as region,
  (select json_build_object('id', s.id, 'name', s.name) from site s where s.id = x.site_id) as site,
  (select json_build_object('id', t.id, 'code', t.code, 'name', t.name) from station t where t.id = x.station_id) as station,
  json_build_object('id', o.id, 'kind', o.kind) as proposer,
  json_build_object('at', e.recorded_at, 'org', ${ORG}, 'user', ${USER}) as proposed`;

/** Times of pausing that nobody has decided about: of orders, since one act is about all faults of an order. */
function pausesSql(scope: string | null): string {
  return `select 'pause' as kind, x.id as order_id, null::int as fault_id, ${shared('x.org_id')}, e.note as reason, null as wanted,
      (e.detail ->> 'from')::timestamptz as from_at, (e.detail ->> 'to')::timestamptz as to_at, e.recorded_at as at
    from work_order x join work_order_entry e on e.work_order_id = x.id and e.kind = 'pause_proposed'
      join contract c on c.id = x.contract_id join org o on o.id = e.org_id
    where x.state <> 'cancelled'${scope === null ? '' : ` and ${inScope('x.region_path', scope)}`}
      and not exists (select from work_order_entry d where d.work_order_id = x.id and d.kind in ('pause_approved', 'pause_rejected')
        and d.detail ->> 'pause' = e.detail ->> 'pause')`;
}

/** Severities that nobody has decided about. */
function severitiesSql(scope: string | null): string {
  return `select 'severity' as kind, x.work_order_id as order_id, x.id as fault_id, ${shared('coalesce(w.org_id, c.contractor_org_id)')},
      e.data ->> 'reason' as reason, e.data ->> 'severity' as wanted,
      to_timestamp((e.data ->> 'since')::bigint / 1000.0) as from_at, null::timestamptz as to_at, e.recorded_at as at
    from fault x join case_event e on e.fault_id = x.id and e.kind = 'severity_proposed' join contract c on c.id = x.contract_id
      join org o on o.id = (e.data ->> 'org')::int left join work_order w on w.id = x.work_order_id
    where x.status <> 'cancelled' and x.merged_into is null${
      scope === null ? '' : ` and ${inScope('x.region_path', scope)}`
    }
      and not exists (select from case_event d where d.fault_id = x.id
        and d.kind in ('severity_approved', 'severity_rejected', 'severity_withdrawn') and d.data ->> 'proposal' = e.data ->> 'proposal')`;
}

async function selectOpen(db: Queryable, by: Member): Promise<Row[]> {
  const filter = new Filter();
  const scope = by.scope === null ? null : filter.bind(by.scope);
  const { rows } = await db.query<Row>(
    `select * from (${pausesSql(scope)} union all ${severitiesSql(scope)}) p order by at, kind, order_id limit ${MAX_ROWS}`,
    filter.values,
  );
  return rows;
}

/** What one side proposed about the clocks and the other has not decided about, longest waiting first. */
export async function openDecisions(pool: Pool, by: Member): Promise<Decisions> {
  const items = (await selectOpen(pool, by)).map((row): Decision => {
    const { order_id, fault_id, proposer, parties, org_id, ...shown } = row;
    return {
      ...shown,
      order: order_id === null ? null : { id: order_id, number: orderNumber(order_id) },
      fault: fault_id === null ? null : { id: fault_id, number: faultNumber(fault_id) },
      yours: refuseDecision({ parties, org_id }, proposer, by) === null,
    };
  });
  return { items, yours: items.filter(({ yours }) => yours).length };
}
