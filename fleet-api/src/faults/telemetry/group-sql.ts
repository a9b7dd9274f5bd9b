import type { PoolClient } from '../../db/index.ts';
import type { Onset, OpenIncident } from './group.ts';

/** Causes that hold now at stations of the same counties, and began about when these did. */
export async function selectPeers(client: PoolClient, onsets: readonly Onset[], groupMs: number): Promise<Onset[]> {
  const times = onsets.map(({ sinceMs }) => sinceMs);
  const { rows } = await client.query<{ station_id: number; county_id: number; cause: string; since: Date }>(
    `select e.station_id, c.id as county_id, e.cause, e.since
     from fault_episode e join station st on st.id = e.station_id join site si on si.id = st.site_id
     join region r on r.id = si.region_id join region c on c.id = any (r.path) and c.kind = 'county'
     where e.until_at is null and e.state in ('waiting', 'opened') and e.cause = any ($1) and c.id = any ($2)
       and e.since between $3 and $4 and st.commissioned_at <= e.since and st.decommissioned_at is null
       and not exists (select from station_suspension p where p.station_id = st.id and p.from_at <= e.since
         and (p.to_at is null or p.to_at > e.since))`,
    [
      [...new Set(onsets.map(({ cause }) => cause))],
      [...new Set(onsets.flatMap(({ countyId }) => countyId ?? []))],
      new Date(Math.min(...times) - groupMs),
      new Date(Math.max(...times) + groupMs),
    ],
  );
  return rows.map(({ station_id, county_id, cause, since }) => ({
    stationId: station_id,
    countyId: county_id,
    cause,
    sinceMs: since.getTime(),
  }));
}

/** Incidents of the same counties and causes that are not over, newest first. */
export async function selectIncidents(client: PoolClient, onsets: readonly Onset[]): Promise<OpenIncident[]> {
  const { rows } = await client.query<{
    id: number;
    county_id: number;
    cause: string;
    opened_at: Date;
    faults_open: number;
  }>(
    `select id, county_id, cause, opened_at, faults_open from work_order
     where kind = 'incident' and county_id = any ($1) and cause = any ($2) and faults_open > 0
       and state not in ('repaired', 'confirmed', 'closed', 'cancelled') order by id desc`,
    [[...new Set(onsets.flatMap(({ countyId }) => countyId ?? []))], [...new Set(onsets.map(({ cause }) => cause))]],
  );
  return rows.map(({ id, county_id, cause, opened_at, faults_open }) => ({
    id,
    countyId: county_id,
    cause,
    openedAtMs: opened_at.getTime(),
    stations: faults_open,
  }));
}

/** Open faults of telemetry, with orders of their own that nobody has touched. */
export async function selectUntouched(
  client: PoolClient,
  of: { readonly countyId: number | null; readonly cause: string; readonly fromMs: number; readonly toMs: number },
): Promise<{ id: number; work_order_id: number }[]> {
  const { rows } = await client.query<{ id: number; work_order_id: number }>(
    `select f.id, f.work_order_id from fault f join work_order w on w.id = f.work_order_id
     where f.county_id = $1 and f.cause = $2 and f.opened_at between $3 and $4 and f.status = 'open' and f.merged_into is null
       and f.source = 'telemetry' and w.kind = 'station' and w.state = 'new' and w.faults_total = 1`,
    [of.countyId, of.cause, new Date(of.fromMs), new Date(of.toMs)],
  );
  return rows;
}

/** Lets go of keys that faults hold which people ended: telemetry opens new ones. */
export async function freeKeys(client: PoolClient, keys: readonly string[]): Promise<void> {
  await client.query(
    `update fault set dedup_key = null where dedup_key = any ($1) and recovered_at is null and merged_into is null and status <> 'open'`,
    [keys],
  );
}
