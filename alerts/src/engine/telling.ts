import { type PoolClient, type Queryable, writeOutbox } from '@uptally/fleet-api/db';
import { type IncidentFacts, incidentText } from '../words/message.ts';
import type { Lang } from '../words/vocabulary.ts';
import { FLEET_GROUP } from './board.ts';
import type { Policy } from './policy.ts';
import { refreshIncidents } from './store.ts';

/** Turns incidents whose time has come into notifications: one a recipient, queued in the same transaction. */

export interface TellingOptions {
  readonly policy: Policy;
  readonly signature: string;
  readonly timeZone: string;
}

interface DueIncident {
  readonly id: number;
  readonly group_key: string;
  readonly rule: 'device_offline' | 'component_fault';
  readonly county_id: number | null;
  readonly county: string | null;
  readonly path: number[] | null;
  readonly notify_after: Date;
  readonly opened_at: Date;
}

interface Recipient {
  readonly id: number;
  readonly phone: string;
  readonly lang: Lang;
}

/** Queues what is due at `nowMs`; returns the number of notifications queued. */
export async function tellDue(client: PoolClient, nowMs: number, options: TellingOptions): Promise<number> {
  let due = await lockDue(client, nowMs);
  const outages = due.filter((incident) => incident.rule === 'device_offline' && incident.group_key !== FLEET_GROUP);
  if (outages.length > 0) {
    const verdict = await judgeFleet(client, outages, nowMs, options.policy);
    if (verdict.kind === 'fleet') {
      await mergeIntoFleet(client, nowMs);
      due = await lockDue(client, nowMs);
    } else if (verdict.kind === 'wait') {
      const ids = outages.map((incident) => incident.id);
      due = due.filter((incident) => !ids.includes(incident.id));
      await postpone(client, ids, verdict.untilMs);
    }
  }
  let queued = 0;
  for (const incident of due) queued += await tell(client, incident, nowMs, options);
  return queued;
}

/**
 * A fault is told while its device is there to show it: what a backlog tells of last week is kept, but wakes nobody, and a
 * device that fell silent with a fault is an outage.
 */
export const HAS_LIVE_FAULT = `exists (
  select from alert a join device_live l on l.device_key = a.device_key
  where a.incident_id = i.id and a.resolved_at is null and l.online)`;

async function lockDue(client: Queryable, nowMs: number): Promise<DueIncident[]> {
  const { rows } = await client.query<DueIncident>(
    `select i.id, i.group_key, i.rule, i.county_id, c.name as county, c.path, i.notify_after, i.opened_at
     from incident i left join region c on c.id = i.county_id
     where i.resolved_at is null and i.notified_at is null and i.notify_after <= $1
       and (i.rule = 'device_offline' or ${HAS_LIVE_FAULT})
     order by i.id for update of i skip locked`,
    [new Date(nowMs)],
  );
  return rows;
}

type FleetVerdict = { kind: 'counties' | 'fleet' } | { kind: 'wait'; untilMs: number };

/**
 * Is this one outage of the whole fleet? `wait` while half of the share that makes one is down and devices may still be
 * falling silent: with beats every minute, an outage takes a minute to show.
 */
async function judgeFleet(
  client: Queryable,
  outages: readonly DueIncident[],
  nowMs: number,
  policy: Policy,
): Promise<FleetVerdict> {
  const ids = outages.map((incident) => incident.id);
  const { silent, counties, fleet, first_at } = await fleetCounts(client, ids, nowMs, policy);
  if (counties < 2 || silent < policy.fleetMinDevices) return { kind: 'counties' };
  if (silent * 100 > fleet * policy.fleetPct) return { kind: 'fleet' };
  const untilMs = first_at.getTime() + policy.fleetWindowMs;
  return nowMs < untilMs && silent * 200 > fleet * policy.fleetPct ? { kind: 'wait', untilMs } : { kind: 'counties' };
}

interface FleetCounts {
  readonly silent: number;
  readonly counties: number;
  readonly fleet: number;
  readonly first_at: Date;
}

async function fleetCounts(
  client: Queryable,
  outageIds: readonly number[],
  nowMs: number,
  policy: Policy,
): Promise<FleetCounts> {
  const { rows } = await client.query<FleetCounts>(
    `select count(distinct a.device_key)::int as silent, count(distinct coalesce(a.county_id, 0))::int as counties,
       (select count(*)::int from device d join device_live l using (device_key)
        where d.lifecycle = 'in_service' and d.revoked_at is null and l.last_live_at is not null) as fleet,
       (select min(o.recorded_at) from alert o where o.incident_id = any ($2)) as first_at
     from alert a where a.rule = 'device_offline' and a.resolved_at is null and a.recorded_at > $1`,
    [new Date(nowMs - policy.fleetWindowMs - policy.offlineWaitMs), outageIds],
  );
  return rows[0] ?? { silent: 0, counties: 0, fleet: 0, first_at: new Date(nowMs) };
}

/** Looks again once the window is over. */
async function postpone(client: Queryable, ids: readonly number[], untilMs: number): Promise<void> {
  await client.query('update incident set notify_after = $2 where id = any ($1)', [ids, new Date(untilMs)]);
}

/** Makes one incident of all outages nobody was told of yet. */
async function mergeIntoFleet(client: PoolClient, nowMs: number): Promise<void> {
  const now = new Date(nowMs);
  const { rows } = await client.query<{ id: number }>(
    `with existing as (
       select id from incident where group_key = $1 and resolved_at is null and notified_at is null
     ), made as (
       insert into incident (group_key, rule, opened_at, notify_after)
       select $1, 'device_offline', $2, $2 where not exists (select from existing) returning id
     ) select id from existing union all select id from made`,
    [FLEET_GROUP, now],
  );
  const fleetId = rows[0]?.id;
  const { rows: merged } = await client.query<{ id: number }>(
    `select id from incident where rule = 'device_offline' and group_key <> $1 and resolved_at is null and notified_at is null
     order by id for update`,
    [FLEET_GROUP],
  );
  const ids = merged.map((row) => row.id);
  await client.query('update alert set incident_id = $1 where incident_id = any ($2)', [fleetId, ids]);
  await client.query('delete from incident where id = any ($1)', [ids]);
  if (fleetId !== undefined) await refreshIncidents(client, [fleetId], now);
  await writeOutbox(
    client,
    ids.map((id) => ({ kind: 'incident.changed', payload: { id, state: 'merged', into: fleetId } })),
  );
}

async function tell(
  client: PoolClient,
  incident: DueIncident,
  nowMs: number,
  options: TellingOptions,
): Promise<number> {
  const facts = await incidentFacts(client, incident);
  const recipients = await recipientsOf(client, incident.path);
  const style = { signature: options.signature, timeZone: options.timeZone, nowMs };
  const now = new Date(nowMs);
  await client.query(
    `insert into notification (incident_id, oncall_id, recipient, body, dedup_key, next_attempt_at, created_at, updated_at)
     select $1, oncall_id, recipient, body, dedup_key, $6, $6, $6
     from unnest($2::int[], $3::text[], $4::text[], $5::text[]) as n(oncall_id, recipient, body, dedup_key)
     on conflict (dedup_key) do nothing`,
    [
      incident.id,
      recipients.map((r) => r.id),
      recipients.map((r) => r.phone),
      recipients.map((r) => incidentText(facts, { ...style, lang: r.lang })),
      recipients.map((r) => `incident:${incident.id}:${r.phone}:opened`),
      now,
    ],
  );
  const title = incidentText(facts, { ...style, lang: 'zh-CN' }).replace(/^【[^】]*】/, '');
  await client.query('update incident set notified_at = $2, title = $3 where id = $1', [incident.id, now, title]);
  await writeOutbox(client, [
    {
      kind: 'incident.changed',
      regionPath: incident.path,
      payload: { id: incident.id, state: 'open', notified: true },
    },
  ]);
  return recipients.length;
}

async function incidentFacts(client: Queryable, incident: DueIncident): Promise<IncidentFacts> {
  const fleet = incident.group_key === FLEET_GROUP;
  const { rows } = await client.query<{
    devices: number;
    since: Date;
    component: string | null;
    reason: string | null;
    site: string | null;
    station: string | null;
    serial: string | null;
    total: number;
  }>(
    `select count(distinct a.device_key)::int as devices, min(a.opened_at) as since, min(a.component) as component,
       min(a.reason) as reason, min(si.name) as site, min(st.name) as station, min(d.serial) as serial,
       case when $2 then (select count(*)::int from device where lifecycle = 'in_service') else 0 end as total
     from alert a join device d on d.device_key = a.device_key
     left join station st on st.id = a.station_id left join site si on si.id = st.site_id
     where a.incident_id = $1 and a.resolved_at is null`,
    [incident.id, fleet],
  );
  const row = rows[0];
  return {
    rule: incident.rule,
    county: incident.county,
    fleet,
    component: row?.component ?? null,
    reason: row?.reason ?? null,
    devices: row?.devices ?? 0,
    total: row?.total ?? 0,
    site: row?.site ?? null,
    station: row?.station ?? null,
    serial: row?.serial ?? null,
    sinceMs: (row?.since ?? incident.opened_at).getTime(),
  };
}

/**
 * Who is told: the nearest level of the region tree that has a usable number, from the county upwards; then the numbers for
 * everything; and if all of the fleet is meant and there are none of those, every usable number. Flagged numbers are skipped.
 */
async function recipientsOf(client: Queryable, path: readonly number[] | null): Promise<Recipient[]> {
  const { rows } = await client.query<Recipient>(
    `with usable as (
       select o.id, o.phone, o.lang, case when o.region_id is null then 0 else array_position($1::int[], o.region_id) end as level
       from oncall o
       where o.enabled and o.flagged_reason is null
         and (o.region_id is null or o.region_id = any ($1) or $1 is null)
     ), chosen as (
       select * from usable where level is not distinct from (select max(level) from usable)
     )
     select distinct on (phone) id, phone, lang from chosen order by phone, id`,
    [path],
  );
  return rows;
}
