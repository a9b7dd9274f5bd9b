import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { type TestDatabase, testDatabase } from '../../../test/support/database.ts';
import { type TestApi, testApi, testOrg } from '../support/api.ts';
import {
  at,
  closePeriod,
  type Hand,
  handOf,
  NOW_MS,
  outcome,
  type Parties,
  testContract,
  testParties,
} from './support.ts';

let database: TestDatabase;
let api: TestApi;
let parties: Parties;
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
  parties = await testParties(database.pool);
  agency = await handOf(api, parties.agency, 'auditor');
  contractor = await handOf(api, parties.contractor, 'manager');
  await database.pool.query('truncate evidence_mark');
});

/** A power cut of four hours in the past, at the first station of the county under contract. */
const wish = (changes: object = {}) => ({
  contract_id: parties.contractId,
  kind: 'site_power_cut',
  station_id: parties.ours.stations[0],
  from: at(100),
  to: at(104),
  reason: '停电通知 2026-17',
  ...changes,
});
const inCounty = (changes: object = {}) => {
  const { station_id: _station, ...rest } = wish();
  return { ...rest, region_id: parties.ours.countyId, ...changes };
};
const proposed = async (changes: object = {}, by: Hand = contractor) => {
  const response = await by.post('/exclusions', wish(changes));
  expect(response.statusCode, response.body).toBe(201);
  return response.json();
};
const marks = async () => {
  const { rows } = await database.pool.query(
    'select contract_id, from_at, to_at from evidence_mark where contract_id is not null',
  );
  return rows;
};

describe('a proposal', () => {
  it('is stored, told and written down, and changes no figure', async () => {
    const exclusion = await proposed();
    expect(exclusion).toMatchObject({
      contract: { code: 'C-1' },
      kind: 'site_power_cut',
      dimension: 'both',
      target: { kind: 'station', code: 'S-AA-1', site: { id: parties.ours.siteId }, region: { county: 'AA县' } },
      from: at(100),
      to: at(104),
      state: 'proposed',
      proposed: { user: { id: contractor.person.userId }, org: { id: parties.contractor, kind: 'contractor' } },
      decided: null,
      withdrawal: null,
      version: 1,
      actions: ['withdraw', 'add_file'],
      files: [],
      overlaps: [],
      history: [{ action: 'proposed', note: '停电通知 2026-17', org: { id: parties.contractor } }],
      effect: { stations: 1 },
    });
    const { rows } = await database.pool.query(`select kind, payload from outbox where kind like 'exclusion%'`);
    expect(rows).toEqual([{ kind: 'exclusion.changed', payload: { id: exclusion.id, state: 'proposed' } }]);
    expect(await marks()).toEqual([]);
  });

  it('is made once for one Idempotency-Key', async () => {
    const key = { 'idempotency-key': 'k1' };
    const [first, second] = [
      await contractor.post('/exclusions', wish(), key),
      await contractor.post('/exclusions', wish(), key),
    ];
    expect([first.statusCode, second.json().id]).toEqual([201, first.json().id]);
  });

  it.each<[string, () => object, number, string]>([
    ['ends before it starts', () => wish({ to: at(99) }), 422, 'exclusion_ends_before_start'],
    ['ends when it starts', () => wish({ to: at(100) }), 422, 'exclusion_ends_before_start'],
    ['begins before the term', () => wish({ from: at(-1) }), 422, 'exclusion_outside_contract'],
    ['ends after the term', () => wish({ to: at(365 * 24 + 1) }), 422, 'exclusion_outside_contract'],
    [
      'is for a station of no region of the contract',
      () => wish({ station_id: parties.theirs.stations[0] }),
      422,
      'exclusion_outside_contract',
    ],
    [
      'is for a region without any of its stations',
      () => inCounty({ region_id: parties.theirs.countyId }),
      422,
      'exclusion_outside_contract',
    ],
    ['names no target', () => wish({ station_id: undefined }), 400, 'invalid_request'],
    ['names two targets', () => wish({ site_id: parties.ours.siteId }), 400, 'invalid_request'],
    ['names no station that there is', () => wish({ station_id: 999_999 }), 422, 'unknown_reference'],
    ['names no contract that there is', () => wish({ contract_id: 999_999 }), 422, 'unknown_reference'],
    ['is of no kind', () => wish({ kind: 'bad_luck' }), 400, 'invalid_request'],
    ['gives no reason', () => wish({ reason: '' }), 400, 'invalid_request'],
    ['says when without an offset', () => wish({ from: '2026-01-05T04:00:00' }), 400, 'invalid_request'],
    ['is for maintenance that has begun', () => wish({ kind: 'planned_maintenance' }), 422, 'exclusion_not_planned'],
  ])('is refused if it %s', async (_case, body, status, code) => {
    expect(outcome(await contractor.post('/exclusions', body()))).toEqual([status, code]);
    const { rows } = await database.pool.query('select id from exclusion');
    expect(rows).toEqual([]);
  });

  it('may name all of the term and, for maintenance, the future', async () => {
    expect(outcome(await contractor.post('/exclusions', inCounty({ from: at(0), to: at(365 * 24) })))[0]).toBe(201);
    const from = new Date(NOW_MS + 1000).toISOString();
    const to = new Date(NOW_MS + 3_600_000).toISOString();
    await proposed({ kind: 'planned_maintenance', from, to });
  });

  it('must not touch a closed period, not by a millisecond', async () => {
    await closePeriod(database.pool, parties.contractId, '2026-02-01', '2026-03-01');
    const february = 31 * 24;
    const march = (31 + 28) * 24;
    const before = wish({ from: at(february - 2), to: at(february) });
    const touching = wish({ from: at(february - 2), to: new Date(Date.parse(at(february)) + 1).toISOString() });
    const last = wish({ from: new Date(Date.parse(at(march)) - 1).toISOString(), to: at(march + 1) });
    const after = wish({ from: at(march), to: at(march + 1) });
    const answers = await Promise.all(
      [before, touching, last, after].map((body) => contractor.post('/exclusions', body)),
    );
    expect(answers.map((a) => a.statusCode)).toEqual([201, 409, 409, 201]);
    expect(answers[1]?.json()).toMatchObject({ code: 'period_closed', detail: expect.stringContaining('2026-02-01') });
  });

  it('must be of a kind that the contract knows', async () => {
    const { agency: a, contractor: c, ours } = parties;
    const rules = { exclusion_kinds: ['force_majeure'] };
    const contractId = await testContract(database.pool, 'C-2', {
      agency: a,
      contractor: c,
      regionId: ours.countyId,
      rules,
    });
    expect(outcome(await contractor.post('/exclusions', wish({ contract_id: contractId })))).toEqual([
      422,
      'kind_not_allowed',
    ]);
    await proposed({ contract_id: contractId, kind: 'force_majeure' });
  });

  it('comes from a party of the contract that looks after all of the target', async () => {
    const platform = await handOf(api, await testOrg(database.pool), 'manager');
    expect(outcome(await platform.post('/exclusions', wish()))).toEqual([403, 'exclusion_not_a_party']);
    const admin = await handOf(api, parties.agency, 'admin');
    expect(outcome(await admin.post('/exclusions', wish()))).toEqual([403, 'forbidden']);
    const oncall = await handOf(api, parties.contractor, 'oncall');
    expect(outcome(await oncall.post('/exclusions', wish()))).toEqual([403, 'forbidden']);
    const stranger = await handOf(api, parties.other, 'manager');
    expect(outcome(await stranger.post('/exclusions', wish()))).toEqual([422, 'unknown_reference']);
    const township = await handOf(api, parties.contractor, 'engineer', [parties.ours.townshipId]);
    expect(outcome(await township.post('/exclusions', inCounty()))).toEqual([403, 'out_of_scope']);
    expect((await township.post('/exclusions', wish())).statusCode).toBe(201);
    const elsewhere = await handOf(api, parties.contractor, 'engineer', [parties.theirs.countyId]);
    expect(outcome(await elsewhere.post('/exclusions', wish()))).toEqual([422, 'unknown_reference']);
  });
});

describe('the decision', () => {
  it('of the other side makes it count: a mark is left for the figures', async () => {
    const { id } = await proposed();
    const approval = await agency.post(`/exclusions/${id}/approve`, { note: '属实', version: 1 });
    expect(approval.statusCode, approval.body).toBe(200);
    expect(approval.json()).toMatchObject({
      state: 'approved',
      version: 2,
      decided: { org: { id: parties.agency }, user: { id: agency.person.userId }, note: '属实' },
      history: [{ action: 'proposed' }, { action: 'approved', note: '属实', org: { id: parties.agency } }],
      actions: ['withdraw'],
    });
    expect(await marks()).toEqual([
      { contract_id: parties.contractId, from_at: new Date(at(100)), to_at: new Date(at(104)) },
    ]);
    const { rows } = await database.pool.query(
      `select payload from outbox where kind = 'exclusion.changed' order by id`,
    );
    expect(rows.at(-1).payload).toEqual({ id, state: 'approved' });
  });

  it('against it leaves no mark, and needs a reason', async () => {
    const { id } = await proposed();
    expect(outcome(await agency.post(`/exclusions/${id}/reject`, { version: 1 }))).toEqual([400, 'invalid_request']);
    const rejection = await agency.post(`/exclusions/${id}/reject`, { note: '无停电记录', version: 1 });
    expect(rejection.json()).toMatchObject({ state: 'rejected', decided: { note: '无停电记录' }, actions: [] });
    expect(await marks()).toEqual([]);
  });

  it('is never that of the own side', async () => {
    const { id } = await proposed();
    const colleague = await handOf(api, parties.contractor, 'manager');
    for (const hand of [contractor, colleague]) {
      const answer = await hand.post(`/exclusions/${id}/approve`, { version: 1 });
      expect(outcome(answer)).toEqual([403, 'exclusion_own_side']);
    }
    const admin = await handOf(api, parties.agency, 'admin');
    expect(outcome(await admin.post(`/exclusions/${id}/approve`, { version: 1 }))).toEqual([403, 'forbidden']);
    const engineer = await handOf(api, parties.agency, 'engineer');
    expect(outcome(await engineer.post(`/exclusions/${id}/approve`, { version: 1 }))).toEqual([403, 'forbidden']);
    const platform = await handOf(api, await testOrg(database.pool), 'manager');
    const answer = await platform.post(`/exclusions/${id}/approve`, { version: 1 });
    expect(outcome(answer)).toEqual([403, 'exclusion_not_a_party']);
    const stranger = await handOf(api, parties.other, 'manager');
    expect(outcome(await stranger.post(`/exclusions/${id}/approve`, { version: 1 }))).toEqual([404, 'not_found']);
  });

  it('on the baseline lies between any agency and any contractor', async () => {
    const { id } = await proposed({ contract_id: parties.baselineId });
    const otherContractor = await handOf(api, parties.other, 'manager');
    const refused = await otherContractor.post(`/exclusions/${id}/approve`, { version: 1 });
    expect(outcome(refused)).toEqual([403, 'exclusion_own_side']);
    expect((await agency.post(`/exclusions/${id}/approve`, { version: 1 })).json().state).toBe('approved');
  });

  it('passes to nobody of the same side when the contract changes hands', async () => {
    const { id } = await proposed();
    await database.pool.query('update contract set contractor_org_id = $2 where id = $1', [
      parties.contractId,
      parties.other,
    ]);
    const successor = await handOf(api, parties.other, 'manager');
    const answer = await successor.post(`/exclusions/${id}/approve`, { version: 1 });
    expect(outcome(answer)).toEqual([403, 'exclusion_own_side']);
  });

  it('needs someone who looks after all of the target', async () => {
    const response = await contractor.post('/exclusions', inCounty());
    const { id } = response.json();
    const township = await handOf(api, parties.agency, 'auditor', [parties.ours.townshipId]);
    expect((await township.get(`/exclusions/${id}`)).json()).toMatchObject({ id, actions: [] });
    expect(outcome(await township.post(`/exclusions/${id}/approve`, { version: 1 }))).toEqual([403, 'out_of_scope']);
    const elsewhere = await handOf(api, parties.agency, 'auditor', [parties.theirs.countyId]);
    expect(outcome(await elsewhere.post(`/exclusions/${id}/approve`, { version: 1 }))).toEqual([404, 'not_found']);
  });

  it('is about the version that was read', async () => {
    const { id } = await proposed();
    await database.pool.query('update exclusion set version = 2 where id = $1', [id]);
    expect(outcome(await agency.post(`/exclusions/${id}/approve`, { version: 1 }))).toEqual([412, 'version_conflict']);
  });

  it('for it is refused once its period was closed or the term cut; against it is not', async () => {
    const { id } = await proposed();
    await closePeriod(database.pool, parties.contractId, '2026-01-01', '2026-02-01');
    expect(outcome(await agency.post(`/exclusions/${id}/approve`, { version: 1 }))).toEqual([409, 'period_closed']);
    expect((await agency.get(`/exclusions/${id}`)).json()).toMatchObject({
      actions: ['reject'],
      closed_periods: [{ from_day: '2026-01-01', to_day: '2026-02-01' }],
    });
    expect((await agency.post(`/exclusions/${id}/reject`, { version: 1, note: '已结算' })).statusCode).toBe(200);
    const late = await proposed({ from: at(1500), to: at(1501) });
    await database.pool.query(`update contract set term_to = '2026-03-01' where id = $1`, [parties.contractId]);
    expect(outcome(await agency.post(`/exclusions/${late.id}/approve`, { version: 1 }))).toEqual([
      422,
      'exclusion_outside_contract',
    ]);
  });

  it('of two at once is the first one’s', async () => {
    const second = await handOf(api, parties.agency, 'manager');
    for (let round = 0; round < 5; round++) {
      const { id } = await proposed({ from: at(200 + round), to: at(201 + round) });
      const answers = await Promise.all([
        agency.post(`/exclusions/${id}/approve`, { version: 1 }),
        second.post(`/exclusions/${id}/${round % 2 === 0 ? 'approve' : 'reject'}`, { version: 1, note: 'x' }),
      ]);
      expect(answers.map((a) => a.statusCode).sort()).toEqual([200, 409]);
      expect(answers.find((a) => a.statusCode === 409)?.json().code).toBe('exclusion_decided');
      const { rows } = await database.pool.query('select version from exclusion where id = $1', [id]);
      expect(rows).toEqual([{ version: 2 }]);
    }
  });
});

describe('a withdrawal', () => {
  it('of a proposal is the proposing organisation’s', async () => {
    const { id } = await proposed();
    const answer = await agency.post(`/exclusions/${id}/withdraw`, { version: 1 });
    expect(outcome(answer)).toEqual([403, 'exclusion_not_proposer']);
    const colleague = await handOf(api, parties.contractor, 'engineer');
    const done = await colleague.post(`/exclusions/${id}/withdraw`, { version: 1, note: '误报' });
    expect(done.json()).toMatchObject({ state: 'withdrawn', decided: null, withdrawal: { note: '误报' }, actions: [] });
    expect(outcome(await agency.post(`/exclusions/${id}/approve`, { version: 2 }))).toEqual([409, 'exclusion_decided']);
    expect(await marks()).toEqual([]);
  });

  it.each(['contractor', 'agency'] as const)('of an approved one of the %s is both sides’', async (side) => {
    const [proposer, decider] = side === 'contractor' ? [contractor, agency] : [agency, contractor];
    const { id } = await proposed({}, proposer);
    await decider.post(`/exclusions/${id}/approve`, { version: 1 });
    await database.pool.query('truncate evidence_mark');
    const asked = await proposer.post(`/exclusions/${id}/withdraw`, { version: 2, note: '站点错了' });
    expect(asked.json()).toMatchObject({ state: 'approved', withdrawal: { note: '站点错了' }, actions: [] });
    const again = await proposer.post(`/exclusions/${id}/withdraw`, { version: 3 });
    expect(outcome(again)).toEqual([403, 'exclusion_own_side']);
    const done = await decider.post(`/exclusions/${id}/withdraw`, { version: 3, note: '同意' });
    expect(done.json()).toMatchObject({
      state: 'withdrawn',
      decided: { org: { id: decider.person.orgId } },
      history: [
        { action: 'proposed' },
        { action: 'approved' },
        { action: 'withdrawal_asked', note: '站点错了' },
        { action: 'withdrawn', note: '同意' },
      ],
    });
    expect((await marks()).length).toBeGreaterThan(0);
  });

  it('of an approved one needs the right to decide and an open period', async () => {
    const { id } = await proposed();
    await agency.post(`/exclusions/${id}/approve`, { version: 1 });
    const engineer = await handOf(api, parties.contractor, 'engineer');
    expect(outcome(await engineer.post(`/exclusions/${id}/withdraw`, { version: 2 }))).toEqual([403, 'forbidden']);
    await closePeriod(database.pool, parties.contractId, '2026-01-01', '2026-02-01');
    const closed = await contractor.post(`/exclusions/${id}/withdraw`, { version: 2 });
    expect(outcome(closed)).toEqual([409, 'period_closed']);
  });

  it('of a rejected one is none', async () => {
    const { id } = await proposed();
    await agency.post(`/exclusions/${id}/reject`, { version: 1, note: 'x' });
    const answer = await contractor.post(`/exclusions/${id}/withdraw`, { version: 2 });
    expect(outcome(answer)).toEqual([409, 'exclusion_decided']);
  });
});
