import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { type TestDatabase, testDatabase } from '../../../../test/support/database.ts';
import { type TestApi, testApi } from '../../support/api.ts';
import { type Fleet, type Hand, handOf, NOW_MS, testFleet } from '../support.ts';

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
  admin = await handOf(api);
});

const contract = (changes: object = {}) => ({
  code: 'C-2',
  name: '合同二',
  agency_org_id: fleet.agency,
  contractor_org_id: fleet.contractor,
  term_from: '2026-11-01',
  region_ids: [fleet.countyA],
  ...changes,
});

describe('contracts', () => {
  it('take defaults, are listed to their parties, and tell how many stations they are about', async () => {
    const response = await admin.send('POST', '/contracts', contract());
    expect(response.statusCode, response.body).toBe(201);
    expect(response.json()).toMatchObject({
      code: 'C-2',
      agency: { id: fleet.agency },
      time_zone: 'Asia/Shanghai',
      term_from: '2026-11-01',
      term_to: null,
      calendar: { kind: 'always' },
      rules: {
        network: { unknown: 'down', platform: 'excluded', target_percent: '95' },
        equipment: { unknown: 'down', platform: 'excluded', target_percent: '95' },
        aggregation: 'time_weighted',
        daily_max_down_ms: 0,
        exclusion_kinds: expect.arrayContaining(['force_majeure']),
        evidence_grace_days: 3,
      },
      regions: [{ id: fleet.countyA, name: 'A', kind: 'county' }],
      stations: 3,
      closed_to: null,
      version: 1,
    });
    const party = await handOf(api, { role: 'auditor', orgId: fleet.contractor });
    const listed = await party.get('/contracts');
    expect(listed.items.map((item: { code: string }) => item.code)).toEqual(['C-2', 'C-1', 'baseline']);
    expect(listed.default_id).toBe(fleet.baselineId); // of two contracts, neither goes before the other
    const inB = await handOf(api, { role: 'auditor', orgId: fleet.contractor, regionIds: [fleet.countyB] });
    expect((await inB.get('/contracts')).items.map((item: { code: string }) => item.code)).toEqual(['C-1', 'baseline']);
  });

  it('are changed against the version that was read, and their figures computed anew', async () => {
    const created = (await admin.send('POST', '/contracts', contract())).json();
    await database.pool.query('truncate evidence_mark');
    const change = { term_to: '2027-11-01', region_ids: [fleet.countyB] };
    const changed = await admin.send('PATCH', `/contracts/${created.id}`, change, { 'if-match': '"1"' });
    expect(changed.json()).toMatchObject({ term_to: '2027-11-01', stations: 1, version: 2 });
    expect(
      (await database.pool.query('select from evidence_mark where contract_id = $1', [created.id])).rowCount,
    ).toBeGreaterThan(0);
    const late = await admin.send('PATCH', `/contracts/${created.id}`, { name: 'x' }, { 'if-match': '"1"' });
    expect(late.json().code).toBe('version_conflict');
  });

  it('are refused where they make no sense', async () => {
    const refused = async (changes: object) => {
      const { code, errors, detail } = (await admin.send('POST', '/contracts', contract(changes))).json();
      return `${code} ${errors?.[0]?.path ?? detail}`;
    };
    expect(await refused({ term_to: '2026-11-01' })).toBe('invalid_request /body/term_to');
    expect(await refused({ term_from: '2026-02-30' })).toBe('invalid_request /body/term_from');
    expect(await refused({ time_zone: 'Asia/Haikou' })).toBe('invalid_request /body/time_zone');
    expect(await refused({ agency_org_id: fleet.contractor })).toBe('invalid_request /body/agency_org_id');
    expect(await refused({ agency_org_id: 99 })).toBe('unknown_reference No such organisation');
    expect(await refused({ region_ids: [99] })).toBe('unknown_reference No such region');
    expect(await refused({ region_ids: [fleet.countyB, fleet.township] })).toBe('invalid_request /body/region_ids');
    expect(await refused({ rules: { network: { target_percent: '101' } } })).toBe(
      'invalid_request /body/rules/network/target_percent',
    );
    const mon = [{ from: '18:00', to: '08:00' }];
    const calendar = {
      kind: 'weekly',
      hours: { mon, tue: [], wed: [], thu: [], fri: [], sat: [], sun: [] },
      holidays: true,
    };
    expect(await refused({ calendar })).toBe('invalid_request /body/calendar/hours/mon/0');
    expect(await refused({ code: 'C-1' })).toMatch(/^already_exists/);
  });

  it('leave the baseline what it is', async () => {
    const change = (patch: object) => admin.problem('PATCH', `/contracts/${fleet.baselineId}`, patch);
    expect(await change({ agency_org_id: fleet.agency })).toBe('409 baseline_fixed');
    expect(await change({ region_ids: [fleet.countyA] })).toBe('409 baseline_fixed');
    expect(await change({ term_from: '2026-01-01' })).toBe('409 baseline_fixed');
    expect(await admin.problem('DELETE', `/contracts/${fleet.baselineId}`)).toBe('409 baseline_fixed');
    const rules = { network: { target_percent: '99.5' } };
    const changed = await admin.send('PATCH', `/contracts/${fleet.baselineId}`, { name: '平台基线', rules });
    expect(changed.json()).toMatchObject({ name: '平台基线', rules: { network: { target_percent: '99.5' } } });
  });

  it('can be deleted as long as nothing has come of them', async () => {
    const created = (await admin.send('POST', '/contracts', contract())).json();
    expect((await admin.send('DELETE', `/contracts/${created.id}`)).statusCode).toBe(204);
    await database.pool.query(
      `insert into closed_period (contract_id, from_day, to_day, closed_at, figures_sha256) values ($1, '2026-10-01', '2026-11-01', now(), '')`,
      [fleet.contractId],
    );
    expect(await admin.problem('DELETE', `/contracts/${fleet.contractId}`)).toBe('409 still_referenced');
  });
});

describe('calendar days', () => {
  it('are those of the State Council until an administrator says otherwise', async () => {
    const { items, years } = await admin.get('/calendar-days?year=2026');
    expect(years).toEqual([2025, 2026]);
    const kinds = new Map(items.map((item: { day: string; kind: string }) => [item.day, item.kind]));
    expect(kinds.get('2026-10-01')).toBe('holiday');
    expect(kinds.get('2026-10-10')).toBe('workday');
    expect(kinds.get('2026-11-22')).toBe(undefined); // an ordinary Sunday
    expect(items.length).toBe(33 + 6);
    expect((await admin.send('DELETE', '/calendar-days/2026-10-10')).statusCode).toBe(204);
    const put = await admin.send('PUT', '/calendar-days/2027-01-01', { kind: 'holiday', name: '元旦' });
    expect(put.json()).toEqual({ day: '2027-01-01', kind: 'holiday', name: '元旦', source: 'manual' });
    const after = await admin.get('/calendar-days?year=2026');
    expect(after.items.length).toBe(38);
    expect(after.years).toEqual([2025, 2026, 2027]);
    expect(await admin.problem('DELETE', '/calendar-days/2026-10-10')).toBe('404 not_found');
    expect(await admin.problem('PUT', '/calendar-days/2026-02-30', { kind: 'holiday', name: 'x' })).toBe(
      '400 invalid_request',
    );
    const manager = await handOf(api, { role: 'manager' });
    expect(await manager.problem('DELETE', '/calendar-days/2026-10-01')).toBe('403 forbidden');
  });
});
