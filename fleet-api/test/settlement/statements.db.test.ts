import pino from 'pino';
import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { type TestDatabase, testDatabase } from '../../../test/support/database.ts';
import { RestatementWatch } from '../../src/settlement/index.ts';
import { DAY_MS, type Fleet, type Hand, handOf, NOW_MS, testFleet } from '../availability/support.ts';
import { type TestApi, testApi } from '../support/api.ts';
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

const OCTOBER = { instalment: 'final', from_day: '2026-10-01', to_day: '2026-11-01' };

async function closedOctober() {
  await agree(fleet, contractor, agency, monthly());
  await putOctober(database.pool, fleet);
  const draft = await contractor.send('POST', `/contracts/${fleet.contractId}/statements`, OCTOBER);
  expect(draft.statusCode, draft.body).toBe(201);
  const { id } = draft.json<{ id: number }>();
  const closed = await contractor.send('POST', `/statements/${id}/close`, {});
  expect(closed.statusCode, closed.body).toBe(200);
  return closed.json();
}
const step = async (hand: Hand, id: number, name: string, body: object = {}) => {
  const response = await hand.send('POST', `/statements/${id}/${name}`, body);
  return { status: response.statusCode, ...response.json() };
};

describe('a statement', () => {
  it('goes from draft to archive by two organisations, and nobody agrees to his own claim', async () => {
    const closed = await closedOctober();
    const { id } = closed;
    expect(closed).toMatchObject({ state: 'closed', total_fen: 60_000_000, is_complete: true, side: 'contractor' });
    expect(closed.statement).toMatchObject({ total_fen: 60_000_000, total_words: '人民币陆拾万元整' });
    expect(closed.freeze.closings).toHaveLength(1);
    expect(closed.metrics).toMatchObject([{ source: 'figures' }, { source: 'figures' }]);
    const { sha256 } = closed.freeze;
    expect(await step(agency, id, 'submit', { sha256 })).toMatchObject({ status: 403, code: 'settlement_own_side' });
    const submitted = await step(contractor, id, 'submit', { sha256 });
    expect(submitted).toMatchObject({ state: 'submitted', actions: ['reopen'] });
    expect((await agency.get(`/statements/${id}`)).actions).toEqual(['agree', 'dispute']);
    const wish = { clause: 'final_payment', reason: '算错了' };
    expect(await step(contractor, id, 'disputes', wish)).toMatchObject({ code: 'settlement_own_side' });
    expect(await step(contractor, id, 'agree', { sha256 })).toMatchObject({ status: 403, code: 'settlement_own_side' });
    expect(await step(agency, id, 'agree', { sha256: '0'.repeat(64) })).toMatchObject({ code: 'statement_changed' });
    expect(await step(agency, id, 'agree', { sha256 })).toMatchObject({ state: 'agreed' });
    const signing = { sha256, name: '张三', post: '项目经理' };
    expect(await step(contractor, id, 'sign', signing)).toMatchObject({ state: 'agreed' });
    expect(await step(contractor, id, 'sign', signing)).toMatchObject({ code: 'settlement_state' });
    expect(await step(agency, id, 'sign', { ...signing, name: '李四', post: '处长' })).toMatchObject({
      state: 'signed',
    });
    const archived = await step(agency, id, 'archive');
    expect(archived).toMatchObject({ state: 'archived', archive: { seq: 1, previous_sha256: null }, actions: [] });
    expect(archived.signatures).toMatchObject([
      { side: 'contractor', name: '张三' },
      { side: 'agency', name: '李四' },
    ]);
    const verify = `/contracts/${fleet.contractId}/archive/verify`;
    expect(await agency.get(verify)).toEqual({ intact: true, entries: 1, broken: [] });
    await database.pool.query(`update statement_freeze set content = replace(content, '60000000', '60000001')`);
    expect(await agency.get(verify)).toMatchObject({ intact: false, broken: [{ seq: 1 }] });
  });

  it('is disputed line by line, and opened again once the other side grants it', async () => {
    const { id, freeze } = await closedOctober();
    await step(contractor, id, 'submit', { sha256: freeze.sha256 });
    const wish = { clause: 'final_payment', reason: '停电时段未排除' };
    const disputed = await step(agency, id, 'disputes', wish);
    expect(disputed).toMatchObject({ state: 'disputed', open_disputes: 1 });
    const path = `disputes/${disputed.disputes[0].id}`;
    expect(await step(agency, id, 'agree', { sha256: freeze.sha256 })).toMatchObject({ code: 'settlement_state' });
    await step(contractor, id, `${path}/comments`, { body: '请见附件' });
    expect(await step(agency, id, `${path}/uphold`)).toMatchObject({ code: 'settlement_own_side' });
    expect(await step(contractor, id, 'reopen')).toMatchObject({ code: 'settlement_state' });
    const upheld = await step(contractor, id, `${path}/uphold`, { note: '同意' });
    expect(upheld).toMatchObject({
      state: 'submitted',
      disputes: [{ state: 'upheld', comments: [{ body: '请见附件' }] }],
    });
    expect(await step(agency, id, 'agree', { sha256: freeze.sha256 })).toMatchObject({ code: 'settlement_state' });
    expect(await step(contractor, id, 'reopen')).toMatchObject({ state: 'draft', freeze: null });
    expect(await step(contractor, id, 'close')).toMatchObject({ state: 'closed', freeze: { revision: 2 } });
  });

  it('stays as it was closed when a backlog arrives later; a restatement tells the ms and the fen', async () => {
    await agree(fleet, contractor, agency, monthly());
    const down = 5_000_000; // of each day: 94.21 %, the second tier
    await putOctober(database.pool, fleet, down);
    const { id } = (await contractor.send('POST', `/contracts/${fleet.contractId}/statements`, OCTOBER)).json();
    const closed = await step(contractor, id, 'close');
    expect(closed).toMatchObject({ state: 'closed', total_fen: 50_000_000 });

    const watch = new RestatementWatch({
      pool: database.pool,
      clock: () => api.clock.now,
      log: pino({ level: 'silent' }),
    });
    api.clock.now += 3_600_000;
    expect(await watch.check()).toBe(0);
    await database.pool.query('update accrual set net_up_ms = $1, net_down_ms = 0, eq_up_ms = $1, eq_down_ms = 0', [
      DAY_MS,
    ]);
    api.clock.now += 3_600_000;
    expect(await watch.check()).toBe(1);
    api.clock.now += 3_600_000;
    expect(await watch.check()).toBe(0);

    const after = await agency.get(`/statements/${id}`);
    expect(after).toMatchObject({
      total_fen: 50_000_000,
      restated_fen: 10_000_000,
      freeze: { sha256: closed.freeze.sha256 },
    });
    expect(after.statement).toEqual(closed.statement);
    const [found] = after.restatements;
    const gained = 31 * 4 * down;
    expect(found).toMatchObject({
      difference_fen: 10_000_000,
      stations_changed: 4,
      content: { ms: { network: { up: gained, down: -gained }, equipment: { up: gained, down: -gained } } },
    });
    expect(found.content.difference.lines).toEqual([
      { clause: 'final_payment', before_fen: 50_000_000, after_fen: 60_000_000, difference_fen: 10_000_000 },
    ]);
    expect(await step(agency, id, `restatements/${found.id}/seen`)).toMatchObject({ status: 200 });
  });

  it('is closed only when late evidence has had its time, and once for a period', async () => {
    await agree(fleet, contractor, agency, monthly());
    await putOctober(database.pool, fleet);
    const path = `/contracts/${fleet.contractId}/statements`;
    const draft = (await contractor.send('POST', path, OCTOBER)).json();
    expect(draft).toMatchObject({ is_complete: true, statement: { is_complete: true } });
    const { id } = draft;
    await database.pool.query(`delete from accrual where day = '2026-10-31'`);
    const lacking = await agency.get(`/statements/${id}`);
    expect(lacking).toMatchObject({ is_complete: false, statement: { is_complete: true } });
    expect((await agency.send('POST', path, OCTOBER)).json().code).toBe('already_exists');
    api.clock.now = Date.parse('2026-11-03T12:00:00+08:00');
    expect(await step(contractor, id, 'close')).toMatchObject({ code: 'period_not_over' });
    const { items } = await agency.get(`/contracts/${fleet.contractId}/statement-periods`);
    expect(items).toHaveLength(13);
    expect(items[1]).toMatchObject({ instalment: 'final', state: 'past', statement_id: id });
    expect((await agency.get('/statements?state=draft')).items).toMatchObject([{ id, total_fen: null }]);
  });

  it('is nothing for others', async () => {
    const { id } = await closedOctober();
    const stranger = await handOf(api, { role: 'manager', orgId: fleet.contractor, regionIds: [fleet.countyA] });
    expect(await step(stranger, id, 'reopen')).toMatchObject({ code: 'out_of_scope' });
    const admin = await handOf(api, { role: 'admin' });
    expect((await admin.send('POST', `/statements/${id}/reopen`, {})).json().code).toBe('forbidden');
  });
});
