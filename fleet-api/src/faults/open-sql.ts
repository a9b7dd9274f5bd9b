import type { PoolClient } from '../db/index.ts';
import type { NewFault } from './open.ts';
import type { Place } from './places.ts';

/** A fault with all that it needs looked up. */
export interface PlacedFault extends NewFault {
  readonly at: Place;
  /** Names place and cause. */
  readonly key: string;
  /** Terms by which it is judged. */
  readonly terms: number;
  readonly severity: string;
}

/** Place and cause of fault `f`, as {@link PlacedFault.key}. */
const KEY = `coalesce(f.station_id::text, 'site:' || f.site_id) || ':' || f.cause`;

export interface KnownFault {
  readonly id: number;
  readonly orderId: number | null;
}

/** Open faults of the same places and causes, locked, by key. */
export async function selectOpen(client: PoolClient, faults: readonly PlacedFault[]): Promise<Map<string, KnownFault>> {
  const { rows } = await client.query<{ id: number; key: string; work_order_id: number | null }>(
    `select f.id, ${KEY} as key, f.work_order_id from fault f
     where f.site_id = any ($1) and f.cause = any ($2) and f.status = 'open' and f.merged_into is null
       and ${KEY} = any ($3) order by f.id for no key update`,
    [faults.map(({ at }) => at.siteId), faults.map(({ cause }) => cause), faults.map(({ key }) => key)],
  );
  return new Map(rows.map(({ id, key, work_order_id }) => [key, { id, orderId: work_order_id }]));
}

export interface EarlierFault {
  readonly id: number;
  readonly key: string;
  readonly opened_at: Date;
  readonly ended_at: Date;
}

/** Faults of the same places and causes that ended within 31 days before the new ones began. */
export async function selectEarlier(client: PoolClient, faults: readonly PlacedFault[]): Promise<EarlierFault[]> {
  const { rows } = await client.query<EarlierFault>(
    `select f.id, ${KEY} as key, f.opened_at, f.ended_at from fault f
     where f.site_id = any ($1) and f.cause = any ($2) and ${KEY} = any ($3) and f.merged_into is null
       and f.status <> 'cancelled' and f.ended_at >= $4 order by f.id`,
    [
      faults.map(({ at }) => at.siteId),
      faults.map(({ cause }) => cause),
      faults.map(({ key }) => key),
      new Date(Math.min(...faults.map(({ openedAtMs }) => openedAtMs)) - 31 * 86_400_000),
    ],
  );
  return rows;
}

/** Stores faults; key -> id. */
export async function insertFaults(
  client: PoolClient,
  faults: readonly PlacedFault[],
  repeats: ReadonlyMap<string, number>,
): Promise<Map<string, number>> {
  const column = <V>(read: (fault: PlacedFault) => V): V[] => faults.map(read);
  const { rows } = await client.query<{ id: number; key: string }>(
    `insert into fault as f (contract_id, county_id, region_path, site_id, station_id, device_key, source, cause, component, reason,
       severity, description, reporter_name, reporter_phone, reported_by, opened_at, recorded_at, recovered_at, dedup_key,
       is_flapping, recurrence_of)
     select contract_id, county_id, (select path from region r where r.id = si.region_id), site_id, station_id, device_key, source,
       cause, component, reason, severity, description, reporter_name, reporter_phone, reported_by, opened_at, $20, recovered_at,
       dedup_key, is_flapping, recurrence_of
     from unnest($1::int[], $2::int[], $3::int[], $4::int[], $5::int[], $6::text[], $7::text[], $8::text[], $9::text[], $10::text[],
       $11::text[], $12::text[], $13::text[], $14::int[], $15::timestamptz[], $16::timestamptz[], $17::text[], $18::bool[],
       $19::int[]) with ordinality as n(contract_id, county_id, site_id, station_id, device_key, source, cause, component, reason,
       severity, description, reporter_name, reporter_phone, reported_by, opened_at, recovered_at, dedup_key, is_flapping,
       recurrence_of, place)
     join site si on si.id = n.site_id
     order by n.place
     returning f.id, ${KEY} as key`,
    [
      column(({ at }) => at.contractId),
      column(({ at }) => at.countyId),
      column(({ at }) => at.siteId),
      column(({ at }) => at.stationId),
      column(({ at }) => at.deviceKey),
      column(({ source }) => source),
      column(({ cause }) => cause),
      column(({ component }) => component ?? null),
      column(({ reason }) => reason ?? null),
      column(({ severity }) => severity),
      column(({ description }) => description ?? ''),
      column(({ reporter }) => reporter?.name ?? null),
      column(({ reporter }) => reporter?.phone ?? null),
      column(({ userId }) => userId ?? null),
      column(({ openedAtMs }) => new Date(openedAtMs)),
      column(({ recoveredAtMs }) => dateOf(recoveredAtMs)),
      column(({ dedupKey }) => dedupKey ?? null),
      column(({ isFlapping }) => isFlapping ?? false),
      column(({ key }) => repeats.get(key) ?? null),
      new Date(faults[0]?.nowMs ?? 0),
    ],
  );
  return new Map(rows.map(({ id, key }) => [key, id]));
}

/** The first entries of their logs: opened and, if that is known, recovered. */
export async function insertOpenings(
  client: PoolClient,
  faults: readonly PlacedFault[],
  ids: ReadonlyMap<string, number>,
): Promise<void> {
  const events = faults.flatMap((fault) => {
    const id = ids.get(fault.key);
    if (id === undefined) return [];
    const { openedAtMs, recoveredAtMs, terms, severity } = fault;
    const opened = { id, seq: 1, at: openedAtMs, kind: 'opened', data: { contract: String(terms), severity }, fault };
    if (recoveredAtMs === undefined || recoveredAtMs === null) return [opened];
    return [opened, { id, seq: 2, at: recoveredAtMs, kind: 'recovered', data: {}, fault }];
  });
  await client.query(
    `insert into case_event (fault_id, seq, at, kind, data, recorded_at, user_id)
     select fault_id, seq, at, kind, data, $7, user_id
     from unnest($1::int[], $2::int[], $3::timestamptz[], $4::text[], $5::jsonb[], $6::int[])
       as e(fault_id, seq, at, kind, data, user_id)`,
    [
      events.map(({ id }) => id),
      events.map(({ seq }) => seq),
      events.map(({ at }) => new Date(at)),
      events.map(({ kind }) => kind),
      events.map(({ data }) => JSON.stringify(data)),
      events.map(({ fault }) => fault.userId ?? null),
      new Date(faults[0]?.nowMs ?? 0),
    ],
  );
}

/** Everybody who told of a fault, the first and the further voices. */
export async function insertReports(
  client: PoolClient,
  faults: readonly PlacedFault[],
  ids: ReadonlyMap<string, number>,
): Promise<void> {
  await client.query(
    `insert into fault_report (fault_id, at, recorded_at, source, cause, words, name, phone, user_id)
     select fault_id, at, $9, source, cause, words, name, phone, user_id
     from unnest($1::int[], $2::timestamptz[], $3::text[], $4::text[], $5::text[], $6::text[], $7::text[], $8::int[])
       as r(fault_id, at, source, cause, words, name, phone, user_id)`,
    [
      faults.map(({ key }) => ids.get(key)),
      faults.map(({ openedAtMs }) => new Date(openedAtMs)),
      faults.map(({ source }) => source),
      faults.map(({ cause }) => cause),
      faults.map(({ description }) => description ?? ''),
      faults.map(({ reporter }) => reporter?.name ?? null),
      faults.map(({ reporter }) => reporter?.phone ?? null),
      faults.map(({ userId }) => userId ?? null),
      new Date(faults[0]?.nowMs ?? 0),
    ],
  );
}

export interface OpenOrder {
  readonly id: number;
  readonly site_id: number | null;
  readonly station_id: number | null;
  readonly contract_id: number;
}

/** Orders of the places that take further faults, newest first. */
export async function selectOpenOrders(client: PoolClient, faults: readonly PlacedFault[]): Promise<OpenOrder[]> {
  const { rows } = await client.query<OpenOrder>(
    `select id, site_id, station_id, contract_id from work_order
     where kind = 'station' and site_id = any ($1) and state not in ('repaired', 'confirmed', 'closed', 'cancelled')
     order by id desc`,
    [faults.map(({ at }) => at.siteId)],
  );
  return rows;
}

const dateOf = (ms: number | null | undefined): Date | null => (ms === null || ms === undefined ? null : new Date(ms));
