import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { type TestDatabase, testDatabase } from '../../../../test/support/database.ts';
import { type TestApi, testApi } from '../../support/api.ts';
import { ALL_UP, type Fleet, type Hand, handOf, NOW_MS, putAccrual, putTwoDays, testFleet } from '../support.ts';

let database: TestDatabase;
let api: TestApi;
let fleet: Fleet;
let admin: Hand;

beforeAll(async () => {
  database = await testDatabase();
  api = await testApi(database.pool);
});
afterAll(async () => {
  await api?.close();
  await database?.close();
});
beforeEach(async () => {
  await database.reset();
  api.clock.now = NOW_MS;
  fleet = await testFleet(database.pool);
  await putTwoDays(database.pool, fleet);
  admin = await handOf(api);
});

const DAYS = 'from=2026-10-01&to=2026-10-03';

describe('figures', () => {
  it('are those of the children, and add up to the whole', async () => {
    const { contract, period, scope, total, children_kind, items } = await admin.get(`/availability?${DAYS}`);
    expect(contract).toMatchObject({
      id: fleet.contractId,
      aggregation: 'time_weighted',
      network_target_percent: '95',
    });
    expect(period).toMatchObject({
      name: '2026-10-01/2026-10-03',
      from: '2026-09-30T16:00:00.000Z',
      to: '2026-10-02T16:00:00.000Z',
      days_missing: 1,
      closed: false,
    });
    expect(scope).toEqual({ kind: 'region', id: fleet.province, name: 'P', parents: [] });
    expect(children_kind).toBe('region');
    expect(items.map((item: { code: string }) => item.code)).toEqual(['A', 'B']);
    expect(items[0]).toMatchObject({ kind: 'region', id: fleet.countyA, stations: 3 });
    expect(items[0].network).toEqual({
      required_ms: 432_000_000,
      up_ms: 377_699_656,
      down_ms: 48_900_344,
      unknown_ms: 2_000_000,
      platform_ms: 3_000_000,
      excluded_ms: 400_000,
      counted_down_ms: 50_900_344,
      rate: { num: 377_699_656, den: 428_600_000 },
      percent: '88.12',
      target_percent: '95',
      reaches_target: false,
      daily: { intact: 2, counted: 5, percent: '40.00' },
      mean_percent: '89.33',
    });
    expect(items[1].network).toMatchObject({
      percent: '100.00',
      reaches_target: true,
      rate: { num: 172_800_000, den: 172_800_000 },
    });
    expect(total.stations).toBe(4);
    expect(total.network.rate).toEqual({ num: 377_699_656 + 172_800_000, den: 428_600_000 + 172_800_000 });
    expect(total.equipment).toMatchObject({ percent: '100.00', counted_down_ms: 0 });
  });

  it('do not reach 95 % with 94.9996 %', async () => {
    const { items } = await admin.get(`/availability?${DAYS}&region=${fleet.countyA}`);
    const a3 = items.find((item: { code: string }) => item.code === 'SA2');
    expect(a3.network).toMatchObject({
      rate: { num: 81_699_656, den: 86_000_000 },
      percent: '94.99',
      reaches_target: false,
      mean_percent: '94.99',
    });
  });

  it('go down from the province to the station', async () => {
    const county = await admin.get(`/availability?${DAYS}&region=${fleet.countyB}`);
    expect(county.scope.parents).toEqual([{ kind: 'region', id: fleet.province, name: 'P' }]);
    expect(county.items).toMatchObject([{ kind: 'region', id: fleet.township }]);
    const sites = await admin.get(`/availability?${DAYS}&region=${fleet.countyA}&sort=name`);
    expect(sites).toMatchObject({ children_kind: 'site', items: [{ code: 'SA1', stations: 2 }, { code: 'SA2' }] });
    await database.pool.query('update region set sort = 1 where id = $1', [fleet.countyA]);
    const ranked = await admin.get(`/availability?${DAYS}&sort=name`);
    expect(ranked.items.map((item: { code: string }) => item.code)).toEqual(['B', 'A']);
    const site = await admin.get(`/availability?${DAYS}&site=${fleet.siteA1}`);
    expect(site).toMatchObject({ scope: { kind: 'site', name: 'SA1' }, children_kind: 'station' });
    expect(site.items.map((item: { code: string }) => item.code)).toEqual(['a1', 'a2']);
    const station = await admin.get(`/stations/${fleet.stations.a1}/availability?${DAYS}`);
    expect(station.total.network).toMatchObject({ percent: '75.00', daily: { intact: 1, counted: 2 } });
    expect(station.days.map((day: { network: { percent: string } }) => day.network.percent)).toEqual([
      '100.00',
      '50.00',
    ]);
    expect(station.scope.parents.map((step: { name: string }) => step.name)).toEqual(['P', 'A', 'SA1']);
  });

  it('count as the contract says', async () => {
    const rules = {
      network: { unknown: 'excluded', platform: 'up', target_percent: '99' },
      aggregation: 'daily_count',
      daily_max_down_ms: 1_400_000,
    };
    await database.pool.query('update contract set rules = $2 where id = $1', [
      fleet.contractId,
      JSON.stringify(rules),
    ]);
    const { items } = await admin.get(`/availability?${DAYS}`);
    const [a] = items;
    // a2 has 80 M + 3 M up and 1.4 M down on its first day: intact now.
    expect(a.network).toMatchObject({
      counted_down_ms: 48_900_344,
      rate: { num: 380_699_656, den: 429_600_000 },
      daily: { intact: 3, counted: 5, percent: '60.00' },
      percent: '60.00',
      target_percent: '99',
    });
    expect(a.equipment.percent).toBe('100.00');
  });

  it('take the mean of stations exactly where the contract wants it', async () => {
    await database.pool.query(`update contract set rules = '{"aggregation": "mean_of_stations"}'`);
    const { total } = await admin.get(`/availability?${DAYS}&region=${fleet.countyA}`);
    expect(total.network).toMatchObject({ percent: '89.33', mean_percent: '89.33', reaches_target: false });
    const { days } = await admin.get(`/availability/trend?${DAYS}&region=${fleet.countyA}`);
    // (1 + 80/83.4 + 0.949996) / 3 = 0.96974..., then (0.5 + 1) / 2
    expect(days.map((day: { network: { percent: string } }) => day.network.percent)).toEqual(['96.97', '75.00']);
  });

  it('say what is not computed yet instead of leaving it out', async () => {
    const { period, total } = await admin.get('/availability?period=2026-10');
    expect(period.days_missing).toBe(4 * 31 - 7);
    expect(total.network.required_ms).toBe(7 * 86_400_000);
    const none = await admin.get('/availability?period=2026-09');
    expect(none).toMatchObject({
      period: { days_missing: 0, as_of: null },
      total: { stations: 0, network: { rate: null, percent: null, reaches_target: null } },
      items: [],
    });
    api.clock.now = Date.parse('2026-10-02T00:10:00+08:00'); // the second day has hardly begun
    expect((await admin.get(`/availability?${DAYS}`)).period).toMatchObject({
      days_missing: 0,
      as_of: '2026-10-01T16:00:00.000Z', // that of a3, which is furthest behind
    });
  });

  it('are those of the baseline for everybody, and of a contract for its parties', async () => {
    await putAccrual(database.pool, fleet.baselineId, fleet.stations.a1, '2026-10-01', ALL_UP);
    const party = await handOf(api, { role: 'auditor', orgId: fleet.agency });
    expect((await party.get(`/availability?${DAYS}`)).contract.id).toBe(fleet.contractId);
    const { rows } = await database.pool.query(
      `insert into org (code, name, kind) values ('o', 'o', 'contractor') returning id`,
    );
    const other = await handOf(api, { role: 'manager', orgId: rows[0].id });
    expect((await other.get(`/availability?${DAYS}`)).contract.id).toBe(fleet.baselineId);
    expect(await other.problem('GET', `/availability?${DAYS}&contract=${fleet.contractId}`)).toBe(
      '422 unknown_reference',
    );
    expect((await other.get('/contracts')).items).toMatchObject([{ is_baseline: true }]);
  });

  it("reach as far as a person's regions", async () => {
    const person = await handOf(api, { role: 'auditor', orgId: fleet.agency, regionIds: [fleet.countyA] });
    const top = await person.get(`/availability?${DAYS}`);
    expect(top.scope).toMatchObject({ kind: 'region', id: fleet.countyA });
    expect(top.total).toMatchObject({ stations: 3, network: { rate: { num: 377_699_656, den: 428_600_000 } } });
    const province = await person.get(`/availability?${DAYS}&region=${fleet.province}`);
    expect(province.items).toMatchObject([{ id: fleet.countyA }]);
    expect(province.total.stations).toBe(3);
    expect(await person.problem('GET', `/availability?${DAYS}&region=${fleet.countyB}`)).toBe('422 unknown_reference');
    expect(await person.problem('GET', `/stations/${fleet.stations.b1}/availability?${DAYS}`)).toBe('404 not_found');
    expect(await person.problem('GET', `/stations/${fleet.stations.b1}/timeline?from=2026-10-01T00:00:00Z`)).toBe(
      '404 not_found',
    );
    const { days } = await person.get(`/availability/trend?${DAYS}`);
    expect(days.map((day: { stations: number }) => day.stations)).toEqual([3, 2]);
    const worst = await person.get(`/availability/worst?${DAYS}`);
    expect(worst.items.map((item: { code: string }) => item.code)).toEqual(['a1', '=a3', 'a2']);
    const csv = await person.send('GET', `/availability.csv?${DAYS}&stations=true`);
    expect(csv.body).not.toContain('b1');
  });
});

describe('lists of figures', () => {
  it('come in pages, in any order, worst first by default', async () => {
    const codes: string[] = [];
    let cursor = '';
    do {
      const page = await admin.get(`/availability?${DAYS}&region=${fleet.countyA}&limit=1${cursor}`);
      codes.push(...page.items.map((item: { code: string }) => item.code));
      cursor = page.next_cursor === null ? '' : `&cursor=${page.next_cursor}`;
    } while (cursor !== '');
    expect(codes).toEqual(['SA1', 'SA2']);
    const by = async (sort: string) =>
      (await admin.get(`/availability?${DAYS}&sort=${sort}`)).items.map((item: { code: string }) => item.code);
    expect(await by('-network')).toEqual(['B', 'A']);
    expect(await by('down')).toEqual(['A', 'B']);
    expect(await by('-name')).toEqual(['B', 'A']);
    const page = await admin.get(`/availability?${DAYS}&limit=1`);
    expect(await admin.problem('GET', `/availability?${DAYS}&sort=name&cursor=${page.next_cursor}`)).toBe(
      '400 invalid_cursor',
    );
    const forged = Buffer.from(JSON.stringify(['network', 'x', 'region', 1])).toString('base64url');
    expect(await admin.problem('GET', `/availability?${DAYS}&cursor=${forged}`)).toBe('400 invalid_cursor');
  });

  it('refuse what they can not answer, and say why', async () => {
    const refused = (query: string) => admin.problem('GET', `/availability?${query}`);
    expect(await refused('period=2026-13')).toBe('400 invalid_period');
    expect(await refused('period=2026-02-30')).toBe('400 invalid_period');
    expect(await refused('period=october')).toBe('400 invalid_period');
    expect(await refused('from=2026-10-01')).toBe('400 invalid_period');
    expect(await refused('from=2026-10-03&to=2026-10-01')).toBe('400 invalid_period');
    expect(await refused('from=2025-10-01&to=2026-10-03')).toBe('400 range_too_long');
    expect(await refused('contract=999')).toBe('422 unknown_reference');
    expect(await refused('region=999')).toBe('422 unknown_reference');
    expect(await refused('site=999')).toBe('422 unknown_reference');
    expect(await refused('region=1&site=1')).toBe('400 invalid_request');
  });
});

describe('comparison', () => {
  it('sets two periods side by side', async () => {
    const compared = await admin.get('/availability/compare?a=2026-10-01&b=2026-10-02');
    const [a, b] = compared.items;
    // 248,099,656 of 255,800,000 counted, then 129.6 M of 172.8 M
    expect(a).toMatchObject({ code: 'A', a: { network: { percent: '96.98' } }, b: { network: { percent: '75.00' } } });
    expect(a.network_change).toBe('-21.98');
    expect(b).toMatchObject({ code: 'B', network_change: '0.00', equipment_change: '0.00' });
    const ordered = async (sort: string) => {
      const codes: string[] = [];
      let cursor = '';
      do {
        const page = await admin.get(`/availability/compare?a=2026-10-01&b=2026-10-02&sort=${sort}&limit=1${cursor}`);
        codes.push(...page.items.map(({ code }: { code: string }) => code));
        cursor = page.next_cursor === null ? '' : `&cursor=${page.next_cursor}`;
      } while (cursor !== '');
      return codes.join('');
    };
    expect([await ordered('network'), await ordered('-network'), await ordered('-name')]).toEqual(['AB', 'BA', 'BA']);
    const empty = await admin.get('/availability/compare?a=2026-09&b=2026-10-02');
    expect(empty.items[0]).toMatchObject({ a: null, network_change: null });
    expect(await admin.problem('GET', '/availability/compare?a=2026-10-01&b=x')).toBe('400 invalid_period');
  });
});

describe('error budget', () => {
  it('is what the target leaves of the whole period', async () => {
    api.clock.now = Date.parse('2026-10-03T00:00:00+08:00');
    const { network, equipment } = await admin.get(`/availability/budget?period=2026-10&region=${fleet.countyA}`);
    // a1 and a2 have 29 days to come, a3, computed for one day only, 30.
    const toCome = (29 + 29 + 30) * 86_400_000;
    const allowed = Math.floor((428_600_000 + toCome) / 20);
    expect(network).toMatchObject({
      target_percent: '95',
      to_come_ms: toCome,
      allowed_ms: allowed,
      used_ms: 50_900_344,
      left_ms: allowed - 50_900_344,
      elapsed: { num: 428_600_000, den: 428_600_000 + toCome },
      burn: { num: 50_900_344, den: 21_430_000 },
      burn_rate: '2.37',
    });
    expect(equipment).toMatchObject({ used_ms: 0, burn_rate: '0.00' });
  });

  it('knows service hours and suspensions of the days to come', async () => {
    api.clock.now = Date.parse('2026-10-03T00:00:00+08:00');
    const hours = [{ from: '08:00', to: '18:00' }];
    const calendar = {
      kind: 'weekly',
      hours: { mon: hours, tue: hours, wed: hours, thu: hours, fri: hours, sat: [], sun: [] },
      holidays: true,
    };
    await database.pool.query('update contract set calendar = $2 where id = $1', [
      fleet.contractId,
      JSON.stringify(calendar),
    ]);
    await admin.get('/calendar-days?year=2026'); // seeds the holidays
    await database.pool.query(
      `insert into station_suspension (station_id, from_at, to_at, reason) values ($1, '2026-10-12T08:00:00+08:00', '2026-10-12T12:00:00+08:00', 'x')`,
      [fleet.stations.b1],
    );
    const { network } = await admin.get(`/availability/budget?period=2026-10&station=${fleet.stations.b1}`);
    // Working days left of October 2026 after the holiday: 8, 9, the make-up Saturday 10, 12-16, 19-23, 26-30; less 4 hours.
    expect(network.to_come_ms).toBe((18 * 10 - 4) * 3_600_000);
  });
});
