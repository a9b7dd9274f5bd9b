import type { Response } from 'light-my-request';
import type { Role } from '../../src/auth/permissions.ts';
import type { Pool } from '../../src/db/index.ts';
import { signedIn, type TestApi, type TestPerson, testOrg } from '../support/api.ts';
import { type TestCounty, testCounty } from '../support/county.ts';

const HOUR_MS = 3_600_000;
/** The contracts run from here, 00:00 in Shanghai, for a year. */
export const TERM_FROM = '2026-01-01T00:00:00+08:00';
/** When the tests play. */
export const NOW_MS = Date.parse('2026-03-10T12:00:00+08:00');

/** Two counties under contract with an agency and a contractor, another contractor, and the baseline. */
export interface Parties {
  readonly agency: number;
  readonly contractor: number;
  readonly other: number;
  /** About county AA. */
  readonly contractId: number;
  readonly baselineId: number;
  readonly ours: TestCounty;
  readonly theirs: TestCounty;
}

export async function testParties(pool: Pool): Promise<Parties> {
  const ours = await testCounty(pool, 'AA', new Date(Date.parse(TERM_FROM)));
  const theirs = await testCounty(pool, 'BB', new Date(Date.parse(TERM_FROM)));
  const agency = await testOrg(pool, 'agency', 'agency');
  const contractor = await testOrg(pool, 'contractor', 'contractor');
  const other = await testOrg(pool, 'other', 'contractor');
  const contractId = await testContract(pool, 'C-1', { agency, contractor, regionId: ours.countyId });
  const { rows } = await pool.query<{ id: number }>(
    `insert into contract (code, name, is_baseline, term_from) values ('baseline', 'baseline', true, '2026-01-01') returning id`,
  );
  return { agency, contractor, other, contractId, baselineId: rows[0]?.id ?? 0, ours, theirs };
}

/** A contract for 2026 in Shanghai. */
export async function testContract(
  pool: Pool,
  code: string,
  by: { readonly agency: number; readonly contractor: number; readonly regionId: number; readonly rules?: object },
): Promise<number> {
  const { rows } = await pool.query<{ id: number }>(
    `with c as (insert into contract (code, name, agency_org_id, contractor_org_id, term_from, term_to, rules)
       values ($1, $1, $2, $3, '2026-01-01', '2027-01-01', $5) returning id)
     insert into contract_region (contract_id, region_id) select id, $4 from c returning contract_id as id`,
    [code, by.agency, by.contractor, by.regionId, JSON.stringify(by.rules ?? {})],
  );
  return rows[0]?.id ?? 0;
}

/** Closes `[from, to)` of a contract, days. */
export async function closePeriod(pool: Pool, contractId: number, fromDay: string, toDay: string): Promise<void> {
  await pool.query(
    `insert into closed_period (contract_id, from_day, to_day, closed_at, figures_sha256) values ($1, $2, $3, now(), '')`,
    [contractId, fromDay, toDay],
  );
}

/** Requests of one person. */
export class Hand {
  readonly person: TestPerson;
  readonly #api: TestApi;

  constructor(api: TestApi, person: TestPerson) {
    this.#api = api;
    this.person = person;
  }

  get(path: string): Promise<Response> {
    return this.#send('GET', path);
  }

  post(path: string, payload: object, headers: Record<string, string> = {}): Promise<Response> {
    return this.#send('POST', path, payload, headers);
  }

  patch(path: string, payload: object): Promise<Response> {
    return this.#send('PATCH', path, payload);
  }

  put(path: string, payload: object): Promise<Response> {
    return this.#send('PUT', path, payload);
  }

  delete(path: string): Promise<Response> {
    return this.#send('DELETE', path);
  }

  async #send(
    method: 'GET' | 'POST' | 'PATCH' | 'PUT' | 'DELETE',
    path: string,
    payload?: object,
    headers: Record<string, string> = {},
  ): Promise<Response> {
    return this.#api.app.inject({
      method,
      url: `/api/v1${path}`,
      headers: { cookie: this.person.cookie, ...headers },
      ...(payload === undefined ? {} : { payload }),
    });
  }
}

/** A person of an organisation. */
export async function handOf(
  api: TestApi,
  orgId: number,
  role: Role = 'manager',
  regionIds: readonly number[] = [],
): Promise<Hand> {
  return new Hand(api, await signedIn(api, { orgId, role, regionIds }));
}

/** Instant `hours` after the beginning of the contracts. */
export function at(hours: number): string {
  return new Date(Date.parse(TERM_FROM) + hours * HOUR_MS).toISOString();
}

/** Status and code of an answer. */
export function outcome(response: Response): [number, string | undefined] {
  return [response.statusCode, response.json().code];
}
