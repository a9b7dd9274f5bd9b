import { iso } from '../../../src/availability/ledger/times.ts';
import type { Pool } from '../../../src/db/index.ts';

/** Ids of what a test works with. */
export interface Place {
  readonly baselineId: number;
  readonly contractId: number;
  readonly provinceId: number;
  readonly countyId: number;
  readonly siteId: number;
  readonly stationIds: readonly number[];
  readonly orgIds: readonly number[];
  readonly userId: number;
}

export interface PlaceOptions {
  readonly stations: number;
  readonly commissionedMs: number;
  /** First day of both contracts. */
  readonly termFrom: string;
  /** Zone and calendar of the contract that is not the baseline. */
  readonly timeZone?: string;
  readonly calendar?: object;
}

/** One site in a county, stations without devices, the baseline and a contract about the county, two parties. */
export async function makePlace(pool: Pool, options: PlaceOptions): Promise<Place> {
  const ids = async (sql: string, values: readonly unknown[]): Promise<number[]> =>
    (await pool.query<{ id: number }>(sql, [...values])).rows.map(({ id }) => id);
  const id = async (sql: string, ...values: unknown[]): Promise<number> => (await ids(sql, values))[0] ?? 0;
  const provinceId = await id(`insert into region (kind, code, name) values ('province', '46', 'P') returning id`);
  const countyId = await id(
    `insert into region (parent_id, kind, code, name) values ($1, 'county', '4601', 'C') returning id`,
    provinceId,
  );
  const siteId = await id(`insert into site (region_id, code, name) values ($1, 'S', 'S') returning id`, countyId);
  const stationIds = await ids(
    `insert into station (site_id, code, name, commissioned_at) select $1, 'S-' || i, 'S', $2 from generate_series(1, $3::int) i returning id`,
    [siteId, iso(options.commissionedMs), options.stations],
  );
  const contract = `insert into contract (code, name, is_baseline, time_zone, term_from, calendar) values ($1, $1, $2, $3, $4, $5) returning id`;
  const baselineId = await id(contract, 'baseline', true, 'Asia/Shanghai', options.termFrom, '{"kind": "always"}');
  const contractId = await id(
    contract,
    'C-1',
    false,
    options.timeZone ?? 'Asia/Shanghai',
    options.termFrom,
    JSON.stringify(options.calendar ?? { kind: 'always' }),
  );
  await pool.query('insert into contract_region values ($1, $2)', [contractId, countyId]);
  const orgIds = await ids(
    `insert into org (code, name, kind) values ('a', 'A', 'agency'), ('b', 'B', 'contractor') returning id`,
    [],
  );
  const userId = await id(
    `insert into app_user (login, name, org_id, role, password_hash) values ('u', 'U', $1, 'manager', '') returning id`,
    orgIds[0],
  );
  return { baselineId, contractId, provinceId, countyId, siteId, stationIds, orgIds, userId };
}

export async function install(
  pool: Pool,
  installation: {
    readonly deviceKey: number;
    readonly stationId: number;
    readonly fromMs: number;
    readonly toMs?: number;
  },
): Promise<void> {
  const { deviceKey, stationId, fromMs, toMs } = installation;
  await pool.query('insert into installation (device_key, station_id, from_at, to_at) values ($1, $2, $3, $4)', [
    deviceKey,
    stationId,
    iso(fromMs),
    toMs === undefined ? null : iso(toMs),
  ]);
}

/** The platform's journal: it was able to receive in these spans. */
export async function platformUp(
  pool: Pool,
  ...spans: readonly (readonly [fromMs: number, toMs: number])[]
): Promise<void> {
  for (const [from, to] of spans) {
    await pool.query(
      `insert into platform_liveness (component, instance, from_at, to_at) values ('ingest', 'test', $1, $2)`,
      [iso(from), iso(to)],
    );
  }
}

export async function exclude(
  pool: Pool,
  place: Place,
  exclusion: { readonly dimension: string; readonly stationId: number; readonly fromMs: number; readonly toMs: number },
): Promise<void> {
  await pool.query(
    `insert into exclusion (contract_id, kind, dimension, station_id, from_at, to_at, reason, state, proposed_by, proposed_org_id, proposed_at,
       decided_by, decided_org_id, decided_at)
     values ($1, 'planned_maintenance', $2, $3, $4, $5, 'test', 'approved', $6, $7, now(), $6, $8, now())`,
    [
      place.contractId,
      exclusion.dimension,
      exclusion.stationId,
      iso(exclusion.fromMs),
      iso(exclusion.toMs),
      place.userId,
      ...place.orgIds,
    ],
  );
}

export interface AccrualRow {
  readonly contract_id: number;
  readonly station_id: number;
  readonly day: string;
  readonly required_ms: number;
  readonly net: readonly number[];
  readonly eq: readonly number[];
  readonly computed_to: number;
  readonly version: string;
}

/** Every row; `net` and `eq` hold up, down, unknown, platform, excluded. `version` changes with every write. */
export async function accruals(pool: Pool): Promise<readonly AccrualRow[]> {
  const { rows } = await pool.query<AccrualRow>(
    `select contract_id, station_id, to_char(day, 'YYYY-MM-DD') as day, required_ms,
       array[net_up_ms, net_down_ms, net_unknown_ms, net_platform_ms, net_excluded_ms] as net,
       array[eq_up_ms, eq_down_ms, eq_unknown_ms, eq_platform_ms, eq_excluded_ms] as eq,
       (extract(epoch from computed_to) * 1000)::int8 as computed_to, xmin::text || ctid::text as version
     from accrual order by contract_id, station_id, day`,
  );
  return rows;
}
