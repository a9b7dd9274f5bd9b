import type { Interval } from '@uptally/sla';
import type { PoolClient, Queryable } from '../../db/index.ts';
import { ENDLESS, type Episode, type Surroundings } from './judge.ts';

/** An episode that has to be looked at. */
export interface DueEpisode extends Episode {
  readonly state: 'waiting' | 'ending';
  readonly faultId: number | null;
  readonly countyId: number | null;
}

interface EpisodeRow {
  readonly id: number;
  readonly station_id: number;
  readonly device_key: number;
  readonly cause: string;
  readonly component: string | null;
  readonly reason: string | null;
  readonly since: Date;
  readonly until_at: Date | null;
  readonly state: 'waiting' | 'ending';
  readonly fault_id: number | null;
  readonly county_id: number | null;
}

/** Whether anything is due. */
export async function isDue(db: Queryable, nowMs: number): Promise<boolean> {
  const { rows } = await db.query<{ due: boolean }>(
    'select exists (select from fault_episode where due_at <= $1) as due',
    [new Date(nowMs)],
  );
  return rows[0]?.due === true;
}

/** What is due, the earliest of each station and cause, locked. */
export async function takeDue(client: PoolClient, nowMs: number, limit: number): Promise<DueEpisode[]> {
  const { rows } = await client.query<EpisodeRow>(
    `with first as (
       select distinct on (station_id, cause) id, since from fault_episode where due_at <= $1
       order by station_id, cause, since, id),
     taken as (select id from first order by since, id limit $2)
     select e.id, e.station_id, e.device_key, e.cause, e.component, e.reason, e.since, e.until_at, e.state, e.fault_id,
       (select c.id from region r join region c on c.id = any (r.path) and c.kind = 'county' where r.id = si.region_id limit 1)
         as county_id
     from fault_episode e join taken using (id) join station st on st.id = e.station_id join site si on si.id = st.site_id
     order by e.since, e.id for no key update of e`,
    [new Date(nowMs), limit],
  );
  return rows.map((row) => ({
    id: row.id,
    stationId: row.station_id,
    deviceKey: row.device_key,
    cause: row.cause,
    component: row.component,
    reason: row.reason,
    sinceMs: row.since.getTime(),
    untilMs: row.until_at?.getTime() ?? null,
    state: row.state,
    faultId: row.fault_id,
    countyId: row.county_id,
  }));
}

const ms = (column: string): string => `floor(extract(epoch from ${column}) * 1000)::bigint`;
const spans = (from: string, to: string, source: string): string =>
  `(select coalesce(jsonb_agg(jsonb_build_array(${ms(from)}, ${ms(to)})), '[]') from ${source})`;

type Pair = readonly [number, number | null];

/** What may keep episodes from being faults, by episode. */
export async function selectSurroundings(
  client: PoolClient,
  episodes: readonly Episode[],
  nowMs: number,
): Promise<Map<number, Omit<Surroundings, 'journal'>>> {
  const { rows } = await client.query<{
    id: number;
    commissioned: number | null;
    decommissioned: number | null;
    installed: Pair[];
    suspended: Pair[];
    maintained: Pair[];
    attended: Pair[];
  }>(
    `select e.id, ${ms('st.commissioned_at')} as commissioned, ${ms('st.decommissioned_at')} as decommissioned,
       ${spans('i.from_at', 'i.to_at', 'installation i where i.device_key = e.device_key and i.station_id = e.station_id')} as installed,
       ${spans('p.from_at', 'p.to_at', 'station_suspension p where p.station_id = e.station_id')} as suspended,
       ${spans(
         'x.from_at',
         'x.to_at',
         `exclusion x where x.kind = 'planned_maintenance' and x.state = 'approved' and x.from_at < coalesce(e.until_at, $2)
            and x.to_at > e.since and x.dimension in ('both', case when e.cause in ('offline', 'modem') then 'network' else 'equipment' end)
            and (x.station_id = st.id or x.site_id = si.id or x.region_id = any (r.path))`,
       )} as maintained,
       case when e.cause <> 'door' then '[]' else ${spans(
         `a.at - interval '15 minutes'`,
         `coalesce(a.left_at, a.at + interval '8 hours') + interval '15 minutes'`,
         `(select n.at, (select min(m.at) from work_order_entry m where m.work_order_id = n.work_order_id and m.at >= n.at
             and m.kind in ('repaired', 'confirmed', 'closed', 'cancelled')) as left_at
           from work_order_entry n where n.kind = 'on_site' and n.at > e.since - interval '1 day'
             and n.work_order_id in (select f.work_order_id from fault f where f.station_id = e.station_id)) a`,
       )} end as attended
     from fault_episode e join station st on st.id = e.station_id join site si on si.id = st.site_id
     join region r on r.id = si.region_id where e.id = any ($1)`,
    [episodes.map(({ id }) => id), new Date(nowMs)],
  );
  return new Map(
    rows.map((row) => [
      row.id,
      {
        installed: intervals(row.installed),
        owed: row.commissioned === null ? [] : intervals([[row.commissioned, row.decommissioned]]),
        excused: intervals([...row.suspended, ...row.maintained, ...row.attended]),
      },
    ]),
  );
}

const intervals = (pairs: readonly Pair[]): Interval[] => pairs.map(([from, to]) => ({ from, to: to ?? ENDLESS }));

/** An episode of the recent past, with the fault that it became. */
export interface PastEpisode {
  readonly id: number;
  readonly stationId: number;
  readonly cause: string;
  readonly sinceMs: number;
  readonly untilMs: number | null;
  readonly state: string;
  readonly faultId: number | null;
  /** The fault can go on: it was neither merged, confirmed nor cancelled, and its order is not closed. */
  readonly canReopen: boolean;
  readonly isFlapping: boolean;
}

/** Episodes of the same stations and causes that reach into the time looked at. */
export async function selectHistory(
  client: PoolClient,
  episodes: readonly Episode[],
  reachMs: number,
): Promise<PastEpisode[]> {
  const earliest = Math.min(...episodes.map(({ sinceMs }) => sinceMs)) - reachMs;
  const { rows } = await client.query<{
    id: number;
    station_id: number;
    cause: string;
    since: Date;
    until_at: Date | null;
    state: string;
    fault_id: number | null;
    can_reopen: boolean | null;
    is_flapping: boolean | null;
  }>(
    `select e.id, e.station_id, e.cause, e.since, e.until_at, e.state, e.fault_id, f.is_flapping,
       f.merged_into is null and f.status in ('open', 'repaired') and coalesce(w.state not in ('confirmed', 'closed', 'cancelled'), true)
         as can_reopen
     from fault_episode e left join fault f on f.id = e.fault_id left join work_order w on w.id = f.work_order_id
     where e.station_id = any ($1) and e.cause = any ($2) and e.since >= $3::timestamptz - interval '1 day'
       and (e.until_at is null or e.until_at >= $3) order by e.since, e.id`,
    [
      [...new Set(episodes.map(({ stationId }) => stationId))],
      [...new Set(episodes.map(({ cause }) => cause))],
      new Date(earliest),
    ],
  );
  return rows.map((row) => ({
    id: row.id,
    stationId: row.station_id,
    cause: row.cause,
    sinceMs: row.since.getTime(),
    untilMs: row.until_at?.getTime() ?? null,
    state: row.state,
    faultId: row.fault_id,
    canReopen: row.can_reopen === true,
    isFlapping: row.is_flapping === true,
  }));
}

/** What becomes of an episode. */
export interface Fate {
  readonly id: number;
  readonly state: 'waiting' | 'opened' | 'ending' | 'over';
  readonly outcome: 'fault' | 'short' | 'suppressed' | null;
  readonly why: string | null;
  readonly dueMs: number | null;
  readonly faultId: number | null;
}

export async function storeFates(client: PoolClient, fates: readonly Fate[]): Promise<void> {
  if (fates.length === 0) return;
  await client.query(
    `update fault_episode e set state = q.state, outcome = q.outcome, why = q.why, due_at = q.due_at, fault_id = q.fault_id
     from unnest($1::bigint[], $2::text[], $3::text[], $4::text[], $5::timestamptz[], $6::int[])
       as q(id, state, outcome, why, due_at, fault_id) where e.id = q.id`,
    [
      fates.map(({ id }) => id),
      fates.map(({ state }) => state),
      fates.map(({ outcome }) => outcome),
      fates.map(({ why }) => why),
      fates.map(({ dueMs }) => (dueMs === null ? null : new Date(dueMs))),
      fates.map(({ faultId }) => faultId),
    ],
  );
}

/** Notes of faults that they are gone by telemetry's word, or back. */
export async function noteRecovered(
  client: PoolClient,
  changes: readonly {
    readonly faultId: number;
    readonly atMs: number | null;
    readonly isFlapping: boolean;
    readonly more: number;
  }[],
): Promise<void> {
  if (changes.length === 0) return;
  await client.query(
    `update fault f set recovered_at = q.at, is_flapping = q.is_flapping, changes = f.changes + q.more,
       dedup_key = case when q.at is null and not exists (select from fault o where o.id <> f.id and o.recovered_at is null
           and o.merged_into is null and o.dedup_key = f.station_id || ':' || f.cause)
         then f.station_id || ':' || f.cause else f.dedup_key end
     from unnest($1::int[], $2::timestamptz[], $3::bool[], $4::int[]) as q(id, at, is_flapping, more) where f.id = q.id`,
    [
      changes.map(({ faultId }) => faultId),
      changes.map(({ atMs }) => (atMs === null ? null : new Date(atMs))),
      changes.map(({ isFlapping }) => isFlapping),
      changes.map(({ more }) => more),
    ],
  );
}

/** Faults that took these in as duplicates and are open: they end with them. fault -> the one that holds it. */
export async function selectHolders(client: PoolClient, faultIds: readonly number[]): Promise<Map<number, number>> {
  const { rows } = await client.query<{ id: number; holder: number }>(
    `select f.id, h.id as holder from fault f join fault h on h.id = f.merged_into
     where f.id = any ($1) and h.status = 'open'
       and not exists (select from fault_episode e join fault g on g.id = e.fault_id
         where e.until_at is null and e.state = 'opened' and (g.id = h.id or g.merged_into = h.id) and g.id <> f.id)`,
    [faultIds],
  );
  return new Map(rows.map(({ id, holder }) => [id, holder]));
}

/** Those of the faults that hang on no order. */
export async function selectOrderless(client: PoolClient, faultIds: readonly number[]): Promise<number[]> {
  const { rows } = await client.query<{ id: number }>(
    'select id from fault where id = any ($1) and work_order_id is null and merged_into is null order by id',
    [faultIds],
  );
  return rows.map(({ id }) => id);
}
