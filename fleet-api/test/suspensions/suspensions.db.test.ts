import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { type TestDatabase, testDatabase } from '../../../test/support/database.ts';
import {
  at,
  closePeriod,
  type Hand,
  handOf,
  NOW_MS,
  outcome,
  type Parties,
  testParties,
} from '../exclusions/support.ts';
import { type TestApi, testApi, testOrg } from '../support/api.ts';

let database: TestDatabase;
let api: TestApi;
let parties: Parties;
let agency: Hand;
let path: string;

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
  path = `/stations/${parties.ours.stations[0]}/suspensions`;
  await database.pool.query('truncate evidence_mark');
});

const suspend = (from: number, to: number | null, by: Hand = agency) =>
  by.post(path, { from: at(from), to: to === null ? null : at(to), reason: '村卫生室装修' });
const february = 31 * 24;

describe('a suspension', () => {
  it('is stored, written down, and leaves a mark for the figures', async () => {
    const response = await suspend(100, null);
    expect(response.statusCode, response.body).toBe(201);
    const suspension = response.json();
    expect(suspension).toMatchObject({
      station: { code: 'S-AA-1' },
      from: at(100),
      to: null,
      reason: '村卫生室装修',
      created_by: { id: agency.person.userId },
    });
    expect((await agency.get(path)).json()).toEqual({ items: [suspension], next_cursor: null });
    const audit = await database.pool.query(`select action, subject, detail from audit_log`);
    expect(audit.rows).toMatchObject([
      {
        action: 'station.suspended',
        subject: 'station:S-AA-1',
        detail: { id: suspension.id, from: at(100), to: null },
      },
    ]);
    const marks = await database.pool.query('select station_id from evidence_mark');
    expect(marks.rows).toEqual([{ station_id: parties.ours.stations[0] }]);
  });

  it('is ended, changed and taken back', async () => {
    const { id } = (await suspend(100, null)).json();
    expect((await agency.patch(`/suspensions/${id}`, { to: at(200) })).json()).toMatchObject({ to: at(200) });
    expect((await agency.patch(`/suspensions/${id}`, { reason: '搬迁' })).json()).toMatchObject({
      from: at(100),
      to: at(200),
      reason: '搬迁',
    });
    expect((await agency.patch(`/suspensions/${id}`, { to: null })).json()).toMatchObject({ to: null });
    expect(outcome(await agency.patch(`/suspensions/${id}`, { to: at(100) }))).toEqual([400, 'invalid_request']);
    expect((await agency.delete(`/suspensions/${id}`)).statusCode).toBe(204);
    expect((await agency.get(path)).json().items).toEqual([]);
    expect((await agency.delete(`/suspensions/${id}`)).statusCode).toBe(404);
    const { rows } = await database.pool.query('select action from audit_log order by id');
    expect(rows.map((row) => row.action)).toEqual([
      'station.suspended',
      ...Array(3).fill('station.suspension_changed'),
      'station.suspension_deleted',
    ]);
  });

  it('never overlaps another one of its station, also not when two come at once', async () => {
    const first = (await suspend(100, 200)).json();
    expect((await suspend(200, 300)).statusCode).toBe(201);
    for (const [from, to] of [
      [199, 201],
      [50, null],
      [150, 160],
      [299, null],
    ] as const) {
      expect(outcome(await suspend(from, to))).toEqual([409, 'suspension_overlap']);
    }
    expect(outcome(await agency.patch(`/suspensions/${first.id}`, { to: at(201) }))).toEqual([
      409,
      'suspension_overlap',
    ]);
    expect((await agency.patch(`/suspensions/${first.id}`, { from: at(90) })).statusCode).toBe(200);
    const answers = await Promise.all([suspend(400, 500), suspend(450, null), suspend(440, 460)]);
    expect(answers.map((a) => a.statusCode).sort()).toEqual([201, 409, 409]);
  });

  it('changes nothing in a closed period of any contract of the station', async () => {
    const { id } = (await suspend(100, null)).json();
    await closePeriod(database.pool, parties.contractId, '2026-01-01', '2026-02-01');
    expect(outcome(await agency.delete(`/suspensions/${id}`))).toEqual([409, 'period_closed']);
    const patch = (body: object) => agency.patch(`/suspensions/${id}`, body);
    expect(outcome(await patch({ from: at(101) }))).toEqual([409, 'period_closed']);
    expect(outcome(await patch({ from: at(99) }))).toEqual([409, 'period_closed']);
    expect(outcome(await patch({ to: at(february - 1) }))).toEqual([409, 'period_closed']);
    expect((await patch({ to: at(february) })).statusCode).toBe(200);
    expect(outcome(await suspend(10, 20))).toEqual([409, 'period_closed']);
    await closePeriod(database.pool, parties.baselineId, '2026-02-01', '2026-03-01');
    expect(outcome(await suspend(february, february + 1))).toEqual([409, 'period_closed']);
    const elsewhere = await agency.post(`/stations/${parties.theirs.stations[0]}/suspensions`, {
      from: at(10),
      to: at(20),
      reason: 'x',
    });
    expect(elsewhere.statusCode).toBe(201);
  });

  it('is entered by the agency or the platform, never by the contractor', async () => {
    const contractor = await handOf(api, parties.contractor, 'manager');
    expect(outcome(await suspend(100, 200, contractor))).toEqual([403, 'suspension_by_agency']);
    const engineer = await handOf(api, parties.agency, 'engineer');
    expect(outcome(await suspend(100, 200, engineer))).toEqual([403, 'forbidden']);
    const admin = await handOf(api, await testOrg(database.pool), 'admin');
    const { id } = (await suspend(100, 200, admin)).json();
    for (const answer of [
      await contractor.patch(`/suspensions/${id}`, { to: at(300) }),
      await contractor.delete(`/suspensions/${id}`),
    ]) {
      expect(outcome(answer)).toEqual([403, 'suspension_by_agency']);
    }
    expect((await contractor.get(path)).json().items).toHaveLength(1);
  });

  it('is out of sight beyond the own regions', async () => {
    const { id } = (await suspend(100, 200)).json();
    const elsewhere = await handOf(api, parties.agency, 'auditor', [parties.theirs.countyId]);
    expect((await elsewhere.get(path)).statusCode).toBe(404);
    expect((await suspend(300, 400, elsewhere)).statusCode).toBe(404);
    expect((await elsewhere.patch(`/suspensions/${id}`, { to: null })).statusCode).toBe(404);
    expect((await elsewhere.delete(`/suspensions/${id}`)).statusCode).toBe(404);
  });
});
