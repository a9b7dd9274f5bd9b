import { periodOf } from '@uptally/sla';
import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { type TestDatabase, testDatabase } from '../../../test/support/database.ts';
import { complaintCounts, documentFigures, ratingsOf } from '../../src/duties/figures.ts';
import { keepDuties } from '../../src/duties/keeper.ts';
import { ledgerState } from '../../src/repair-ledger/index.ts';
import { type Hand, handOf, outcome, type Parties, testParties } from '../exclusions/support.ts';
import { type TestApi, testApi } from '../support/api.ts';

const ZONE = 'Asia/Shanghai';
const Q1 = periodOf('2026-Q1', ZONE);
const BOUNDARY = 'xxBOUNDARYxx';
const asForm = { 'content-type': `multipart/form-data; boundary=${BOUNDARY}` };
const shanghai = (text: string): number => Date.parse(`${text.replace(' ', 'T')}:00+08:00`);

let database: TestDatabase;
let api: TestApi;
let parties: Parties;
let agency: Hand;
let contractor: Hand;
let contract: number;

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
  api.clock.now = shanghai('2026-01-02 09:00');
  parties = await testParties(database.pool);
  contract = parties.contractId;
  agency = await handOf(api, parties.agency, 'auditor');
  contractor = await handOf(api, parties.contractor, 'manager');
  // These tests span months; sessions don't.
  await database.pool.query(`update user_session set last_seen_at = '2027-01-01', expires_at = '2027-01-01'`);
});

const form = (content: string, name = 'report.pdf') =>
  Buffer.from(
    `--${BOUNDARY}\r\nContent-Disposition: form-data; name="file"; filename="${name}"\r\n\r\n${content}\r\n--${BOUNDARY}--\r\n`,
  );
const duty = (wish: object = {}) => ({
  contract_id: contract,
  duty_id: 'documents',
  name: '巡检报告',
  kind: 'inspection_report',
  cycle: 'once',
  due_rule: 'in_period',
  due_days: 1,
  from_day: '2026-01-15',
  ...wish,
});

/** A duty that both sides agreed on; its documents, the earliest first. */
async function agreedDuty(wish: object) {
  const proposed = await agency.post('/document-duties', duty(wish));
  expect(proposed.statusCode, proposed.body).toBe(201);
  const { id, version } = proposed.json();
  const agreed = await contractor.post(`/document-duties/${id}/agree`, { version });
  expect(agreed.statusCode, agreed.body).toBe(200);
  return (await agency.get(`/documents-due?open=true&duty=${id}`)).json().items as { id: number; version: number }[];
}

async function handIn(id: number, content: string) {
  const added = await contractor.post(`/documents-due/${id}/files`, form(`%PDF-1.7\n${content}`), asForm);
  expect(added.statusCode, added.body).toBe(200);
  const { files, version } = added.json();
  return contractor.post(`/documents-due/${id}/submit`, {
    file_ids: files.map((file: { id: number }) => file.id),
    version,
  });
}

describe('documents', () => {
  it('of the quarter in docs/repair-clocks.md come to 3/5', async () => {
    const due = ['2026-01-15', '2026-02-05', '2026-03-05', '2026-03-20', '2026-03-31', '2026-04-05'];
    const came = [
      '2026-01-16 09:00',
      '2026-02-04 15:00',
      '2026-03-05 17:00',
      '2026-03-20 23:59',
      null,
      '2026-04-03 10:00',
    ];
    for (const [i, from_day] of due.entries()) {
      api.clock.now = shanghai('2026-01-02 09:00');
      const until_day = new Date(Date.parse(from_day) + 86_400_000).toISOString().slice(0, 10);
      const wish = { from_day, until_day, duty_id: i === 5 ? 'other' : 'documents' };
      await agreedDuty(wish);
      const at = came[i];
      if (typeof at !== 'string') continue;
      api.clock.now = shanghai(at);
      await keepDuties(database.pool, api.clock.now);
      const { items } = (await contractor.get(`/documents-due?from=${from_day}&to=${until_day}`)).json();
      expect((await handIn(items[0].id, from_day)).statusCode).toBe(200);
    }
    api.clock.now = shanghai('2026-04-10 00:00');
    await keepDuties(database.pool, api.clock.now);
    expect(await keepDuties(database.pool, api.clock.now)).toEqual({ made: 0, settled: 0 });
    const query = { contractId: contract, period: Q1, nowMs: api.clock.now };
    expect(await documentFigures(database.pool, query)).toEqual({
      onTime: 3,
      late: 1,
      missing: 1,
      pending: 0,
      rate: { num: 3, den: 5 },
    });
    expect(await documentFigures(database.pool, { ...query, dutyIds: ['other'] })).toMatchObject({ rate: null });
    const figure = await contractor.get(`/documents-due/figures?contract=${contract}&period=2026-Q1`);
    expect(figure.json()).toMatchObject({ on_time: 3, late: 1, missing: 1, rate: { num: 3, den: 5 } });
    const early = await documentFigures(database.pool, { ...query, nowMs: shanghai('2026-03-06 00:00') });
    expect(early).toMatchObject({ onTime: 2, late: 1, missing: 0, pending: 2 });
  });

  it('that were returned are not handed in until they are again', async () => {
    const [made] = await agreedDuty({ cycle: 'month', due_rule: 'after_end', due_days: 5, from_day: '2026-01-01' });
    const id = made?.id ?? 0;
    api.clock.now = shanghai('2026-02-03 09:00');
    const first = (await handIn(id, 'one')).json();
    expect(first).toMatchObject({ state: 'submitted', mark: 'on_time', actions: ['submit'], files: [] });
    api.clock.now += 3_600_000;
    // A page more before anybody decided keeps the instant of the first.
    expect((await handIn(id, 'two')).json()).toMatchObject({ submitted_at: first.submitted_at, submissions: 2 });
    const stale = await agency.post(`/documents-due/${id}/return`, { note: '缺签字', version: first.version });
    expect(outcome(stale)).toEqual([412, 'version_conflict']);
    const { version } = (await agency.get(`/documents-due/${id}`)).json();
    expect(outcome(await contractor.post(`/documents-due/${id}/accept`, { version }))).toEqual([
      403,
      'duty_other_side',
    ]);
    expect((await agency.post(`/documents-due/${id}/return`, { version })).statusCode).toBe(400);
    const returned = await agency.post(`/documents-due/${id}/return`, { note: '缺签字', version });
    expect(returned.json()).toMatchObject({ state: 'returned', mark: 'pending', submitted_at: null, note: '缺签字' });
    api.clock.now = shanghai('2026-02-06 09:00');
    expect((await agency.get(`/documents-due/${id}`)).json()).toMatchObject({ mark: 'missing' });
    const again = (await handIn(id, 'three')).json();
    expect(again).toMatchObject({ mark: 'late', submissions: 3 });
    expect(again.handed_in.map((s: { returned_note: string | null }) => s.returned_note)).toEqual([
      null,
      '缺签字',
      '缺签字',
    ]);
    const accepted = await agency.post(`/documents-due/${id}/accept`, { version: again.version });
    expect(accepted.json()).toMatchObject({ state: 'accepted', mark: 'late' });
    const after = { note: 'x', version: accepted.json().version };
    expect(outcome(await agency.post(`/documents-due/${id}/return`, after))).toEqual([409, 'document_decided']);
    const more = await contractor.post(`/documents-due/${id}/files`, form('%PDF-1.7'), asForm);
    expect(outcome(more)).toEqual([409, 'document_decided']);
  });

  it('are owed once both sides agree, and end the same way', async () => {
    const proposed = (
      await contractor.post('/document-duties', duty({ cycle: 'month', due_rule: 'after_end', from_day: '2026-01-01' }))
    ).json();
    expect(proposed).toMatchObject({ state: 'proposed', actions: [], next: { due_day: '2026-02-01' } });
    expect((await agency.get('/documents-due')).json().items).toEqual([]);
    const act = (by: Hand, what: string, body: object) => by.post(`/document-duties/${proposed.id}/${what}`, body);
    expect(outcome(await act(contractor, 'agree', { version: 1 }))).toEqual([403, 'duty_own_side']);
    const stranger = await handOf(api, parties.other, 'manager');
    expect(outcome(await act(stranger, 'agree', { version: 1 }))).toEqual([404, 'not_found']);
    expect((await act(agency, 'agree', { version: 1 })).json()).toMatchObject({ state: 'agreed' });
    expect(outcome(await act(agency, 'agree', { version: 2 }))).toEqual([409, 'duty_decided']);
    api.clock.now = shanghai('2026-04-10 09:00');
    await keepDuties(database.pool, api.clock.now);
    expect((await agency.get('/documents-due?mark=missing')).json().items).toHaveLength(3);
    const asked = await act(contractor, 'end', { version: 2, day: '2026-03-10' });
    expect(asked.json()).toMatchObject({ until_day: null, ending: { day: '2026-03-10' } });
    expect(outcome(await act(contractor, 'end', { version: 3, day: '2026-03-10' }))).toEqual([403, 'duty_own_side']);
    const ended = (await act(agency, 'end', { version: 3, day: '2026-03-10' })).json();
    expect(ended).toMatchObject({ until_day: '2026-03-10', ending: null });
    await keepDuties(database.pool, api.clock.now);
    const left = (await agency.get('/documents-due?open=true')).json().items;
    expect(left.map((d: { to_day: string }) => d.to_day)).toEqual(['2026-02-01', '2026-03-01', '2026-03-10']);
    const waived = await agency.post(`/documents-due/${left[0].id}/waive`, { note: '系统停用', version: 1 });
    expect(waived.json()).toMatchObject({ state: 'waived', mark: 'waived' });
    const figures = await documentFigures(database.pool, { contractId: contract, period: Q1, nowMs: api.clock.now });
    expect(figures).toMatchObject({ missing: 2, rate: { num: 0, den: 2 } });
  });

  it('need a file of their own, and days that fit', async () => {
    const [one] = await agreedDuty({ from_day: '2026-01-03' });
    const [two] = await agreedDuty({ from_day: '2026-01-04' });
    const url = `/documents-due/${one?.id}/submit`;
    expect(outcome(await contractor.post(url, { version: 1 }))).toEqual([422, 'document_empty']);
    const { files } = (await contractor.post(`/documents-due/${two?.id}/files`, form('%PDF-1.7'), asForm)).json();
    expect(outcome(await contractor.post(url, { file_ids: [files[0].id], version: 1 }))).toEqual([
      422,
      'unknown_reference',
    ]);
    expect(outcome(await agency.post(`/documents-due/${one?.id}/files`, form('%PDF-1.7'), asForm))).toEqual([
      403,
      'forbidden',
    ]);
    const html = await contractor.post(`/documents-due/${one?.id}/files`, form('<html>', 'a.jpg'), asForm);
    expect(outcome(html)).toEqual([415, 'file_type']);
    for (const wish of [{ from_day: '2025-12-31' }, { from_day: '2026-02-30' }, { until_day: '2026-01-15' }]) {
      expect(outcome(await agency.post('/document-duties', duty(wish)))).toEqual([422, 'duty_days']);
    }
    const preview = await agency.post('/document-duties/preview', duty({ cycle: 'week', from_day: '2026-01-01' }));
    expect(preview.json()).toMatchObject({ past: 1 });
    expect(preview.json().periods).toHaveLength(12);
  });
});

describe('complaints', () => {
  const complain = async (wish: object = {}, by = agency) => {
    const body = {
      contract_id: contract,
      received_at: new Date(api.clock.now).toISOString(),
      through: 'phone',
      body: '电话无人接听',
      ...wish,
    };
    const answer = await by.post('/complaints', body);
    expect(answer.statusCode, answer.body).toBe(201);
    return answer.json();
  };
  const say = (by: Hand, id: number, version: number, word: string) =>
    by.post(`/complaints/${id}/word`, { word, version });
  const counts = () => complaintCounts(database.pool, { contractId: contract, period: Q1 });

  it('count once both sides say the same; different words stay a dispute until one gives way', async () => {
    const { id } = await complain({ word: 'serious', site_id: parties.ours.siteId });
    expect(await counts()).toEqual({ serious: 0, ordinary: 0, resolved: 0, open: 1, disputed: 0 });
    expect(outcome(await say(agency, id, 1, 'ordinary'))).toEqual([412, 'version_conflict']);
    expect(outcome(await say(agency, id, 2, 'ordinary'))).toEqual([409, 'complaint_said']);
    expect((await say(contractor, id, 2, 'invalid')).json()).toMatchObject({ state: 'disputed', class: null });
    expect(await counts()).toMatchObject({ serious: 0, disputed: 1 });
    expect((await contractor.get(`/complaints/${id}`)).json()).toMatchObject({
      actions: ['give_way', 'claim_resolved'],
      words: ['serious'],
    });
    expect(outcome(await say(contractor, id, 3, 'ordinary'))).toEqual([409, 'complaint_said']);
    expect((await say(contractor, id, 3, 'serious')).json()).toMatchObject({ state: 'valid', class: 'serious' });
    expect(outcome(await say(agency, id, 4, 'invalid'))).toEqual([409, 'complaint_decided']);
    expect(await counts()).toMatchObject({ serious: 1, disputed: 0 });
  });

  it('are resolved once the agency agrees that they are', async () => {
    const { id } = await complain({ word: 'ordinary' }, contractor);
    await say(agency, id, 2, 'ordinary');
    const own = await agency.post(`/complaints/${id}/resolution`, { text: 'x', version: 3 });
    expect(outcome(own)).toEqual([403, 'duty_other_side']);
    const claim = (version: number) => contractor.post(`/complaints/${id}/resolution`, { text: '已回访', version });
    expect((await claim(3)).json()).toMatchObject({ resolution: { text: '已回访' }, resolved: null });
    expect(outcome(await contractor.post(`/complaints/${id}/resolve`, { version: 4 }))).toEqual([
      403,
      'duty_other_side',
    ]);
    const refused = await agency.post(`/complaints/${id}/refuse-resolution`, { note: '没有来过', version: 4 });
    expect(refused.json()).toMatchObject({ resolution: null, resolution_refusal: '没有来过' });
    await claim(5);
    expect((await agency.post(`/complaints/${id}/resolve`, { version: 6 })).json()).toMatchObject({
      resolved: { user: { id: agency.person.userId } },
    });
    expect(await counts()).toEqual({ serious: 0, ordinary: 1, resolved: 1, open: 0, disputed: 0 });
  });

  it('stand as the one side said when the other keeps silent for ten days', async () => {
    const { id } = await complain({ word: 'ordinary' });
    const tenDays = api.clock.now + 10 * 86_400_000;
    expect(await keepDuties(database.pool, tenDays - 1)).toMatchObject({ settled: 0 });
    expect(await keepDuties(database.pool, tenDays)).toMatchObject({ settled: 1 });
    expect((await agency.get(`/complaints/${id}`)).json()).toMatchObject({ state: 'valid', silent_side: 'contractor' });
    expect(outcome(await say(contractor, id, 3, 'invalid'))).toEqual([409, 'complaint_decided']);
    expect(await counts()).toMatchObject({ ordinary: 1 });
  });

  it('are about places in reach, never from the future, and seen by the parties', async () => {
    const body = {
      contract_id: contract,
      through: 'letter',
      body: 'x',
      received_at: new Date(api.clock.now + 1).toISOString(),
    };
    expect(outcome(await agency.post('/complaints', body))).toEqual([400, 'invalid_request']);
    const { id } = await complain({ site_id: parties.ours.siteId });
    const elsewhere = await handOf(api, parties.contractor, 'manager', [parties.theirs.countyId]);
    expect((await elsewhere.get(`/complaints/${id}`)).statusCode).toBe(404);
    const stranger = await handOf(api, parties.other, 'manager');
    expect((await stranger.get('/complaints')).json().items).toEqual([]);
    expect((await contractor.get('/complaints?awaiting=true')).json().items).toHaveLength(1);
    const admin = await handOf(api, parties.agency, 'admin');
    expect(outcome(await say(admin, id, 1, 'invalid'))).toEqual([403, 'forbidden']);
  });
});

describe('a rating sheet', () => {
  const propose = (scores: Record<string, number>, month = '2026-01', by = agency) =>
    by.post('/rating-sheets', {
      contract_id: contract,
      month,
      items: Object.entries(scores).map(([id, score]) => ({ id, score })),
    });

  it('is proposed by the agency, remarked on, and frozen once the contractor agrees', async () => {
    const names = (id: string) => ({ id, name: { zh: id, en: id } });
    const items = ['inspection', 'timeliness', 'skill'].map(names);
    await database.pool.query('insert into rating_scheme (contract_id, items, changed_at) values ($1, $2, now())', [
      contract,
      JSON.stringify(items),
    ]);
    const scores = { inspection: 90, timeliness: 90, skill: 89 };
    expect(outcome(await propose(scores))).toEqual([422, 'rating_month']);
    api.clock.now = shanghai('2026-02-02 09:00');
    expect(outcome(await propose(scores, '2026-01', contractor))).toEqual([403, 'duty_other_side']);
    expect(outcome(await propose({ inspection: 90, skill: 3 }))).toEqual([422, 'rating_items']);
    expect((await propose({ ...scores, skill: 101 })).statusCode).toBe(400);
    const sheet = (await propose(scores)).json();
    expect(sheet).toMatchObject({
      state: 'proposed',
      mean: { num: 269, den: 3, shown: '89.66', grade: 'B' },
      round: 1,
    });
    expect(outcome(await propose(scores))).toEqual([409, 'already_exists']);
    const act = (by: Hand, what: string, body: object) => by.post(`/rating-sheets/${sheet.id}/${what}`, body);
    expect(outcome(await act(agency, 'agree', { version: 1 }))).toEqual([403, 'duty_other_side']);
    expect((await act(contractor, 'remark', { remark: '技能应为 95', version: 1 })).json()).toMatchObject({
      state: 'remarked',
    });
    const again = Object.entries({ ...scores, skill: 95 }).map(([id, score]) => ({ id, score }));
    expect((await act(agency, 'propose', { items: again, version: 2 })).json()).toMatchObject({
      state: 'proposed',
      round: 2,
    });
    const range = { contractId: contract, fromMonth: '2026-01', toMonth: '2026-06' };
    expect(await ratingsOf(database.pool, range)).toEqual([]);
    expect((await act(contractor, 'agree', { version: 3 })).json()).toMatchObject({
      state: 'agreed',
      figures: { recurrence: { count: 0 } },
    });
    for (const [by, what, body] of [
      [agency, 'propose', { items: again, version: 4 }],
      [contractor, 'remark', { remark: 'x', version: 4 }],
      [contractor, 'agree', { version: 4 }],
    ] as const)
      expect(outcome(await act(by, what, body))).toEqual([409, 'rating_state']);
    expect(await ratingsOf(database.pool, range)).toEqual([
      { month: '2026-01', score: { num: 275, den: 3 }, items: { inspection: 90, timeliness: 90, skill: 95 } },
    ]);
  });
});

describe('the duty roster', () => {
  it('makes a skeleton for holidays once, shows gaps, and who is on duty now', async () => {
    await database.pool.query(
      `insert into calendar_day (day, kind, name) values ('2026-02-17', 'holiday', '春节'), ('2026-02-18', 'holiday', '春节'), ('2026-02-28', 'workday', '春节')`,
    );
    const time = { contract_id: contract, from: '2026-02-01', to: '2026-03-01' };
    expect(outcome(await agency.post('/duty-roster/skeleton', time))).toEqual([403, 'duty_other_side']);
    expect((await contractor.post('/duty-roster/skeleton', time)).json()).toEqual({ made: 2, days: 2 });
    expect((await contractor.post('/duty-roster/skeleton', time)).json()).toEqual({ made: 0, days: 2 });
    const url = `/duty-roster?contract=${contract}&from=2026-02-01&to=2026-03-01`;
    const { days } = (await agency.get(url)).json();
    expect(days).toMatchObject([
      { day: '2026-02-17', holiday: '春节', gaps: [{ from: '00:00', to: '24:00' }] },
      { day: '2026-02-18' },
    ]);
    const [shift] = days[0].shifts;
    const stranger = { user_id: agency.person.userId, version: 1 };
    expect(outcome(await contractor.patch(`/duty-roster/${shift.id}`, stranger))).toEqual([422, 'unknown_reference']);
    const named = await contractor.patch(`/duty-roster/${shift.id}`, {
      person_name: '王工',
      person_phone: '13800000000',
      version: 1,
    });
    expect(named.json()).toMatchObject({ person_name: '王工', user: null });
    api.clock.now = shanghai('2026-02-17 22:00');
    expect((await agency.get('/duty-roster/now')).json().items).toMatchObject([
      { person_name: '王工', person_phone: '13800000000' },
    ]);
    const user = await contractor.patch(`/duty-roster/${shift.id}`, {
      user_id: contractor.person.userId,
      to: '20:00',
      version: 2,
    });
    expect(user.json()).toMatchObject({ user: { id: contractor.person.userId } });
    expect((await agency.get('/duty-roster/now')).json().items).toEqual([]);
    expect((await agency.get(url)).json().days[0].gaps).toEqual([{ from: '20:00', to: '24:00' }]);
    expect((await contractor.delete(`/duty-roster/${shift.id}`)).statusCode).toBe(204);
  });
});

describe('the maintenance ledger', () => {
  const orders = async (count: number, state = 'closed') => {
    const { rows } = await database.pool.query<{ id: number }>(
      `insert into work_order (kind, contract_id, county_id, region_path, site_id, station_id, cause, severity, state, opened_at, ended_at)
       select 'station', $1, $2, (select path from region where id = (select region_id from site where id = $3)), $3, $4, 'printer', 'ordinary',
         $6, $5::timestamptz + n * interval '1 minute', $5::timestamptz + n * interval '1 minute' + interval '1 hour'
       from generate_series(1, $7::int) n returning id`,
      [
        contract,
        parties.ours.countyId,
        parties.ours.siteId,
        parties.ours.stations[0],
        new Date(shanghai('2026-02-01 08:00')),
        state,
        count,
      ],
    );
    return rows.map(({ id }) => id);
  };
  const state = () => ledgerState(database.pool, { contractId: contract, period: Q1 });

  it('is confirmed by the customer, as many lines as it meant', async () => {
    const ids = await orders(3);
    await orders(1, 'repaired');
    await orders(1, 'cancelled');
    expect(await state()).toEqual({ total: 4, open: 1, unconfirmed: 3, disputed: 0, confirmed: 0 });
    const filter = { contract, from: '2026-02-01T00:00:00+08:00' };
    expect((await agency.get(`/ledger/summary?contract=${contract}`)).json()).toMatchObject({
      unconfirmed: 3,
      confirmable: 3,
    });
    expect((await contractor.get(`/ledger/summary?contract=${contract}`)).json()).toMatchObject({ confirmable: 0 });
    expect(outcome(await contractor.post('/ledger/confirm', { filter, expected: 3 }))).toEqual([403, 'forbidden']);
    const theirs = await handOf(api, parties.contractor, 'auditor');
    expect(outcome(await theirs.post('/ledger/confirm', { ids, expected: 3 }))).toEqual([409, 'confirmation_mismatch']);
    expect(outcome(await agency.post('/ledger/confirm', { filter, expected: 4 }))).toEqual([
      409,
      'confirmation_mismatch',
    ]);
    expect(outcome(await agency.post('/ledger/confirm', { filter, ids, expected: 3 }))).toEqual([
      400,
      'invalid_request',
    ]);
    expect((await agency.post(`/ledger/${ids[0]}/dispute`, { reason: '没有换件' })).json()).toMatchObject({
      state: 'disputed',
      actions: ['confirm'],
    });
    expect((await agency.post('/ledger/confirm', { filter, expected: 2, note: '二月' })).json()).toEqual({
      confirmed: 2,
    });
    expect(await state()).toEqual({ total: 4, open: 1, unconfirmed: 0, disputed: 1, confirmed: 2 });
    expect(outcome(await agency.post(`/ledger/${ids[0]}/answer`, { text: 'x' }))).toEqual([403, 'forbidden']);
    const answered = await contractor.post(`/ledger/${ids[0]}/answer`, { text: '配件照片已上传' });
    expect(answered.json()).toMatchObject({ state: 'unconfirmed', answer: { text: '配件照片已上传' } });
    expect(outcome(await contractor.post(`/ledger/${ids[0]}/answer`, { text: 'x' }))).toEqual([409, 'ledger_state']);
    expect((await agency.post('/ledger/confirm', { ids: [ids[0]], expected: 1 })).json()).toEqual({ confirmed: 1 });
    expect(outcome(await agency.post('/ledger/confirm', { ids: [ids[0]], expected: 1 }))).toEqual([
      409,
      'confirmation_mismatch',
    ]);
  });

  it('forgets a confirmation when what stands in the line changes', async () => {
    const [a = 0, b = 0, c = 0] = await orders(3);
    const pool = database.pool;
    await agency.post('/ledger/confirm', { ids: [a, b, c], expected: 3 });
    await pool.query(`update work_order set next_mark_at = now(), version = version + 1 where id = $1`, [a]);
    expect(await state()).toMatchObject({ confirmed: 3 });
    await pool.query(`update work_order set labour_fen = 5000 where id = $1`, [a]);
    await pool.query(
      `insert into work_order_part (work_order_id, name, qty, unit_fen, added_at) values ($1, '打印头', 2, 15000, now())`,
      [b],
    );
    await pool.query(`update work_order set state = 'repaired' where id = $1`, [c]);
    expect(await state()).toEqual({ total: 3, open: 1, unconfirmed: 2, disputed: 0, confirmed: 0 });
    const { items } = (await agency.get('/ledger?state=unconfirmed')).json();
    expect(items).toMatchObject([
      {
        id: b,
        number: `W-${String(b).padStart(6, '0')}`,
        parts: [{ name: '打印头', qty: 2 }],
        total_fen: 30_000,
        said: null,
      },
      { id: a, total_fen: 5000, warranty: null },
    ]);
    const csv = await agency.get('/ledger.csv?state=unconfirmed');
    expect(csv.body.split('\r\n')[1]).toContain('打印头 ×2,300.00,0.00,0.00,300.00');
    expect((await agency.get('/ledger.xlsx')).rawPayload.subarray(0, 2).toString()).toBe('PK');
    await pool.query(`update work_order set state = 'cancelled' where id = $1`, [c]);
    expect(await state()).toMatchObject({ total: 2 });
  });

  it('is paged and shown to those whom it concerns', async () => {
    await orders(5);
    const first = (await agency.get('/ledger?limit=3')).json();
    const rest = (await agency.get(`/ledger?limit=3&cursor=${first.next_cursor}`)).json();
    expect([...first.items, ...rest.items].map((line: { id: number }) => line.id)).toEqual([5, 4, 3, 2, 1]);
    const elsewhere = await handOf(api, parties.agency, 'auditor', [parties.theirs.countyId]);
    expect((await elsewhere.get('/ledger')).json().items).toEqual([]);
    const stranger = await handOf(api, parties.other, 'manager');
    expect((await stranger.get('/ledger')).json().items).toEqual([]);
    expect((await agency.get('/ledger?q=W-000002')).json().items).toHaveLength(1);
  });
});
