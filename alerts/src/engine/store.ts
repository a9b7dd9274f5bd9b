import { type PoolClient, type Queryable, writeOutbox } from '@uptally/fleet-api/db';
import { receivingSince } from '@uptally/fleet-api/platform';
import {
  type Board,
  type Decision,
  type DeviceFacts,
  FLEET_GROUP,
  type GroupIncident,
  groupKeyOf,
  type NewAlert,
  type OpenAlert,
  type PastAlert,
} from './board.ts';
import type { Fact } from './events.ts';

/** Statements that read the board and write decisions. All run in the transaction that moves the outbox cursor. */

const HOUR_MS = 3_600_000;
/** How much of the platform's journal bears on a judgement, ms. */
const JOURNAL_MS = 6 * HOUR_MS;

/** Reads all that {@link decide} needs for these facts. */
export async function readBoard(client: PoolClient, facts: readonly Fact[], nowMs: number): Promise<Board> {
  const keys = [...new Set(facts.map((fact) => fact.deviceKey))];
  const devices = await readDevices(client, keys);
  const open = await readOpen(client, keys);
  const past = await readPast(client, keys, nowMs);
  const groups = new Set<string>([FLEET_GROUP]);
  for (const fact of facts) {
    const countyId = devices.get(fact.deviceKey)?.countyId ?? null;
    if (fact.kind === 'offline' || fact.kind === 'fault') groups.add(groupKeyOf(fact, countyId));
    if (fact.kind !== 'moved') continue;
    for (const fault of devices.get(fact.deviceKey)?.faults ?? []) {
      groups.add(groupKeyOf({ kind: 'fault', deviceKey: fact.deviceKey, atMs: fault.sinceMs, ...fault }, countyId));
    }
  }
  const former = [...past.values()].flatMap((alert) => alert.incidentId ?? []);
  return {
    nowMs,
    devices,
    open,
    past,
    incidents: await readIncidents(client, [...groups], former),
    deferred: await readDeferred(client, keys),
    journal: facts.some((fact) => fact.kind === 'offline') ? await receivingSince(client, nowMs - JOURNAL_MS) : [],
  };
}

async function readDevices(client: Queryable, keys: readonly number[]): Promise<Map<number, DeviceFacts>> {
  const { rows } = await client.query<{
    device_key: number;
    watched: boolean;
    station_id: number | null;
    county_id: number | null;
    required: string[];
    beat_ms: number;
    faults: { component: string; reason: string | null; since: string | null }[];
  }>(
    `select d.device_key, d.lifecycle = 'in_service' and d.revoked_at is null as watched, i.station_id,
       (select c.id from region r join region c on c.id = any (r.path) and c.kind = 'county'
        where r.id = d.region_id order by array_length(c.path, 1) desc limit 1) as county_id,
       coalesce(m.required_components, '{}') as required, coalesce(l.beat_ms, 60000) as beat_ms,
       coalesce((select jsonb_agg(jsonb_build_object('component', p.key, 'reason', p.value->>'r', 'since', p.value->>'since'))
         from jsonb_each(l.components) p where p.value->>'s' = 'fault'), '[]') as faults
     from device d
     left join device_live l on l.device_key = d.device_key
     left join device_model m on m.id = d.model_id
     left join installation i on i.device_key = d.device_key and i.to_at is null
     where d.device_key = any ($1)`,
    [keys],
  );
  return new Map(
    rows.map((row) => [
      row.device_key,
      {
        deviceKey: row.device_key,
        watched: row.watched,
        stationId: row.station_id,
        countyId: row.county_id,
        required: row.required,
        livenessMs: Math.floor((row.beat_ms * 5) / 2),
        faults: row.faults.flatMap(({ component, reason, since }) =>
          since === null ? [] : [{ component, reason, sinceMs: Date.parse(since) }],
        ),
      },
    ]),
  );
}

async function readOpen(client: Queryable, keys: readonly number[]): Promise<Map<string, OpenAlert>> {
  const { rows } = await client.query<{ dedup_key: string; device_key: number; incident_id: number | null }>(
    'select dedup_key, device_key, incident_id from alert where device_key = any ($1) and resolved_at is null',
    [keys],
  );
  return new Map(
    rows.map((row) => [
      row.dedup_key,
      { dedupKey: row.dedup_key, deviceKey: row.device_key, incidentId: row.incident_id },
    ]),
  );
}

async function readPast(client: Queryable, keys: readonly number[], nowMs: number): Promise<Map<string, PastAlert>> {
  const { rows } = await client.query<{
    dedup_key: string;
    incident_id: number | null;
    resolved_at: Date;
    opens: number;
  }>(
    `select distinct on (dedup_key) dedup_key, incident_id, resolved_at, count(*) over (partition by dedup_key)::int as opens
     from alert where device_key = any ($1) and resolved_at is not null and recorded_at > $2
     order by dedup_key, recorded_at desc, id desc`,
    [keys, new Date(nowMs - HOUR_MS)],
  );
  return new Map(
    rows.map((row) => [
      row.dedup_key,
      { incidentId: row.incident_id, resolvedAtMs: row.resolved_at.getTime(), opensLastHour: row.opens },
    ]),
  );
}

async function readIncidents(
  client: Queryable,
  groups: readonly string[],
  former: readonly number[],
): Promise<GroupIncident[]> {
  const { rows } = await client.query<{
    id: number;
    group_key: string;
    notified_at: Date | null;
    resolved: boolean;
  }>(
    `select id, group_key, notified_at, resolved_at is not null as resolved from incident
     where (group_key = any ($1) and resolved_at is null) or id = any ($2) order by id desc`,
    [groups, former],
  );
  return rows.map((row) => ({
    id: row.id,
    groupKey: row.group_key,
    notifiedAtMs: row.notified_at?.getTime() ?? null,
    resolved: row.resolved,
  }));
}

async function readDeferred(client: Queryable, keys: readonly number[]): Promise<Set<string>> {
  const { rows } = await client.query<{ dedup_key: string }>(
    'select dedup_key from alert_deferred where device_key = any ($1)',
    [keys],
  );
  return new Set(rows.map((row) => row.dedup_key));
}

/** Silences put off whose time has come and that still last, as facts. They are taken off the list. */
export async function takeDeferred(client: PoolClient, nowMs: number): Promise<Fact[]> {
  const { rows } = await client.query<{ device_key: number; opened_at: Date; online: boolean }>(
    `with due as (delete from alert_deferred where due_at <= $1 returning device_key, opened_at)
     select due.device_key, due.opened_at, l.online from due join device_live l using (device_key) order by due.device_key`,
    [new Date(nowMs)],
  );
  return rows
    .filter((row) => !row.online)
    .map((row) => ({ kind: 'offline', deviceKey: row.device_key, atMs: row.opened_at.getTime(), clean: false }));
}

/** Writes a decision and tells of it in the outbox. */
export async function applyDecision(client: PoolClient, decision: Decision, nowMs: number): Promise<void> {
  const now = new Date(nowMs);
  const touched = new Set<number>(await resolveAlerts(client, decision.resolved));
  await reopenIncidents(client, decision.reopened, now);
  const created = await insertIncidents(client, decision, nowMs);
  for (const alert of decision.alerts) touched.add(incidentIdOf(alert, created));
  await insertAlerts(client, decision.alerts, created, now);
  await deferAlerts(client, decision);
  await refreshIncidents(client, [...touched], now);
}

function incidentIdOf(alert: NewAlert, created: ReadonlyMap<string, number>): number {
  if ('id' in alert.incident) return alert.incident.id;
  const id = created.get(alert.incident.groupKey);
  if (id === undefined) throw new Error(`no incident was made for group ${alert.incident.groupKey}`);
  return id;
}

async function resolveAlerts(client: Queryable, resolved: ReadonlyMap<string, number>): Promise<number[]> {
  if (resolved.size === 0) return [];
  const { rows } = await client.query<{ incident_id: number | null }>(
    `update alert a set resolved_at = greatest(e.at, a.opened_at)
     from unnest($1::text[], $2::timestamptz[]) e(dedup_key, at)
     where a.dedup_key = e.dedup_key and a.resolved_at is null returning a.incident_id`,
    [[...resolved.keys()], [...resolved.values()].map((ms) => new Date(ms))],
  );
  return rows.flatMap((row) => row.incident_id ?? []);
}

/** An incident nobody was told of gathers anew. */
async function reopenIncidents(client: Queryable, ids: readonly number[], now: Date): Promise<void> {
  if (ids.length === 0) return;
  await client.query(
    `update incident set resolved_at = null, notify_after = case when notified_at is null then greatest(notify_after, $2) else notify_after end
     where id = any ($1)`,
    [ids, now],
  );
}

async function insertIncidents(client: Queryable, decision: Decision, nowMs: number): Promise<Map<string, number>> {
  const created = new Map<string, number>();
  for (const { groupKey, rule, countyId, waitMs } of decision.newIncidents) {
    const openedAtMs = Math.min(
      ...decision.alerts
        .filter((alert) => 'groupKey' in alert.incident && alert.incident.groupKey === groupKey)
        .map((alert) => alert.openedAtMs),
    );
    const { rows } = await client.query<{ id: number }>(
      `insert into incident (group_key, rule, county_id, opened_at, notify_after) values ($1, $2, $3, $4, $5) returning id`,
      [groupKey, rule, countyId, new Date(openedAtMs), new Date(nowMs + waitMs)],
    );
    const id = rows[0]?.id;
    if (id !== undefined) created.set(groupKey, id);
  }
  return created;
}

async function insertAlerts(
  client: Queryable,
  alerts: readonly NewAlert[],
  created: ReadonlyMap<string, number>,
  now: Date,
): Promise<void> {
  if (alerts.length === 0) return;
  await client.query(
    `insert into alert (rule, dedup_key, device_key, station_id, county_id, component, reason, opened_at, recorded_at, resolved_at, incident_id)
     select rule, dedup_key, device_key, station_id, county_id, component, reason, opened_at, $10, resolved_at, incident_id
     from unnest($1::text[], $2::text[], $3::int[], $4::int[], $5::int[], $6::text[], $7::text[], $8::timestamptz[],
       $9::timestamptz[], $11::bigint[])
       as a(rule, dedup_key, device_key, station_id, county_id, component, reason, opened_at, resolved_at, incident_id)`,
    [
      alerts.map((a) => a.rule),
      alerts.map((a) => a.dedupKey),
      alerts.map((a) => a.deviceKey),
      alerts.map((a) => a.stationId),
      alerts.map((a) => a.countyId),
      alerts.map((a) => a.component),
      alerts.map((a) => a.reason),
      alerts.map((a) => new Date(a.openedAtMs)),
      alerts.map((a) => (a.resolvedAtMs === null ? null : new Date(a.resolvedAtMs))),
      now,
      alerts.map((a) => incidentIdOf(a, created)),
    ],
  );
}

async function deferAlerts(client: Queryable, { deferred, forgotten }: Decision): Promise<void> {
  if (forgotten.length > 0) await client.query('delete from alert_deferred where dedup_key = any ($1)', [forgotten]);
  if (deferred.length === 0) return;
  await client.query(
    `insert into alert_deferred (dedup_key, device_key, opened_at, due_at)
     select * from unnest($1::text[], $2::int[], $3::timestamptz[], $4::timestamptz[])
     on conflict (dedup_key) do update set opened_at = excluded.opened_at, due_at = excluded.due_at`,
    [
      deferred.map((d) => d.dedupKey),
      deferred.map((d) => d.deviceKey),
      deferred.map((d) => new Date(d.openedAtMs)),
      deferred.map((d) => new Date(d.dueAtMs)),
    ],
  );
}

/** Counts, begins and ends incidents by their alerts, and tells of each. */
export async function refreshIncidents(client: Queryable, ids: readonly number[], now: Date): Promise<void> {
  if (ids.length === 0) return;
  const { rows } = await client.query<{ id: number; state: string; total: number; path: number[] | null }>(
    `update incident i set alerts_total = s.total, opened_at = s.opened_at,
       resolved_at = case when s.open > 0 then null else coalesce(i.resolved_at, $2) end
     from (select incident_id, count(distinct dedup_key)::int as total, min(opened_at) as opened_at,
         count(*) filter (where resolved_at is null) as open
       from alert where incident_id = any ($1) group by incident_id) s
     where i.id = s.incident_id
     returning i.id, case when i.resolved_at is not null then 'resolved' when i.acked_at is not null then 'acked' else 'open' end
       as state, i.alerts_total as total, (select path from region r where r.id = i.county_id) as path`,
    [ids, now],
  );
  await writeOutbox(
    client,
    rows.map((row) => ({
      kind: 'incident.changed',
      regionPath: row.path,
      payload: { id: row.id, state: row.state, alerts: row.total },
    })),
  );
}
