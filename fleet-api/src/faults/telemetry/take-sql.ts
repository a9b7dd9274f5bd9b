import type { PoolClient } from '../../db/index.ts';

/** Where a device stood at an instant. */
export interface Spot {
  readonly stationId: number;
  /** Components that its model requires. */
  readonly required: readonly string[];
}

/** Where devices stood when they told something, in the order of `told`; null: at no station. */
export async function selectSpots(
  client: PoolClient,
  told: readonly { readonly deviceKey: number; readonly atMs: number }[],
): Promise<(Spot | null)[]> {
  const { rows } = await client.query<{ n: number; station_id: number; required: string[] }>(
    `select q.n::int as n, i.station_id, coalesce(m.required_components, '{}') as required
     from unnest($1::int[], $2::timestamptz[]) with ordinality as q(device_key, at, n)
     join installation i on i.device_key = q.device_key and i.from_at <= q.at and (i.to_at is null or i.to_at > q.at)
     join device d on d.device_key = q.device_key left join device_model m on m.id = d.model_id`,
    [told.map(({ deviceKey }) => deviceKey), told.map(({ atMs }) => new Date(atMs))],
  );
  const found = new Map(rows.map(({ n, station_id, required }) => [n, { stationId: station_id, required }]));
  return told.map((_, i) => found.get(i + 1) ?? null);
}

/** An episode that may not be stored yet. */
export interface EpisodeDraft {
  readonly id: number | null;
  readonly stationId: number;
  readonly deviceKey: number;
  readonly cause: string;
  readonly component: string | null;
  readonly reason: string | null;
  readonly sinceMs: number;
  untilMs: number | null;
}

export interface DueDraft extends EpisodeDraft {
  readonly dueMs: number;
}

/** Episodes of these stations and causes that last. */
export async function selectLasting(
  client: PoolClient,
  spots: readonly (Spot | null)[],
  told: readonly { readonly cause: string }[],
): Promise<EpisodeDraft[]> {
  const { rows } = await client.query<{
    id: number;
    station_id: number;
    device_key: number;
    cause: string;
    component: string | null;
    reason: string | null;
    since: Date;
  }>(
    `select id, station_id, device_key, cause, component, reason, since from fault_episode
     where station_id = any ($1) and cause = any ($2) and until_at is null`,
    [[...new Set(spots.flatMap((spot) => spot?.stationId ?? []))], [...new Set(told.map(({ cause }) => cause))]],
  );
  return rows.map(({ station_id, device_key, since, ...row }) => ({
    ...row,
    stationId: station_id,
    deviceKey: device_key,
    sinceMs: since.getTime(),
    untilMs: null,
  }));
}

/** Ends episodes; what they come to is due at once. */
export async function endEpisodes(client: PoolClient, ended: readonly EpisodeDraft[], nowMs: number): Promise<void> {
  if (ended.length === 0) return;
  await client.query(
    `update fault_episode e set until_at = q.until_at, due_at = $3,
       state = case e.state when 'opened' then 'ending' else e.state end
     from unnest($1::bigint[], $2::timestamptz[]) as q(id, until_at) where e.id = q.id and e.until_at is null`,
    [ended.map(({ id }) => id), ended.map(({ untilMs }) => new Date(untilMs ?? nowMs)), new Date(nowMs)],
  );
}

/** Stores episodes that begin; one that lasts already goes on. */
export async function insertEpisodes(client: PoolClient, begun: readonly DueDraft[]): Promise<void> {
  if (begun.length === 0) return;
  await client.query(
    `insert into fault_episode (station_id, device_key, cause, component, reason, since, until_at, due_at)
     select * from unnest($1::int[], $2::int[], $3::text[], $4::text[], $5::text[], $6::timestamptz[], $7::timestamptz[],
       $8::timestamptz[])
     on conflict do nothing`,
    [
      begun.map(({ stationId }) => stationId),
      begun.map(({ deviceKey }) => deviceKey),
      begun.map(({ cause }) => cause),
      begun.map(({ component }) => component),
      begun.map(({ reason }) => reason),
      begun.map(({ sinceMs }) => new Date(sinceMs)),
      begun.map(({ untilMs }) => (untilMs === null ? null : new Date(untilMs))),
      begun.map(({ dueMs }) => new Date(dueMs)),
    ],
  );
}

/** What waits of these devices is due now: the registry may have changed what it comes to. */
export async function lookAgain(client: PoolClient, deviceKeys: readonly number[], nowMs: number): Promise<void> {
  await client.query(
    `update fault_episode set due_at = least(due_at, $2)
     where device_key = any ($1) and until_at is null and state = 'waiting'`,
    [deviceKeys, new Date(nowMs)],
  );
}

/** What is wrong with devices at the stations where they stand now, from when they stood there at the earliest. */
export async function selectBrought(
  client: PoolClient,
  deviceKeys: readonly number[],
): Promise<(EpisodeDraft & { readonly required: readonly string[] })[]> {
  const { rows } = await client.query<{
    station_id: number;
    device_key: number;
    cause: string;
    component: string | null;
    reason: string | null;
    since: Date;
    required: string[];
  }>(
    `with here as (
       select i.station_id, i.from_at, l.*, coalesce(m.required_components, '{}') as required
       from installation i join device_live l using (device_key) join device d using (device_key)
       left join device_model m on m.id = d.model_id
       where i.device_key = any ($1) and i.to_at is null and l.last_rcv_at is not null)
     select station_id, device_key, 'offline' as cause, null as component, 'silent' as reason, greatest(changed_at, from_at) as since,
       required
     from here where not online and changed_at is not null
       and exists (select from device_session s where s.device_key = here.device_key and s.session = here.session
         and s.end_kind is distinct from 'clean')
     union all
     select station_id, device_key, p.key, p.key, p.value->>'r', greatest((p.value->>'since')::timestamptz, from_at), required
     from here, jsonb_each(components) p where p.value->>'s' = 'fault' and p.value->>'since' is not null`,
    [deviceKeys],
  );
  return rows.map(({ station_id, device_key, since, ...row }) => ({
    ...row,
    id: null,
    stationId: station_id,
    deviceKey: device_key,
    sinceMs: since.getTime(),
    untilMs: null,
  }));
}
