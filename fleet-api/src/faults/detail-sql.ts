import type { PoolClient, Queryable } from '../db/index.ts';
import { lockCases } from '../repair/log.ts';
import type { FaultRow } from './list-sql.ts';
import type { Evidence, Report } from './schemas.ts';

const person = (id: string): string =>
  `(select json_build_object('id', p.id, 'name', p.name) from app_user p where p.id = ${id})`;

/** Everybody who told of a fault, or of a duplicate that was merged into it; oldest first. */
export async function selectReports(db: Queryable, faultId: number): Promise<Report[]> {
  const { rows } = await db.query<Report>(
    `select r.id, r.at, r.recorded_at, r.source, r.cause, r.words, r.name, r.phone, ${person('r.user_id')} as "user"
     from fault_report r join fault f on f.id = r.fault_id where f.id = $1 or f.merged_into = $1 order by r.id limit 200`,
    [faultId],
  );
  return rows;
}

type EvidenceRow = Evidence & { readonly at: Date };

/** The log that the clocks are read from. */
export async function selectLog(db: Queryable, faultId: number): Promise<EvidenceRow[]> {
  const { rows } = await db.query<EvidenceRow>(
    `select e.at, null as "to", 'case' as kind, e.kind as what, e.data || jsonb_build_object('recorded_at', e.recorded_at) as detail,
       ${person('e.user_id')} as "user"
     from case_event e where e.fault_id = $1 order by e.seq`,
    [faultId],
  );
  return rows;
}

/** How far around a fault telemetry is looked up, ms. */
const AROUND_MS = 6 * 3_600_000;

/** What telemetry said about the station around a fault: when the cause held, what the part said, sessions, events. */
export async function selectTelemetry(db: Queryable, fault: FaultRow, nowMs: number): Promise<EvidenceRow[]> {
  const from = new Date(fault.opened_at.getTime() - AROUND_MS);
  const to = new Date((fault.ended_at?.getTime() ?? nowMs) + AROUND_MS);
  const { rows } = await db.query<EvidenceRow>(
    `with stood as (
       select i.device_key, greatest(i.from_at, $3) as from_at, least(i.to_at, $4) as to_at
       from installation i where i.station_id = $1 and i.from_at < $4 and (i.to_at is null or i.to_at > $3))
     select * from (
       (select e.since as at, e.until_at as "to", 'episode' as kind, e.cause as what,
          jsonb_strip_nulls(jsonb_build_object('reason', e.reason, 'outcome', e.outcome, 'why', e.why, 'fault', e.fault_id)) as detail
        from fault_episode e where e.station_id = $1 and e.cause = $2 and e.since < $4 and coalesce(e.until_at, $4) > $3
        order by e.since desc limit 100)
       union all
       (select c.at, null, 'component', c.state, jsonb_build_object('component', c.component, 'device', d.device_id)
        from stood s join component_report c on c.device_key = s.device_key and c.at >= s.from_at and c.at < coalesce(s.to_at, $4)
        join device d on d.device_key = c.device_key where c.component = $5 order by c.at desc limit 60)
       union all
       (select n.began_at, n.ended_at, 'session', coalesce(n.end_kind, 'open'), jsonb_build_object('session', n.session, 'device', d.device_id)
        from stood s join device_session n on n.device_key = s.device_key and n.began_at < $4 and coalesce(n.ended_at, $4) > $3
        join device d on d.device_key = n.device_key where $2 in ('offline', 'modem', 'power') order by n.began_at desc limit 60)
       union all
       (select v.ts, null, 'event', v.code, jsonb_build_object('severity', v.sev, 'device', d.device_id)
        from stood s join rec_event v on v.device_key = s.device_key and v.ts >= greatest(s.from_at, $3) and v.ts < coalesce(s.to_at, $4)
        join device d on d.device_key = v.device_key
        where v.code in ('boot', 'agent_stop', 'door_open', 'door_closed', 'power_lost', 'power_back', 'sim_changed')
        order by v.ts desc limit 60)) t
     cross join (select null::json as "user") u`,
    [fault.station?.id ?? null, fault.cause, from, to, fault.component ?? fault.cause],
  );
  return rows;
}

/** Locks faults with their orders, and gives what decides about changing them. */
export async function lockFaults(
  client: PoolClient,
  ids: readonly number[],
): Promise<
  {
    readonly id: number;
    readonly status: string;
    readonly merged_into: number | null;
    readonly work_order_id: number | null;
    readonly site_id: number;
    readonly opened_at: Date;
    readonly contract_id: number;
  }[]
> {
  await lockCases(client, ids);
  const { rows } = await client.query(
    'select id, status, merged_into, work_order_id, site_id, opened_at, contract_id from fault where id = any ($1) order by id',
    [ids],
  );
  return rows;
}

/** Makes faults duplicates of another. */
export async function setMerged(client: PoolClient, ids: readonly number[], into: number): Promise<void> {
  await client.query(
    'update fault set merged_into = $2, version = version + 1 where id = any ($1) or merged_into = any ($1)',
    [ids, into],
  );
}

/** Makes a duplicate a fault of its own again; another one that telemetry holds keeps the key. */
export async function setUnmerged(client: PoolClient, id: number): Promise<void> {
  await client.query(
    `update fault f set merged_into = null, version = version + 1,
       dedup_key = case when exists (select from fault o where o.dedup_key = f.dedup_key and o.id <> f.id and o.recovered_at is null
         and o.merged_into is null) then null else f.dedup_key end
     where f.id = $1`,
    [id],
  );
}
