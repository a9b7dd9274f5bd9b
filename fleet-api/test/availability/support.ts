import type { Response } from 'light-my-request';
import type { Pool } from '../../src/db/index.ts';
import { signedIn, type TestApi, type TestPerson, testOrg } from '../support/api.ts';

export const DAY_MS = 86_400_000;
/** 2026-11-10 12:00 in Shanghai: October is over, and so is the time for its late evidence. */
export const NOW_MS = Date.parse('2026-11-10T12:00:00+08:00');

/** Stations by name: a1 and a2 at one site of county A, a3 at another, b1 in a township of county B. */
export interface Fleet {
  readonly province: number;
  readonly countyA: number;
  readonly countyB: number;
  readonly township: number;
  readonly siteA1: number;
  readonly stations: Readonly<Record<'a1' | 'a2' | 'a3' | 'b1', number>>;
  readonly agency: number;
  readonly contractor: number;
  /** About the whole province, from 2026-10-01 on. */
  readonly contractId: number;
  readonly baselineId: number;
}

/** A small fleet in commission since 2026-10-01, a contract about it, and the baseline; no figures yet. */
export async function testFleet(pool: Pool, rules: object = {}): Promise<Fleet> {
  const id = async (sql: string, values: unknown[]): Promise<number> =>
    (await pool.query<{ id: number }>(sql, values)).rows[0]?.id ?? 0;
  const region = (kind: string, code: string, parent: number | null) =>
    id('insert into region (kind, code, name, parent_id) values ($1, $2, $2, $3) returning id', [kind, code, parent]);
  const site = (code: string, regionId: number) =>
    id('insert into site (code, name, region_id) values ($1, $1, $2) returning id', [code, regionId]);
  const station = (code: string, siteId: number) =>
    id(
      `insert into station (code, name, site_id, commissioned_at) values ($1, $1, $2, '2026-10-01T00:00:00+08:00') returning id`,
      [code, siteId],
    );
  const province = await region('province', 'P', null);
  const countyA = await region('county', 'A', province);
  const countyB = await region('county', 'B', province);
  const township = await region('township', 'B1', countyB);
  const siteA1 = await site('SA1', countyA);
  const siteA2 = await site('SA2', countyA);
  const siteB = await site('SB', township);
  const stations = {
    a1: await station('a1', siteA1),
    a2: await station('a2', siteA1),
    a3: await station('=a3', siteA2), // a name that a spreadsheet would run
    b1: await station('b1', siteB),
  };
  const agency = await testOrg(pool, 'agency', 'agency');
  const contractor = await testOrg(pool, 'contractor', 'contractor');
  const contractId = await id(
    `with c as (insert into contract (code, name, agency_org_id, contractor_org_id, term_from, rules)
       values ('C-1', 'C-1', $1, $2, '2026-10-01', $4) returning id)
     insert into contract_region (contract_id, region_id) select id, $3 from c returning contract_id as id`,
    [agency, contractor, province, JSON.stringify(rules)],
  );
  const baselineId = await id(
    `insert into contract (code, name, is_baseline, term_from) values ('baseline', 'baseline', true, '2026-10-01') returning id`,
    [],
  );
  return { province, countyA, countyB, township, siteA1, stations, agency, contractor, contractId, baselineId };
}

/** up, down, unknown, platform, excluded in ms. */
export type Numbers = readonly [up: number, down: number, unknown: number, platform: number, excluded: number];
export const ALL_UP: Numbers = [DAY_MS, 0, 0, 0, 0];

/** Puts the figures of a station and day, as computed to the day's end. */
export async function putAccrual(
  pool: Pool,
  contractId: number,
  stationId: number,
  day: string,
  net: Numbers,
  eq: Numbers = ALL_UP,
): Promise<void> {
  const required = net.reduce((a, b) => a + b);
  await pool.query(
    `insert into accrual values ($1, $2, $3::date, $4, $5, $6, $7, $8, $9, $10, $11, $12, $13, $14,
       ($3::date + 1)::timestamp at time zone 'Asia/Shanghai')
     on conflict (contract_id, station_id, day) do update set required_ms = excluded.required_ms, net_up_ms = excluded.net_up_ms,
       net_down_ms = excluded.net_down_ms, net_unknown_ms = excluded.net_unknown_ms, net_platform_ms = excluded.net_platform_ms,
       net_excluded_ms = excluded.net_excluded_ms`,
    [contractId, stationId, day, required, ...net, ...eq],
  );
}

/** Two days of figures with something of everything; a3 lacks the second day. Of county A: 377,699,656 up of 428,600,000 counted. */
export async function putTwoDays(pool: Pool, { contractId, stations }: Fleet): Promise<void> {
  const put = (name: keyof Fleet['stations'], day: string, net: Numbers) =>
    putAccrual(pool, contractId, stations[name], day, net);
  await put('a1', '2026-10-01', ALL_UP);
  await put('a1', '2026-10-02', [43_200_000, 43_200_000, 0, 0, 0]);
  await put('a2', '2026-10-01', [80_000_000, 1_400_000, 2_000_000, 3_000_000, 0]);
  await put('a2', '2026-10-02', ALL_UP);
  await put('a3', '2026-10-01', [81_699_656, 4_300_344, 0, 0, 400_000]); // 94.9996 %
  await put('b1', '2026-10-01', ALL_UP);
  await put('b1', '2026-10-02', ALL_UP);
}

/** Requests of one person. */
export class Hand {
  readonly #api: TestApi;
  readonly #person: TestPerson;

  constructor(api: TestApi, person: TestPerson) {
    this.#api = api;
    this.#person = person;
  }

  get userId(): number {
    return this.#person.userId;
  }

  send(
    method: 'GET' | 'POST' | 'PUT' | 'PATCH' | 'DELETE',
    path: string,
    payload?: object,
    headers: Record<string, string> = {},
  ): Promise<Response> {
    const url = `/api/v1${path}`;
    return this.#api.app.inject({
      method,
      url,
      headers: { ...headers, cookie: this.#person.cookie },
      ...(payload && { payload }),
    });
  }

  /** The answer's body. Throws unless the request succeeded. */
  async get(path: string) {
    const response = await this.send('GET', path);
    if (response.statusCode !== 200) throw new Error(`${path}: ${response.statusCode} ${response.body}`);
    return response.json();
  }

  /** Status and code of an answer that is a problem. */
  async problem(method: 'GET' | 'POST' | 'PUT' | 'PATCH' | 'DELETE', path: string, payload?: object) {
    const response = await this.send(method, path, payload);
    return `${response.statusCode} ${response.json().code}`;
  }
}

export async function handOf(api: TestApi, options: Parameters<typeof signedIn>[1] = {}): Promise<Hand> {
  return new Hand(api, await signedIn(api, options));
}
