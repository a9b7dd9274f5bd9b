import { inScope } from '../auth/scope.ts';
import { type PoolClient, type Queryable, writeOutbox } from '../db/index.ts';

/** Statements on incidents and alerts. A caller sees an incident if it holds an alert of a device in scope. */

export interface IncidentRow {
  readonly id: number;
  readonly rule: 'device_offline' | 'component_fault';
  readonly state: 'open' | 'acked' | 'resolved';
  readonly county: { id: number; name: string } | null;
  readonly fleet: boolean;
  readonly component: string | null;
  readonly reason: string | null;
  readonly title: string;
  readonly opened_at: Date;
  readonly notify_after: Date;
  readonly notified_at: Date | null;
  readonly acked_at: Date | null;
  readonly acked_by: { id: number; name: string } | null;
  readonly resolved_at: Date | null;
  readonly alerts_total: number;
  readonly alerts_open: number;
  readonly sms_total: number;
}

export interface AlertRow {
  readonly id: number;
  readonly incident_id: number | null;
  readonly rule: 'device_offline' | 'component_fault';
  readonly device_id: string;
  readonly serial: string;
  readonly county_name: string | null;
  readonly site_name: string | null;
  readonly station_name: string | null;
  readonly component: string | null;
  readonly reason: string | null;
  readonly severity: 'info' | 'warn' | 'error';
  readonly opened_at: Date;
  readonly recorded_at: Date;
  readonly resolved_at: Date | null;
}

type Scope = readonly number[] | null;

const INCIDENTS = `
select i.id, i.rule,
  case when i.resolved_at is not null then 'resolved' when i.acked_at is not null then 'acked' else 'open' end as state,
  case when c.id is not null then jsonb_build_object('id', c.id, 'name', c.name) end as county,
  i.group_key = i.rule || ':fleet' as fleet,
  f.component, f.reason, i.title, i.opened_at, i.notify_after, i.notified_at, i.acked_at,
  case when u.id is not null then jsonb_build_object('id', u.id, 'name', u.name) end as acked_by,
  i.resolved_at, i.alerts_total,
  (select count(distinct a.dedup_key)::int from alert a where a.incident_id = i.id and a.resolved_at is null) as alerts_open,
  (select count(*)::int from notification n where n.incident_id = i.id) as sms_total
from incident i
left join region c on c.id = i.county_id
left join app_user u on u.id = i.acked_by
left join lateral (
  select a.component, a.reason from alert a where a.incident_id = i.id order by a.id limit 1
) f on true
where ($1::int[] is null or exists (
    select 1 from alert a join device d on d.device_key = a.device_key join region r on r.id = d.region_id
    where a.incident_id = i.id and ${inScope('r.path', '$1')}))`;

/** Incidents, newest first. */
export async function listIncidents(
  db: Queryable,
  scope: Scope,
  query: { state: string | null; rule: string | null; region: number | null; beforeId: number | null; limit: number },
): Promise<readonly IncidentRow[]> {
  const { rows } = await db.query<IncidentRow>(
    `${INCIDENTS}
      and case $2 when 'resolved' then i.resolved_at is not null
                  when 'acked' then i.resolved_at is null and i.acked_at is not null
                  when 'open' then i.resolved_at is null and i.acked_at is null
                  else true end
      and ($3::text is null or i.rule = $3)
      and ($4::int is null or c.path @> array[$4::int])
      and ($5::bigint is null or i.id < $5)
    order by i.id desc limit $6`,
    [scope, query.state, query.rule, query.region, query.beforeId, query.limit],
  );
  return rows;
}

export async function findIncident(db: Queryable, scope: Scope, id: number): Promise<IncidentRow | null> {
  const { rows } = await db.query<IncidentRow>(`${INCIDENTS} and i.id = $2`, [scope, id]);
  return rows[0] ?? null;
}

const ALERTS = `
select a.id, a.incident_id, a.rule, d.device_id, d.serial, c.name as county_name, si.name as site_name,
  st.name as station_name, a.component, a.reason, a.severity, a.opened_at, a.recorded_at, a.resolved_at
from alert a
join device d on d.device_key = a.device_key
left join region r on r.id = d.region_id
left join region c on c.id = a.county_id
left join station st on st.id = a.station_id
left join site si on si.id = st.site_id
where ${inScope('r.path', '$1')}`;

/** Alerts, newest first. */
export async function listAlerts(
  db: Queryable,
  scope: Scope,
  query: {
    open: boolean | null;
    rule: string | null;
    deviceId: string | null;
    beforeId: number | null;
    limit: number;
  },
): Promise<readonly AlertRow[]> {
  const { rows } = await db.query<AlertRow>(
    `${ALERTS}
      and ($2::boolean is null or (a.resolved_at is null) = $2)
      and ($3::text is null or a.rule = $3)
      and ($4::text is null or d.device_id = $4)
      and ($5::bigint is null or a.id < $5)
    order by a.id desc limit $6`,
    [scope, query.open, query.rule, query.deviceId, query.beforeId, query.limit],
  );
  return rows;
}

/** Alerts of one incident, open ones first. */
export async function alertsOfIncident(db: Queryable, scope: Scope, incidentId: number): Promise<readonly AlertRow[]> {
  const { rows } = await db.query<AlertRow>(
    `${ALERTS} and a.incident_id = $2 order by a.resolved_at is not null, a.id limit 500`,
    [scope, incidentId],
  );
  return rows;
}

/** Acknowledges an incident for good. False if somebody had done so before; the first one stays named. */
export async function acknowledge(client: PoolClient, id: number, userId: number, atMs: number): Promise<boolean> {
  const { rows } = await client.query<{ path: number[] | null }>(
    `update incident i set acked_at = $3, acked_by = $2
     where i.id = $1 and i.acked_at is null
     returning (select r.path from region r where r.id = i.county_id) as path`,
    [id, userId, new Date(atMs)],
  );
  const row = rows[0];
  if (row === undefined) return false;
  await writeOutbox(client, [{ kind: 'incident.changed', regionPath: row.path, payload: { id, state: 'acked' } }]);
  return true;
}
