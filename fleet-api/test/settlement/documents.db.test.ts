import { PRESETS } from '@uptally/sla';
import pino from 'pino';
import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { type TestDatabase, testDatabase } from '../../../test/support/database.ts';
import { RiskWatch } from '../../src/settlement/index.ts';
import { type Fleet, type Hand, handOf, NOW_MS, testFleet } from '../availability/support.ts';
import { type TestApi, testApi, testOrg } from '../support/api.ts';
import { agree, monthly, putOctober } from './support.ts';

let database: TestDatabase;
let api: TestApi;
let fleet: Fleet;
let agency: Hand;
let contractor: Hand;

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
  agency = await handOf(api, { role: 'auditor', orgId: fleet.agency });
  contractor = await handOf(api, { role: 'manager', orgId: fleet.contractor });
});

const path = (rest = '') => `/contracts/${fleet.contractId}/documents${rest}`;

describe('a contract document', () => {
  it('is refused with every fault by path and reason, and nothing is stored', async () => {
    const hn = monthly();
    const [share, tiers] = hn.clauses;
    const bad = {
      ...hn,
      clauses: [share, { ...tiers, tiers: [{ id: 'full', at_least: '95', below: null, percent: '160' }] }],
    };
    const answer = await contractor.send('POST', path(), { document: bad });
    expect([answer.statusCode, answer.json().code]).toEqual([422, 'contract_flawed']);
    const errors: { path: string; message: string }[] = answer.json().errors;
    expect(errors).toContainEqual({
      path: '/clauses/1/tiers/0/percent',
      message: expect.stringMatching(/^percent_over_100: /),
    });
    expect(errors.some(({ message }) => message.startsWith('tier_gap'))).toBe(true);
    const scoped = { ...hn, scope: { regions: ['Atlantis'], sites: [], stations: ['S'] } };
    const checked = await contractor.send('POST', '/contract-documents/check', { document: scoped });
    expect(checked.json().flaws.map(({ path: at, code }: { path: string; code: string }) => `${at} ${code}`)).toEqual([
      '/scope/stations scope_not_supported',
      '/scope/regions/0 unknown_region',
    ]);
    const bomb = 'a: &a [1, 1]\nb: &b [*a, *a]\nc: [*b, *b]\n';
    expect((await contractor.send('POST', '/contract-documents/check', { text: bomb })).json().flaws[0].code).toBe(
      'not_readable',
    );
    expect((await contractor.get(path())).items).toEqual([]);
  });

  it('is agreed to by the other side only, and then drives calendar, rules, term and repair terms', async () => {
    const document = {
      ...PRESETS.zj,
      term: { from: '2026-10-01', to: '2027-10-01' },
      counting: { ...PRESETS.zj.counting, unknown: 'up', grace_days: 5 },
    };
    const { items } = await contractor.get('/contract-presets');
    expect(items.map(({ id }: { id: string }) => id)).toEqual(['hn', 'dg', 'qh', 'zj']);
    const { id } = (await contractor.send('POST', path(), { document, note: '第一版' })).json();
    expect(await agency.problem('POST', path(`/${id}/propose`), {})).toBe('403 settlement_own_side');
    expect((await contractor.send('POST', path(`/${id}/propose`), {})).json()).toMatchObject({
      state: 'proposed',
      actions: ['withdraw'],
    });
    expect(await contractor.problem('POST', path(`/${id}/agree`), {})).toBe('403 settlement_own_side');
    const admin = await handOf(api, { role: 'admin' });
    expect(await admin.problem('POST', path(`/${id}/agree`), {})).toBe('403 forbidden');
    const agreed = (await agency.send('POST', path(`/${id}/agree`), {})).json();
    expect(agreed).toMatchObject({ state: 'agreed', in_force: true, effective_from: '2026-10-01' });
    expect(await agency.get(`/contracts/${fleet.contractId}`)).toMatchObject({
      term_to: '2027-10-01',
      rules: {
        network: { unknown: 'up' },
        evidence_grace_days: 5,
        exclusion_kinds: expect.arrayContaining(['site_power_cut']),
      },
    });
    const { rows } = await database.pool.query(
      'select id, source, timeliness from repair_terms where contract_id = $1',
      [fleet.contractId],
    );
    expect(rows).toMatchObject([
      { id: agreed.repair_terms_id, source: 'contract', timeliness: { fault: { stages: ['repair'], need: 'all' } } },
    ]);
    // Its own words for severities are told to whoever sees the contract.
    const named = { contract_id: fleet.contractId, severity: 'fault', name: { zh: '故障', en: 'Fault' } };
    expect(await agency.get('/severities')).toEqual({ items: [named] });
    const other = await testOrg(database.pool, 'other', 'contractor');
    const stranger = await handOf(api, { role: 'manager', orgId: other });
    expect(await stranger.get('/severities')).toEqual({ items: [] });
    expect(
      (await database.pool.query('select from evidence_mark where contract_id = $1', [fleet.contractId])).rowCount,
    ).toBeGreaterThan(0);
    await agency.send('POST', path(), {
      document: { ...document, prices: document.prices.map((price) => ({ ...price, amount_fen: 1 })) },
    });
    const { items: versions } = await agency.get(path());
    const changes = await agency.get(path(`/${versions[0].id}/changes`));
    expect(changes.items).toEqual([
      { path: expect.stringMatching(/^\/prices\/[a-z_]+\/amount_fen$/), kind: 'changed', before: 84_000_000, after: 1 },
    ]);
  });

  it('is tried on a past period before it is agreed to', async () => {
    await agree(fleet, contractor, agency, monthly());
    await putOctober(database.pool, fleet, 5_000_000);
    const changed = monthly();
    const clauses = changed.clauses.map((clause) =>
      clause.form === 'tiers'
        ? { ...clause, tiers: clause.tiers.map((tier) => (tier.id === 'reduced' ? { ...tier, percent: '55' } : tier)) }
        : clause,
    );
    const period = { instalment: 'final', from_day: '2026-10-01', to_day: '2026-11-01' };
    const run = (
      await agency.send('POST', `/contracts/${fleet.contractId}/dry-run`, {
        document: { ...changed, clauses },
        ...period,
      })
    ).json();
    expect(run).toMatchObject({
      before: { total_fen: 50_000_000 },
      after: { total_fen: 55_000_000 },
      difference: { total_fen: 5_000_000, lines: [{ clause: 'final_payment', difference_fen: 5_000_000 }] },
    });
  });

  it('takes drafts along that its schedule has no more', async () => {
    await agree(fleet, contractor, agency, monthly());
    const statements = `/contracts/${fleet.contractId}/statements`;
    for (const period of [
      { instalment: 'final', from_day: '2026-10-01', to_day: '2026-11-01' },
      { instalment: 'signature', from_day: '2026-10-01', to_day: '2027-10-01' },
    ]) {
      expect((await contractor.send('POST', statements, period)).statusCode).toBe(201);
    }
    const quarterly = monthly().schedule.map((each) =>
      each.id === 'final' ? { ...each, cycle: 'quarter' as const } : each,
    );
    await agree(fleet, contractor, agency, monthly({ schedule: quarterly }));
    const { items } = await agency.get('/statements');
    expect(items).toMatchObject([{ instalment: 'signature' }]);
  });
});

describe('values that no record proves', () => {
  it('count once the other side agrees', async () => {
    const document = { ...PRESETS.zj, term: { from: '2026-10-01', to: '2027-10-01' } };
    await agree(fleet, contractor, agency, document);
    const inputs = `/contracts/${fleet.contractId}/metric-inputs`;
    const of = { from_day: '2026-10-01', to_day: '2027-10-01', source: '满意度问卷' };
    expect(
      await contractor.problem('POST', inputs, { ...of, metric: 'satisfaction', value: { choice: 'splendid' } }),
    ).toBe('400 invalid_request');
    expect(await contractor.problem('POST', inputs, { ...of, metric: 'complaints', value: { count: 0 } })).toBe(
      '400 invalid_request',
    );
    const { id } = (
      await contractor.send('POST', inputs, { ...of, metric: 'satisfaction', value: { choice: 'good' } })
    ).json();
    expect(await contractor.problem('POST', `${inputs}/${id}/agree`, {})).toBe('403 settlement_own_side');
    expect((await agency.send('POST', `${inputs}/${id}/agree`, {})).json()).toMatchObject({
      state: 'agreed',
      actions: [],
    });
    const [year] = (await agency.get(`/contracts/${fleet.contractId}/statement-periods`)).items;
    const { instalment, from_day, to_day } = year;
    const statement = (
      await agency.send('POST', `/contracts/${fleet.contractId}/statements`, { instalment, from_day, to_day })
    ).json();
    const found = statement.metrics.find(({ metric }: { metric: string }) => metric === 'satisfaction');
    expect(found).toMatchObject({ source: 'agreed', value: { choice: 'good' }, detail: { source: '满意度问卷' } });
    expect(statement).toMatchObject({ is_complete: false, statement: { is_complete: false } });
  });
});

describe('money at risk', () => {
  it('tells tier, forecast and who spends most, and of a falling tier once', async () => {
    await agree(fleet, contractor, agency, monthly());
    await putOctober(database.pool, fleet);
    await database.pool.query(
      `update accrual set net_up_ms = 0, net_down_ms = required_ms where station_id = $1 and day < '2026-10-06'`,
      [fleet.stations.b1],
    );
    api.clock.now = Date.parse('2026-10-20T12:00:00+08:00');
    await database.pool.query(`delete from accrual where day >= '2026-10-20'`);
    const { items } = await contractor.get('/money-at-risk');
    expect(items).toMatchObject([
      {
        clause: { id: 'final_payment' },
        metrics: [
          { metric: 'equipment', percent: '100.00' },
          { metric: 'network', percent: '93.42' },
        ],
        risk: {
          amount_fen: 50_000_000,
          best_fen: 60_000_000,
          forecast: { method: 'recent_pace', amount_fen: 60_000_000 },
        },
        spending: { stations: [{ code: 'b1', percent: '100.00' }] },
      },
    ]);
    const watch = new RiskWatch({ pool: database.pool, clock: () => api.clock.now, log: pino({ level: 'silent' }) });
    expect(await watch.check()).toBe(0);
    await database.pool.query(`update accrual set net_up_ms = 0, net_down_ms = required_ms where day >= '2026-10-13'`);
    const later = new RiskWatch({ pool: database.pool, clock: () => api.clock.now, log: pino({ level: 'silent' }) });
    expect([await later.check(), await later.check()]).toEqual([1, 0]);
    const { rows } = await database.pool.query(`select payload from outbox where kind = 'settlement.risk'`);
    expect(rows).toMatchObject([{ payload: { metric: 'network', tier: 'least', forecast_fen: 40_000_000 } }]);
    const what = await contractor.send('POST', `/contracts/${fleet.contractId}/what-if`, {
      instalment: 'final',
      metrics: { network: { rate: { num: 96, den: 100 } } },
    });
    expect(what.json()).toMatchObject({ statement: { total_fen: 60_000_000 }, from_day: '2026-10-01' });
  });
});
