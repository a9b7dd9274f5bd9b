import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { type TestDatabase, testDatabase } from '../../../test/support/database.ts';
import { type TestApi, testApi, testOrg } from '../support/api.ts';
import { at, closePeriod, type Hand, handOf, NOW_MS, type Parties, testParties } from './support.ts';

const DAY_MS = 86_400_000;
let database: TestDatabase;
let api: TestApi;
let parties: Parties;
let agency: Hand;
let contractor: Hand;
/** Ids by name: of station, site, county under contract, of the other county on the baseline. */
const ids: Record<string, number> = {};

beforeAll(async () => {
  database = await testDatabase();
  await database.reset();
  api = await testApi(database.pool);
  api.clock.now = NOW_MS;
  parties = await testParties(database.pool);
  agency = await handOf(api, parties.agency, 'auditor');
  contractor = await handOf(api, parties.contractor, 'manager');
  const propose = async (name: string, by: Hand, body: object) => {
    const base = { contract_id: parties.contractId, kind: 'site_closed', from: at(100), to: at(110), reason: name };
    const response = await by.post('/exclusions', { ...base, ...body });
    expect(response.statusCode, response.body).toBe(201);
    ids[name] = response.json().id;
  };
  const { ours, theirs, baselineId } = parties;
  await propose('station', contractor, { station_id: ours.stations[0], dimension: 'network' });
  await propose('site', contractor, { site_id: ours.siteId, from: at(109), to: at(120), dimension: 'equipment' });
  await propose('county', agency, { region_id: ours.countyId, from: at(105), to: at(106), kind: 'force_majeure' });
  await propose('baseline', contractor, { contract_id: baselineId, region_id: theirs.countyId });
});
afterAll(async () => {
  await api?.close();
  await database?.close();
});

const names = (body: { items: { id: number }[] }) =>
  body.items.map(({ id }) => Object.keys(ids).find((name) => ids[name] === id));
const listed = async (by: Hand, query = '') => names((await by.get(`/exclusions${query}`)).json());

describe('the list', () => {
  it('is newest first, by pages', async () => {
    expect(await listed(contractor)).toEqual(['baseline', 'county', 'site', 'station']);
    const first = (await contractor.get('/exclusions?limit=3')).json();
    expect(names(first)).toEqual(['baseline', 'county', 'site']);
    expect(await listed(contractor, `?limit=3&cursor=${first.next_cursor}`)).toEqual(['station']);
  });

  it.each<[string, () => string, string[]]>([
    ['contract', () => `contract=${parties.contractId}`, ['county', 'site', 'station']],
    ['kind', () => 'kind=force_majeure', ['county']],
    ['state', () => 'state=approved', []],
    ['station', () => `station=${parties.ours.stations[0]}`, ['county', 'site', 'station']],
    ['the other station of the site', () => `station=${parties.ours.stations[1]}`, ['county', 'site']],
    ['region', () => `region=${parties.ours.townshipId}`, ['county', 'site', 'station']],
    ['another region', () => `region=${parties.theirs.countyId}`, ['baseline']],
    ['time', () => `from=${at(110)}&to=${at(130)}`, ['site']],
  ])('filters by %s', async (_case, query, expected) => {
    expect(await listed(contractor, `?${query()}`)).toEqual(expected);
  });

  it('tells what awaits whose decision', async () => {
    expect(await listed(agency, '?awaiting=true')).toEqual(['baseline', 'site', 'station']);
    expect(await listed(contractor, '?awaiting=true')).toEqual(['county']);
    expect(await listed(agency, '?mine=true&state=proposed')).toEqual(['county']);
    expect(await listed(await handOf(api, parties.other, 'manager'), '?awaiting=true')).toEqual([]);
    expect(await listed(await handOf(api, await testOrg(database.pool), 'manager'), '?awaiting=true')).toEqual([]);
  });

  it('shows people what concerns their regions and contracts', async () => {
    const inTownship = await handOf(api, parties.contractor, 'engineer', [parties.ours.townshipId]);
    expect(await listed(inTownship)).toEqual(['county', 'site', 'station']);
    const elsewhere = await handOf(api, parties.contractor, 'engineer', [parties.theirs.countyId]);
    expect(await listed(elsewhere)).toEqual(['baseline']);
    expect(await listed(await handOf(api, parties.other, 'manager'))).toEqual(['baseline']);
    expect(await listed(await handOf(api, await testOrg(database.pool), 'admin'))).toHaveLength(4);
  });
});

describe('one exclusion', () => {
  it('tells of others over the same stations, time and dimension', async () => {
    const overlaps = async (name: string) => {
      const { overlaps } = (await contractor.get(`/exclusions/${ids[name]}`)).json();
      return names({ items: overlaps });
    };
    expect(await overlaps('station')).toEqual(['county']);
    expect(await overlaps('site')).toEqual([]);
    expect(await overlaps('county')).toEqual(['station']);
    expect(await overlaps('baseline')).toEqual([]);
  });

  it('sums up the days that it touches', async () => {
    const [a, b] = parties.ours.stations;
    const row = async (station: number | undefined, day: string, ms: number) =>
      database.pool.query(
        `insert into accrual (contract_id, station_id, day, required_ms, net_up_ms, net_down_ms, net_unknown_ms, net_platform_ms,
           net_excluded_ms, eq_up_ms, eq_down_ms, eq_unknown_ms, eq_platform_ms, eq_excluded_ms, computed_to)
         values ($1, $2, $3, $5::int, $5::int - $4::int - 7, $4, 7, 0, 0, $5, 0, 0, 0, 0, now())`,
        [parties.contractId, station, day, ms, DAY_MS],
      );
    await row(a, '2026-01-05', 1000);
    await row(b, '2026-01-05', 200);
    await row(a, '2026-01-06', 30);
    const effect = async (name: string) => (await contractor.get(`/exclusions/${ids[name]}`)).json().effect;
    expect(await effect('station')).toMatchObject({
      stations: 1,
      days: {
        from_day: '2026-01-05',
        to_day: '2026-01-06',
        network: { down_ms: 1000, unknown_ms: 7 },
        equipment: null,
      },
    });
    expect(await effect('county')).toMatchObject({
      stations: 2,
      days: { network: { down_ms: 1200, unknown_ms: 14 }, equipment: { down_ms: 0, unknown_ms: 0 } },
    });
  });
});

describe('what an exclusion takes out', () => {
  it('is told to the ms, from the evidence, without what another approved one takes out', async () => {
    const { ours, contractId } = parties;
    const HOUR_MS = 3_600_000;
    const LIVE_MS = 150_000;
    await database.pool.query('update station set commissioned_at = $1', [at(0)]);
    await database.pool.query(
      `insert into platform_liveness (component, instance, from_at, to_at) values ('ingest', 'test', $1, $2)`,
      [at(-24), new Date(NOW_MS)],
    );
    await database.pool.query(
      `insert into beat_run (device_key, live, from_at, to_at, from_seq, to_seq, live_ms)
       select device_key, true, $2, $3, 1, 60, $4 from installation where station_id = $1`,
      [ours.stations[0], at(100), at(101), LIVE_MS],
    );
    const effectOf = async (name: string) => (await contractor.get(`/exclusions/${ids[name]}`)).json().effect;
    const silent = { unknown_ms: 0, platform_ms: 0 };
    expect(await effectOf('station')).toMatchObject({
      exact: { network: { up_ms: HOUR_MS + LIVE_MS, down_ms: 9 * HOUR_MS - LIVE_MS, ...silent }, equipment: null },
      exact_missing: null,
    });
    const approval = await contractor.post(`/exclusions/${ids.county}/approve`, { version: 1 });
    expect(approval.json()).toMatchObject({
      state: 'approved',
      effect: {
        exact: { network: { up_ms: 0, down_ms: 2 * HOUR_MS }, equipment: { unknown_ms: 2 * HOUR_MS, down_ms: 0 } },
      },
    });
    const { exact } = await effectOf('station');
    expect(exact.network).toEqual({ up_ms: HOUR_MS + LIVE_MS, down_ms: 8 * HOUR_MS - LIVE_MS, ...silent });
    const body = { contract_id: contractId, kind: 'site_closed', reason: 'x', station_id: ours.stations[0] };
    const missing = async (from: string, to: string) =>
      (await contractor.post('/exclusions/preview', { ...body, from, to })).json().effect.exact_missing;
    expect(await missing(at(0), at(24 * 40))).toBe('too_long');
    expect(await missing(at(24 * 100), at(24 * 101))).toBe('not_begun');
  });
});

describe('a preview', () => {
  it('tells of stations, overlaps, closed periods and problems, and stores nothing', async () => {
    await closePeriod(database.pool, parties.contractId, '2026-01-01', '2026-02-01');
    const body = {
      contract_id: parties.contractId,
      kind: 'planned_maintenance',
      region_id: parties.ours.countyId,
      from: at(101),
      to: at(102),
      reason: 'x',
    };
    const preview = (await contractor.post('/exclusions/preview', body)).json();
    expect(preview).toMatchObject({
      target: { kind: 'region', id: parties.ours.countyId },
      effect: { stations: 2, days: { from_day: '2026-01-05', to_day: '2026-01-06' } },
      overlaps: [{ id: ids.station, state: 'proposed' }],
      closed_periods: [{ from_day: '2026-01-01', to_day: '2026-02-01' }],
      problems: [{ code: 'exclusion_not_planned' }, { code: 'period_closed' }],
    });
    expect(await listed(contractor)).toHaveLength(4);
    const reversed = await contractor.post('/exclusions/preview', { ...body, to: at(1) });
    expect(reversed.json()).toMatchObject({
      effect: { days: null },
      overlaps: [],
      problems: expect.arrayContaining([expect.objectContaining({ code: 'exclusion_ends_before_start' })]),
    });
  });
});
