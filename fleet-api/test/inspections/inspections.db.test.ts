import { randomUUID } from 'node:crypto';
import { periodOf } from '@uptally/sla';
import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { type TestDatabase, testDatabase } from '../../../test/support/database.ts';
import { seedCalendar } from '../../src/availability/calendar/seed.ts';
import { inspectionFigures } from '../../src/inspections/figures.ts';
import { generate } from '../../src/inspections/generate.ts';
import { InspectionMaker } from '../../src/inspections/index.ts';
import { type Hand, handOf, outcome, type Parties, TERM_FROM, testParties } from '../exclusions/support.ts';
import { flood, MB } from '../files/flood.ts';
import { type TestApi, testApi } from '../support/api.ts';

const ms = (text: string): number => Date.parse(`${text}+08:00`);
const QUARTER = periodOf('2026-Q1', 'Asia/Shanghai');

let database: TestDatabase;
let api: TestApi;
let parties: Parties;
let agency: Hand;
let manager: Hand;
let engineer: Hand;

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
  api.clock.now = ms('2026-04-01T08:00:00');
  parties = await testParties(database.pool);
  await seedCalendar(database.pool);
  await database.pool.query(
    `insert into station (site_id, code, name) select id, 'S-AA-3', 'S-AA-3' from site where code = 'S-AA'`,
  );
  await database.pool.query('update station set commissioned_at = $1', [TERM_FROM]);
  agency = await handOf(api, parties.agency, 'auditor');
  manager = await handOf(api, parties.contractor, 'manager');
  engineer = await handOf(api, parties.contractor, 'engineer');
});

const CHECKLIST = [
  { id: 'functions', zh: '功能', en: 'Functions', kind: 'ok_fault', required: true },
  { id: 'printer', zh: '打印机', en: 'Printer', kind: 'ok_fault', required: false, component: 'printer' },
];
const plan = (changes: object = {}) => ({
  contract_id: parties.contractId,
  name: '月度巡检',
  cycle: 'month',
  target: 'station',
  checklist: CHECKLIST,
  first_day: '2026-01-01',
  lead_days: 0,
  ...changes,
});
/** Moves the clock; who is signed in stays so. */
const until = async (text: string) => {
  api.clock.now = ms(text);
  await database.pool.query(
    `update user_session set last_seen_at = $1, expires_at = $1::timestamptz + interval '1 day'`,
    [new Date(api.clock.now)],
  );
};
const entered = async (changes: object = {}) => {
  const response = await manager.post('/inspection-plans', plan(changes));
  expect(response.statusCode, response.body).toBe(201);
  return response.json();
};
const made = () => generate(database.pool, api.clock.now);
const tasks = async (query = '') => (await manager.get(`/inspections?limit=100${query}`)).json().items;
const keys = async () => {
  const all: { period: { key: string }; place: { code: string } }[] = await tasks();
  return all.map(({ period, place }) => `${period.key} ${place.code}`).sort();
};
const finished = (id: number, doneAt: string, changes: object = {}, by: Hand = engineer) =>
  by.post(`/inspections/${id}/finish`, {
    client_key: randomUUID(),
    done_at: `${doneAt}+08:00`,
    answers: { functions: { result: 'ok' } },
    ...changes,
  });

describe('tasks', () => {
  it('are made once for every station and period, however often and by however many', async () => {
    await entered();
    const counts = await Promise.all([made(), made()]);
    expect(counts[0] + counts[1]).toBe(12); // January to March, and April that begins today
    expect(await made()).toBe(0);
    const all = await keys();
    expect(all).toHaveLength(12);
    expect(new Set(all).size).toBe(12);
  });

  it('come by themselves, soon after a plan was entered and at each new day', async () => {
    const maker = new InspectionMaker({ pool: database.pool, clock: api.ctx.clock, log: api.ctx.log as never });
    await entered();
    expect(await maker.makeDue()).toBe(12);
    expect(await maker.makeDue()).toBe(0);
    await until('2026-05-01T00:00:00');
    expect(await maker.makeDue()).toBe(3);
  });

  it('ask for stations in service when the period begins, and catch up with one that was registered late', async () => {
    await entered({ first_day: '2026-03-01' });
    const [first, second] = parties.ours.stations;
    await database.pool.query(`update station set commissioned_at = '2026-03-02' where id = $1`, [first]);
    await database.pool.query(`update station set decommissioned_at = '2026-03-15' where id = $1`, [second]);
    await made();
    expect(await keys()).toEqual(['2026-03 S-AA-2', '2026-03 S-AA-3', '2026-04 S-AA-1', '2026-04 S-AA-3']);
    await database.pool.query(
      `insert into station (site_id, code, name, commissioned_at) select id, 'S-AA-4', '', $1 from site where code = 'S-AA'`,
      [TERM_FROM],
    );
    await until('2026-04-02T00:00:00');
    await made();
    expect((await keys()).filter((key) => key.endsWith('4'))).toEqual(['2026-04 S-AA-4']);
  });

  it('of counties and sites, and before holidays, name whom they are for and when', async () => {
    const user_id = engineer.person.userId;
    const assignees = [{ region_id: parties.ours.countyId, user_id }];
    await entered({ cycle: 'quarter', target: 'county', first_day: '2026-04-01', assignees });
    await entered({ cycle: 'before_holiday', target: 'site', first_day: '2026-02-01' });
    await made();
    expect(await tasks()).toMatchObject([
      {
        period: { key: '2026-02-15', name: '春节', from_day: '2026-02-08' },
        due_at: new Date(ms('2026-02-15T00:00:00')).toISOString(),
        place: { kind: 'site', code: 'S-AA' },
        status: 'missed',
      },
      {
        period: { key: '2026-04-04', name: '清明' },
        status: 'open',
        assignee: null,
      },
      {
        period: { key: '2026-Q2', from_day: '2026-04-01', to_day: '2026-07-01' },
        due_at: new Date(ms('2026-07-01T00:00:00')).toISOString(),
        place: { kind: 'county', id: parties.ours.countyId },
        assignee: { id: user_id },
      },
    ]);
  });

  it('that are there outlive a change of the plan, which holds for later periods', async () => {
    const { id } = await entered({ first_day: '2026-03-01' });
    await made();
    const preview = await manager.post(`/inspection-plans/preview?plan=${id}`, plan({ target: 'site' }));
    expect(preview.json()).toMatchObject({
      applies_from: '2026-04-02',
      periods: [{ key: '2026-05', tasks: 1 }, {}, {}, {}, {}, {}, {}, {}],
    });
    const stale = await api.app.inject({
      method: 'PUT',
      url: `/api/v1/inspection-plans/${id}`,
      headers: { cookie: manager.person.cookie, 'if-match': '"7"' },
      payload: plan({ target: 'site' }),
    });
    expect(outcome(stale)).toEqual([412, 'version_conflict']);
    const changed = await api.app.inject({
      method: 'PUT',
      url: `/api/v1/inspection-plans/${id}`,
      headers: { cookie: manager.person.cookie, 'if-match': '"1"' },
      payload: plan({ target: 'site', first_day: '2026-03-01' }),
    });
    expect(changed.json()).toMatchObject({ version: 2, versions: [{ from_day: '2026-04-02' }, {}] });
    await until('2026-05-02T00:00:00');
    await made();
    expect((await keys()).slice(-4)).toEqual(['2026-04 S-AA-1', '2026-04 S-AA-2', '2026-04 S-AA-3', '2026-05 S-AA']);
  });

  it('of a plan entered by mistake can be taken back for a day', async () => {
    const { id } = await entered();
    await made();
    const [task] = await tasks();
    expect(outcome(await agency.delete(`/inspection-plans/${id}`))).toEqual([403, 'forbidden']);
    await finished(task.id, '2026-01-05T10:00:00');
    expect(outcome(await manager.delete(`/inspection-plans/${id}`))).toEqual([409, 'inspection_plan_in_use']);
    const other = await entered();
    await made();
    expect((await manager.delete(`/inspection-plans/${other.id}`)).statusCode).toBe(204);
    expect(await tasks()).toHaveLength(12);
  });
});

describe('carrying out', () => {
  const oneTask = async () => {
    await entered({ first_day: '2026-03-01' });
    await made();
    const [task] = await tasks('&status=missed');
    return task;
  };

  it('is told once, however often the phone says so, and by the first who does', async () => {
    const task = await oneTask();
    const client_key = randomUUID();
    const [first, again] = await Promise.all([
      finished(task.id, '2026-03-10T10:00:00', { client_key }),
      finished(task.id, '2026-03-10T10:00:00', { client_key }),
    ]);
    expect([first.statusCode, again.statusCode], again.body).toEqual([200, 200]);
    expect(first.json()).toMatchObject({ status: 'done', done_by: { id: engineer.person.userId }, version: 2 });
    expect(again.json()).toMatchObject({ status: 'done', version: 2 });
    const late = await finished(task.id, '2026-03-11T10:00:00', {}, manager);
    expect(outcome(late)).toEqual([409, 'inspection_done']);
    expect(late.json().detail).toContain('2026-03-10T02:00:00.000Z');
    const [, other] = await tasks('&status=owed');
    expect(outcome(await finished(other.id, '2026-03-10T10:00:00', { client_key }))).toEqual([
      422,
      'idempotency_mismatch',
    ]);
    const audit = await database.pool.query(
      `select count(*)::int as n from audit_log where action = 'inspection.done'`,
    );
    expect(audit.rows).toEqual([{ n: 1 }]);
  });

  it('is refused before its period, in the future, without a required answer, with a key that is none', async () => {
    const task = await oneTask();
    const refused: [string, object, number, string][] = [
      ['2026-02-28T23:59:59', {}, 422, 'inspection_time'],
      ['2026-04-01T09:00:00', {}, 422, 'inspection_time'],
      ['2026-03-02T10:00:00', { answers: {} }, 422, 'inspection_incomplete'],
      ['2026-03-02T10:00:00', { client_key: 'x' }, 400, 'invalid_request'],
    ];
    for (const [doneAt, changes, status, code] of refused) {
      expect(outcome(await finished(task.id, doneAt, changes))).toEqual([status, code]);
    }
    expect((await manager.get(`/inspections/${task.id}`)).json().state).toBe('open');
  });

  it("is the contractor's, with what telemetry says, and opens a fault where one was found", async () => {
    const task = await oneTask();
    expect(outcome(await finished(task.id, '2026-03-10T10:00:00', {}, agency))).toEqual([403, 'forbidden']);
    const theirs = await handOf(api, parties.agency, 'manager');
    expect(outcome(await finished(task.id, '2026-03-10T10:00:00', {}, theirs))).toEqual([
      403,
      'inspection_not_a_party',
    ]);
    await database.pool.query(
      `update device_live set health = '{"cpu_pct": 12.5}', health_at = '2026-03-31T23:00:00+08:00', last_rcv_at = now()`,
    );
    const answers = { functions: { result: 'ok' }, printer: { result: 'fault', note: '卡纸', open_fault: true } };
    const done = (await finished(task.id, '2026-03-10T10:00:00', { answers })).json();
    expect(done, JSON.stringify(done)).toMatchObject({
      faulty: 1,
      device_id: 'dev-aa-1',
      stations: [{ readings: [{ metric: 'cpu_pct', value: 12.5, at: '2026-03-31T15:00:00.000Z' }] }],
      answers: { printer: { fault_id: expect.any(Number) } },
    });
    const fault = await database.pool.query('select cause, opened_at, source from fault');
    expect(fault.rows).toEqual([
      { cause: 'printer', opened_at: new Date(ms('2026-03-10T10:00:00')), source: 'person' },
    ]);
    expect(outcome(await engineer.post(`/inspections/${task.id}/faults`, { item: 'functions' }))).toEqual([
      422,
      'inspection_not_faulty',
    ]);
    const archive = (await agency.get(`/inspections/archive?device=dev-aa-1`)).json();
    expect(archive.items).toMatchObject([
      { id: task.id, found: [{ id: 'functions' }, { id: 'printer', note: '卡纸' }] },
    ]);
  });

  it('takes no photo of 200 MB, and says so before it is all there', async () => {
    const path = `/inspections/${(await oneTask()).id}/files`;
    await api.app.listen({ host: '127.0.0.1', port: 0 });
    const begins = Buffer.from('ffd8ffe000104a464946', 'hex');
    const { sent, answer } = await flood(api, { path, cookie: engineer.person.cookie, begins, says: false });
    expect(sent).toBeLessThan(60 * MB);
    expect(answer).toMatch(/^HTTP\/1.1 413 [\s\S]*"code":"file_too_large"/);
    expect((await database.pool.query('select 1 from attached_file')).rowCount).toBe(0);
  });

  it('is seen within the own regions only', async () => {
    const task = await oneTask();
    const elsewhere = await handOf(api, parties.contractor, 'engineer', [parties.theirs.countyId]);
    expect((await elsewhere.get(`/inspections/${task.id}`)).statusCode).toBe(404);
    expect((await elsewhere.get('/inspections')).json().items).toEqual([]);
    const stranger = await handOf(api, parties.other, 'manager');
    expect((await stranger.get('/inspections')).json().items).toEqual([]);
  });
});

describe('the rate', () => {
  /** The example of docs/repair-clocks.md: three stations and a visit each month. */
  const quarter = async () => {
    await entered();
    await made();
    const of = async (month: string) =>
      (await tasks()).filter((t: { period: { key: string } }) => t.period.key === month);
    const [january, february, march] = [await of('2026-01'), await of('2026-02'), await of('2026-03')];
    await until('2026-04-03T00:00:00');
    const told = [
      ...january.map((task: { id: number }) => [task.id, '2026-01-20T10:00:00']),
      [february[0].id, '2026-02-03T10:00:00'],
      [february[1].id, '2026-02-28T23:59:59'],
      [february[2].id, '2026-03-03T10:00:00'],
      [march[0].id, '2026-03-31T10:00:00'],
      [march[1].id, '2026-04-02T10:00:00'],
    ];
    for (const [id, doneAt] of told) expect((await finished(id, doneAt)).statusCode).toBe(200);
    return march;
  };
  const figures = (nowMs: number) =>
    inspectionFigures(database.pool, { contractId: parties.contractId, period: QUARTER, nowMs });

  it('of the worked quarter is 7/9, before and after somebody made up for a visit in April (R-DG-9)', async () => {
    await quarter();
    const expected = { inTime: 6, later: 1, missed: 2, pending: 0, rate: { num: 7, den: 9 } };
    expect(await figures(ms('2026-04-01T00:00:01'))).toEqual(expected);
    expect(await figures(ms('2026-04-03T00:00:00'))).toEqual(expected);
    const shown = (await agency.get(`/inspection-rates?contract=${parties.contractId}&period=2026-Q1`)).json();
    expect(shown).toMatchObject({
      total: { in_time: 6, later: 1, missed: 2, rate: { num: 7, den: 9 }, percent: '77.77' },
      counties: [{ county: { id: parties.ours.countyId }, figures: { percent: '77.77' } }],
      plans: [{ figures: { rate: { num: 7, den: 9 } } }],
    });
  });

  it('loses a visit that both sides took off, and none that one side wants off', async () => {
    const march = await quarter();
    const { id } = march[2];
    const asked = await engineer.post(`/inspections/${id}/cancellation`, { reason: '台风，道路中断' });
    expect(asked.statusCode, asked.body).toBe(200);
    expect((await figures(api.clock.now)).rate).toEqual({ num: 7, den: 9 });
    const own = await manager.post(`/inspections/${id}/cancellation/decide`, { decision: 'approved' });
    expect(outcome(own)).toEqual([403, 'inspection_own_side']);
    const other = await agency.post(`/inspections/${id}/cancellation/decide`, { decision: 'approved', note: '属实' });
    expect(other.json()).toMatchObject({ status: 'cancelled', cancellation: { decision: 'approved', note: '属实' } });
    expect((await figures(api.clock.now)).rate).toEqual({ num: 7, den: 8 });
    expect(outcome(await finished(id, '2026-04-02T10:00:00'))).toEqual([409, 'inspection_cancelled']);
    const calendar = (await agency.get('/inspections/calendar?month=2026-03')).json();
    expect(calendar.days.find((day: { day: string }) => day.day === '2026-03-31')).toEqual({
      day: '2026-03-31',
      due: 2,
      done: 2,
      missed: 0,
      visits: 1,
    });
  });
});
