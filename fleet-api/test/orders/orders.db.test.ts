import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { type TestDatabase, testDatabase } from '../../../test/support/database.ts';
import { inTransaction } from '../../src/db/index.ts';
import { openFaults } from '../../src/faults/open.ts';
import { openOrder } from '../../src/orders/open.ts';
import { readLogs } from '../../src/repair/cases.ts';
import { repairTimeliness } from '../../src/repair/figures.ts';
import { appendEvents } from '../../src/repair/log.ts';
import { markDue } from '../../src/repair/marker.ts';
import { columnsOf } from '../../src/repair/refresh.ts';
import { type Hand, NOW_MS, outcome } from '../exclusions/support.ts';
import { flood, MB } from '../files/flood.ts';
import type { TestApi } from '../support/api.ts';
import { type Crew, faultOf, HOUR_MS, png, testApi, testCrew } from './support.ts';

let database: TestDatabase;
let api: TestApi;
let crew: Crew;

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
  crew = await testCrew(api, database.pool);
});
/** What is kept beside a case is what its log says. */
const expectKept = async () => {
  const { rows } = await database.pool.query(
    `select id, status, verdict, severity, ended_at, next_stage, next_due_at, is_late, paused from fault order by id`,
  );
  const cases = await readLogs(
    database.pool,
    rows.map((row) => row.id),
    api.clock.now,
  );
  for (const row of rows) {
    const read = cases.get(row.id);
    if (read === undefined) throw new Error(`fault ${row.id} has no log`);
    const kept = columnsOf(read, api.clock.now);
    const instant = (ms: number | null) => (ms === null ? null : new Date(ms));
    expect(row).toEqual({
      id: row.id,
      status: kept.status,
      verdict: kept.verdict,
      severity: kept.severity,
      ended_at: instant(kept.endedAt),
      next_stage: kept.nextStage,
      next_due_at: instant(kept.nextDueAt),
      is_late: kept.isLate,
      paused: kept.paused,
    });
  }
};
const get = async (id: number, by: Hand = crew.manager) => (await by.get(`/orders/${id}`)).json();
const step = (id: number, name: string, extra: object = {}, by: Hand = crew.engineer, headers = {}) =>
  by.post(`/orders/${id}/steps`, { step: name, ...extra }, headers);
const done = async (response: Promise<{ statusCode: number; body: string; json(): { state: string } }>) => {
  const answer = await response;
  expect(answer.statusCode, answer.body).toBe(200);
  return answer.json();
};
const before = (hours: number) => new Date(NOW_MS - hours * HOUR_MS).toISOString();
const signature = png().toString('base64');
const closing = { cause_kind: 'consumables', cause_analysis: '缺纸', advice: '每周检查' };
const opened = async (hours = 1) => (await faultOf(database.pool, crew, { hours })).orderId as number;

describe('an order', () => {
  it('goes from acknowledgement to closing with true times, each told once', async () => {
    const id = await opened(6);
    expect(await get(id)).toMatchObject({
      number: expect.stringMatching(/^W-\d{6}$/),
      state: 'new',
      kind: 'station',
      severity: 'ordinary',
      next_stage: 'respond',
      is_late: true,
      faults: [
        { cause: 'printer', reason: 'paper_out', clocks: [{ stage: 'respond', state: 'breached' }, {}, {}, {}] },
      ],
    });
    await done(step(id, 'acknowledge', { at: before(5.5) }));
    const assigned = await crew.manager.post(`/orders/${id}/assign`, { user_id: crew.engineer.person.userId });
    expect(assigned.json()).toMatchObject({ state: 'assigned', assignee: { id: crew.engineer.person.userId } });
    expect(outcome(await step(id, 'arrive', { at: before(3) }))).toEqual([422, 'step_time']);
    await done(step(id, 'arrive'));
    await done(step(id, 'repair', { note: '换纸' }));
    expect(outcome(await step(id, 'repair'))).toEqual([409, 'order_state']);
    const confirmed = await crew.engineer.post(`/orders/${id}/confirm`, { name: '王医生', signature });
    expect(confirmed.json(), confirmed.body).toMatchObject({
      state: 'confirmed',
      confirmation: { via: 'phone', name: '王医生', signature_id: expect.any(Number) },
    });
    expect(outcome(await crew.engineer.post(`/orders/${id}/confirm`, { name: '王医生', signature }))).toEqual([
      409,
      'already_confirmed',
    ]);
    expect(outcome(await crew.engineer.post(`/orders/${id}/close`, { ...closing, advice: ' ' }))).toEqual([
      422,
      'order_incomplete',
    ]);
    const closed = await crew.engineer.post(`/orders/${id}/close`, closing);
    expect(closed.json()).toMatchObject({ state: 'closed', cause_analysis: '缺纸' });
    expect(closed.json().story.map((entry: { kind: string }) => entry.kind)).toEqual([
      'opened', 'acknowledged', 'assigned', 'on_site', 'repaired', 'confirmed', 'closed',
    ]); // biome-ignore format: one list
    const sheet = await crew.engineer.get(`/orders/${id}/sheet.pdf`);
    expect(sheet.rawPayload.subarray(0, 5).toString()).toBe('%PDF-');
    await expectKept();
  });

  it('tells the second of two editors, and changes nothing for him', async () => {
    const id = await opened();
    const seen = { 'if-match': (await crew.manager.get(`/orders/${id}`)).headers.etag as string };
    const both = await Promise.all([
      step(id, 'acknowledge', {}, crew.engineer, seen),
      crew.manager.post(`/orders/${id}/assign`, { user_id: crew.engineer.person.userId }, seen),
    ]);
    expect(both.map((answer) => answer.statusCode).sort()).toEqual([200, 412]);
    expect((await get(id)).story).toHaveLength(2);
  });

  it('is told once for one Idempotency-Key', async () => {
    const id = await opened();
    const key = { 'idempotency-key': 'k' };
    const [a, b] = [
      await step(id, 'acknowledge', {}, crew.engineer, key),
      await step(id, 'acknowledge', {}, crew.engineer, key),
    ];
    expect([a.statusCode, b.statusCode, b.json().version]).toEqual([200, 200, a.json().version]);
  });

  it('belongs to its contractor, and only the agency takes faults out of the figures', async () => {
    const id = await opened();
    expect(outcome(await step(id, 'acknowledge', {}, crew.stranger))).toEqual([403, 'order_not_yours']);
    expect(outcome(await step(id, 'acknowledge', {}, crew.agency))).toEqual([403, 'forbidden']);
    expect(outcome(await crew.manager.post(`/orders/${id}/cancel`, { note: '误报' }))).toEqual([
      403,
      'order_by_agency',
    ]);
    expect(outcome(await step(id, 'close', {}))).toEqual([400, 'invalid_request']);
    expect(outcome(await crew.engineer.post(`/orders/${id}/close`, closing))).toEqual([409, 'order_not_repaired']);
    expect(outcome(await crew.engineer.post(`/orders/${id}/confirm`, { name: 'x', signature }))).toEqual([
      409,
      'order_not_repaired',
    ]);
    expect((await get(id)).story).toHaveLength(1);
    expect((await crew.agency.post(`/orders/${id}/cancel`, { note: '误报' })).json()).toMatchObject({
      state: 'cancelled',
      faults: [{ status: 'cancelled', verdict: 'cancelled' }],
    });
    await expectKept();
  });

  it('ends when telemetry saw the fault go, whatever is clicked later, and comes back with it', async () => {
    const { faultId, orderId } = await faultOf(database.pool, crew, { hours: 6 });
    const id = orderId as number;
    const tell = (kind: 'recovered' | 'reopened', at: number) =>
      inTransaction(database.pool, (client) =>
        appendEvents(client, [faultId], { at, kind }, { userId: null, nowMs: api.clock.now }),
      );
    await tell('recovered', NOW_MS - 2 * HOUR_MS);
    expect(await get(id)).toMatchObject({
      state: 'repaired',
      ended_at: before(2),
      actions: expect.arrayContaining(['arrive', 'confirm']),
    });
    expect(await done(step(id, 'repair'))).toMatchObject({ state: 'repaired', ended_at: before(2) });
    await done(crew.engineer.post(`/orders/${id}/confirm`, { name: '王', signature }));
    await tell('reopened', NOW_MS);
    expect(await get(id)).toMatchObject({ state: 'acknowledged', confirmation: null, ended_at: null });
    await expectKept();
  });
});

describe('a link for the site', () => {
  it('confirms once, without signing in', async () => {
    const id = await opened(2);
    await done(step(id, 'repair'));
    const link = (await crew.engineer.post(`/orders/${id}/links`, {})).json();
    const url = link.path.replace('/c/', '/api/v1/site-confirmations/');
    const shown = await api.app.inject({ url });
    expect(shown.json()).toMatchObject({ site: 'AA卫生室', cause: 'printer', state: 'open' });
    const send = (payload: object) => api.app.inject({ method: 'POST', url, payload });
    expect(outcome(await send({ name: '李', signature: Buffer.from('<html>').toString('base64') }))).toEqual([
      415,
      'file_type',
    ]);
    expect((await get(id)).confirmation).toBeNull();
    expect((await send({ name: '李', signature })).statusCode).toBe(204);
    expect(outcome(await send({ name: '李', signature }))).toEqual([409, 'already_confirmed']);
    expect(await get(id)).toMatchObject({ state: 'confirmed', confirmation: { via: 'link', name: '李', user: null } });
    api.clock.now = NOW_MS + 25 * HOUR_MS;
    expect(outcome(await send({ name: '李', signature }))).toEqual([404, 'confirmation_link']);
  });
});

describe('photos', () => {
  const BOUNDARY = 'xx';
  const photo = (name: string, content: Buffer) =>
    Buffer.concat([
      Buffer.from(`--${BOUNDARY}\r\nContent-Disposition: form-data; name="file"; filename="${name}"\r\n\r\n`),
      content,
      Buffer.from(`\r\n--${BOUNDARY}--\r\n`),
    ]);
  const send = (id: number, name: string, content: Buffer) =>
    crew.engineer.post(`/orders/${id}/photos`, photo(name, content), {
      'content-type': `multipart/form-data; boundary=${BOUNDARY}`,
    });

  it('are images by their content; anything else leaves nothing behind', async () => {
    const id = await opened();
    expect((await send(id, '现场.png', png())).json()).toMatchObject({
      files: [{ name: '现场.png', purpose: 'photo' }],
    });
    expect(outcome(await send(id, 'a.jpg', Buffer.from('<html><script>')))).toEqual([415, 'file_type']);
    expect(outcome(await send(id, 'a.pdf', Buffer.from('%PDF-1.7\n')))).toEqual([415, 'file_type']);
    expect(outcome(await send(id, 'big.png', Buffer.concat([png(), Buffer.alloc(10 * 1024 * 1024)])))).toEqual([
      413,
      'file_too_large',
    ]);
    expect((await get(id)).files).toHaveLength(1);
  });

  it('of 200 MB are refused while they arrive, with a code, and the connection is closed', async () => {
    const path = `/orders/${await opened()}/photos`;
    await api.app.listen({ host: '127.0.0.1', port: 0 });
    for (const says of [true, false]) {
      const { sent, answer } = await flood(api, { path, cookie: crew.engineer.person.cookie, begins: png(), says });
      expect(sent).toBeLessThan(60 * MB);
      expect(answer).toMatch(/^HTTP\/1.1 413 [\s\S]*"code":"file_too_large"/);
    }
    const { rows } = await database.pool.query('select count(*)::int as n from attached_file');
    expect(rows).toEqual([{ n: 0 }]);
  });
});

describe('a pause', () => {
  const wish = (changes: object = {}) => ({ from: before(4), to: before(2), reason: '机构停业', ...changes });
  it('counts once the other side approved it, then for all of its span', async () => {
    const id = await opened(30);
    const due = (order: { faults: { clocks: { due_at: string }[] }[] }) =>
      Date.parse(order.faults[0]?.clocks[3]?.due_at ?? '');
    const first = due(await get(id));
    const proposed = await crew.manager.post(`/orders/${id}/pauses`, wish());
    expect(proposed.json(), proposed.body).toMatchObject({
      pauses: [{ state: 'proposed', reason: '机构停业', actions: ['end'] }],
    });
    expect(due(proposed.json())).toBe(first);
    const [{ pause }] = proposed.json().pauses;
    const waiting = async (by: Hand) => (await by.get('/orders/decisions')).json();
    const waits = {
      kind: 'pause',
      order: { id },
      from_at: before(4),
      to_at: before(2),
      reason: '机构停业',
      wanted: null,
    };
    expect(await waiting(crew.agency)).toMatchObject({ items: [{ ...waits, yours: true }], yours: 1 });
    expect(await waiting(crew.manager)).toMatchObject({ items: [{ ...waits, yours: false }], yours: 0 });
    expect(await waiting(crew.engineer)).toMatchObject({ yours: 0 });
    expect(outcome(await crew.manager.post(`/orders/${id}/pauses/${pause}/approve`, {}))).toEqual([
      403,
      'pause_own_side',
    ]);
    const approved = await crew.agency.post(`/orders/${id}/pauses/${pause}/approve`, { note: '属实' });
    expect(approved.json()).toMatchObject({ pauses: [{ state: 'approved', decided: { note: '属实' } }] });
    expect(due(approved.json())).toBe(first + 2 * HOUR_MS);
    expect(await waiting(crew.agency)).toEqual({ items: [], yours: 0 });
    expect(outcome(await crew.agency.post(`/orders/${id}/pauses/${pause}/reject`, {}))).toEqual([409, 'pause_decided']);
    await expectKept();
  });

  it('is refused where it does not fit the fault', async () => {
    const id = await opened(30);
    const refused: readonly (readonly [object, string])[] = [
      [{ from: before(31) }, 'pause_span'],
      [{ to: before(5) }, 'pause_span'],
      [{ from: new Date(NOW_MS + 19 * HOUR_MS).toISOString(), to: undefined }, 'pause_after_due'],
      [{ reason: '  ' }, 'pause_span'],
    ];
    for (const [changes, expected] of refused) {
      expect(outcome(await crew.manager.post(`/orders/${id}/pauses`, wish(changes)))).toEqual([422, expected]);
    }
    expect((await get(id)).pauses).toEqual([]);
  });

  it('can not be proposed for a fault that is over', async () => {
    const id = await opened(6);
    await done(step(id, 'repair'));
    expect(outcome(await crew.manager.post(`/orders/${id}/pauses`, wish()))).toEqual([409, 'order_state']);
  });
});

describe('many faults', () => {
  it('are one incident, and one act tells the clocks of all', async () => {
    const { stations } = await manyStations(500);
    const orderId = await inTransaction(database.pool, async (client) => {
      const faults = await openFaults(
        client,
        stations.map((stationId) => ({
          stationId,
          source: 'telemetry',
          cause: 'offline',
          openedAtMs: NOW_MS - HOUR_MS / 2,
          nowMs: NOW_MS,
          order: 'none' as const,
        })),
      );
      return openOrder(client, {
        kind: 'incident',
        faultIds: faults.map(({ faultId }) => faultId),
        nowMs: NOW_MS,
        userId: null,
      });
    });
    expect(await get(orderId)).toMatchObject({ kind: 'incident', faults_total: 500, faults_open: 500, station: null });
    const answer = await step(orderId, 'repair');
    expect(answer.json()).toMatchObject({ state: 'repaired', faults_open: 0 });
    const period = { from: NOW_MS - 24 * HOUR_MS, to: NOW_MS };
    const query = { contractId: crew.parties.contractId, period, nowMs: NOW_MS };
    expect(await repairTimeliness(database.pool, query)).toMatchObject({
      onTime: 500,
      late: 0,
      rate: { num: 500, den: 500 },
    });
  });

  const manyStations = async (n: number) => {
    const { rows } = await database.pool.query<{ id: number }>(
      `insert into station (site_id, code, name) select $1, 'M-' || i, 'M' || i from generate_series(1, $2) i returning id`,
      [crew.parties.ours.siteId, n],
    );
    return { stations: rows.map(({ id }) => id) };
  };
});

describe('marks', () => {
  it('are told once each, the latest of those that came at once, and make late what is late', async () => {
    const id = await opened(0);
    const look = (hours: number) => {
      api.clock.now = NOW_MS + hours * HOUR_MS;
      return inTransaction(database.pool, (client) => markDue(client, api.clock.now));
    };
    const told = async () => {
      const { rows } = await database.pool.query(`select payload from outbox where kind = 'repair.mark' order by id`);
      return rows.map(({ payload }) => `${payload.stage} ${payload.percent}`);
    };
    expect(await look(0.7)).toBe(0);
    await look(0.8);
    await look(0.8);
    expect(await told()).toEqual(['respond 80']);
    await look(1.1);
    expect(await told()).toEqual(['respond 80', 'respond 100']);
    expect(await get(id)).toMatchObject({ is_late: true });
    await expectKept();
    await look(100);
    await look(101);
    expect((await told()).sort()).toEqual([
      'on_site 100',
      'repair 100',
      'respond 100',
      'respond 80',
      'temporary_restoration 100',
    ]);
    await expectKept();
  });
});

describe('terms of a contract', () => {
  const always = (hours: number) => ({ calendar: 'always', limitMs: hours * HOUR_MS });
  const targets = (severities: object) => ({ calendars: { always: { kind: 'always' } }, severities });
  it('judge open faults anew, name what is wrong, and keep severities in use', async () => {
    const admin = await adminHand();
    const id = await opened(6);
    const path = `/contracts/${crew.parties.contractId}/repair-terms`;
    expect((await crew.manager.get(path)).json()).toMatchObject({
      source: 'default',
      open_faults: [{ severity: 'ordinary', count: 1 }],
    });
    expect(outcome(await crew.manager.put(path, { targets: {} }))).toEqual([403, 'forbidden']);
    const wrong = await admin.put(path, {
      targets: targets({ ordinary: { repair: { calendar: 'office', limitMs: 1 } } }),
    });
    expect([wrong.statusCode, wrong.json().errors[0].path]).toEqual([
      422,
      '/body/targets/severities/ordinary/repair/calendar',
    ]);
    expect(outcome(await admin.put(path, { targets: targets({ major: { repair: always(1) } }) }))).toEqual([
      409,
      'severity_in_use',
    ]);
    const put = await admin.put(path, {
      targets: targets({ ordinary: { repair: always(5) }, grave: { repair: always(1) } }),
    });
    expect(put.json(), put.body).toMatchObject({ source: 'manual' });
    expect(await get(id)).toMatchObject({
      next_stage: 'repair',
      next_due_at: before(1),
      severities: ['ordinary', 'grave'],
    });
    await expectKept();
  });
  const adminHand = async () => {
    const { handOf } = await import('../exclusions/support.ts');
    return handOf(api, crew.parties.agency, 'admin');
  };
});

describe('lists', () => {
  it('page, count, filter and lay out a board', async () => {
    const first = await opened(3);
    const { orderId: second } = await faultOf(database.pool, crew, { hours: 2, cause: 'scanner' });
    await done(step(first, 'acknowledge'));
    const ids = async (query: string, by: Hand = crew.manager) =>
      (await by.get(`/orders?${query}`)).json().items.map((item: { id: number }) => item.id);
    expect(await ids('')).toEqual(second === first ? [first] : [second, first]);
    const page = (await crew.manager.get('/orders?limit=1')).json();
    if (page.next_cursor !== null) expect(await ids(`limit=1&cursor=${page.next_cursor}`)).toEqual([first]);
    expect(await ids('sort=next_due_at&state=open')).toContain(first);
    expect(await ids('state=closed')).toEqual([]);
    expect(await ids(`q=W-${first}`)).toContain(first);
    expect(await ids(`station=${crew.parties.theirs.stations[0]}`)).toEqual([]);
    expect((await crew.manager.get('/orders/count?late=true')).json()).toMatchObject({ open: expect.any(Number) });
    const board = (await crew.manager.get('/orders/board')).json();
    expect(board.columns.map((column: { state: string }) => column.state)).toHaveLength(8);
    const csv = await crew.manager.get('/orders.csv');
    expect(csv.body).toContain('打印机缺纸');
  });
});
