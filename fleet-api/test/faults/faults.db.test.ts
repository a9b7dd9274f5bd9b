import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { type TestDatabase, testDatabase } from '../../../test/support/database.ts';
import { type Hand, handOf, NOW_MS, type Parties, testParties } from '../exclusions/support.ts';
import { Quarter } from '../repair/quarter.ts';
import { type TestApi, testApi } from '../support/api.ts';

let database: TestDatabase;
let api: TestApi;
let parties: Parties;
let manager: Hand;
let auditor: Hand;

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
  manager = await handOf(api, parties.contractor, 'manager');
  auditor = await handOf(api, parties.agency, 'auditor');
});

const report = async (changes: object = {}, by: Hand = manager) => {
  const response = await by.post('/faults', {
    station_id: parties.ours.stations[0],
    cause: 'printer',
    words: '不出纸',
    ...changes,
  });
  expect(response.statusCode, response.body).toBe(201);
  return response.json();
};
const get = async (path: string, by: Hand = manager) => {
  const response = await by.get(path);
  expect(response.statusCode, response.body).toBe(200);
  return response.json();
};

describe('a report by phone', () => {
  it('opens a fault with an order, under the contract of the place; a second one is a further voice', async () => {
    const first = await report({ reporter_name: '王医生', reporter_phone: '0898-1' });
    expect(first).toMatchObject({
      created: true,
      fault: {
        number: 'F-000001',
        state: 'open',
        source: 'person',
        severity: 'ordinary',
        contract: { code: 'C-1' },
        order: { number: 'W-000001', state: 'new' },
      },
    });
    api.clock.now += 60_000;
    const second = await report({ words: '还是不行' }, auditor);
    expect(second).toMatchObject({ created: false, fault: { id: first.fault.id } });
    const fault = await get(`/faults/${first.fault.id}`);
    expect(fault.reports.map(({ words }: { words: string }) => words)).toEqual(['不出纸', '还是不行']);
    expect(fault.clocks.map(({ stage, state }: { stage: string; state: string }) => [stage, state])).toEqual([
      ['respond', 'running'],
      ['on_site', 'running'],
      ['temporary_restoration', 'running'],
      ['repair', 'running'],
    ]);
    expect(await get('/faults/count')).toEqual({ total: 1, open: 1, late: 0 });
  });

  it('is refused when it is wrong, and not seen from elsewhere', async () => {
    const bad = async (changes: object) =>
      (await manager.post('/faults', { station_id: parties.ours.stations[0], cause: 'printer', ...changes })).json()
        .code;
    expect(await bad({ cause: 'ghosts' })).toBe('invalid_request');
    expect(await bad({ severity: 'grave' })).toBe('unknown_severity');
    expect(await bad({ station_id: 999 })).toBe('unknown_reference');
    expect(await bad({ site_id: parties.ours.siteId })).toBe('invalid_request');
    expect(await bad({ began_at: new Date(NOW_MS + 60_000).toISOString() })).toBe('invalid_request');
    expect(await get('/faults/count')).toMatchObject({ total: 0 });
    const { fault } = await report();
    const theirs = await handOf(api, parties.contractor, 'engineer', [parties.theirs.countyId]);
    expect((await theirs.get(`/faults/${fault.id}`)).statusCode).toBe(404);
    expect((await get('/faults', theirs)).items).toEqual([]);
  });

  it('is withdrawn by the agency and made graver by the contractor; nothing of it can be done twice', async () => {
    const { fault } = await report();
    const path = `/faults/${fault.id}`;
    const stranger = await handOf(api, parties.other, 'manager');
    expect((await stranger.post(`${path}/severity`, { severity: 'major', reason: 'x' })).json().code).toBe(
      'order_not_yours',
    );
    expect((await manager.post(`${path}/cancel`, { reason: '误报' })).json().code).toBe('order_by_agency');
    expect((await manager.post(`${path}/severity`, { severity: 'major', reason: '全村停诊' })).json()).toMatchObject({
      severity: 'major',
      work_order: { severity: 'major' },
    });
    expect((await auditor.post(`${path}/cancel`, {})).json().code).toBe('invalid_request');
    expect((await auditor.post(`${path}/cancel`, { reason: '误报' })).json()).toMatchObject({
      state: 'cancelled',
      order: { state: 'cancelled' },
    });
    expect((await auditor.post(`${path}/cancel`, { reason: '误报' })).json().code).toBe('fault_over');
  });

  it('gets more time by the word of the contractor only once the agency approves it', async () => {
    const { fault } = await report({ severity: 'major' });
    const path = `/faults/${fault.id}/severity`;
    const dueOf = ({ clocks }: { clocks: { due_at: string }[] }) => clocks[3]?.due_at;
    const before = await get(`/faults/${fault.id}`);
    const wish = { severity: 'ordinary', reason: '只影响一台' };
    const proposed = (await manager.post(path, wish)).json();
    expect(proposed).toMatchObject({
      severity: 'major',
      severity_proposal: { severity: 'ordinary', reason: '只影响一台', proposed: { user: {} }, actions: ['withdraw'] },
    });
    expect(dueOf(proposed)).toBe(dueOf(before));
    expect((await manager.post(path, wish)).json().code).toBe('severity_pending');
    // It waits where the other side looks, and where the proposer sees that it does.
    const waits = {
      kind: 'severity',
      fault: { id: fault.id },
      severity: 'major',
      wanted: 'ordinary',
      reason: '只影响一台',
    };
    expect(await get('/orders/decisions', auditor)).toMatchObject({ items: [{ ...waits, yours: true }], yours: 1 });
    expect(await get('/orders/decisions', manager)).toMatchObject({ items: [{ ...waits, yours: false }], yours: 0 });
    expect((await get(`/faults/${fault.id}`, auditor)).severity_proposal.actions).toEqual(['approve', 'reject']);
    expect((await auditor.post(`${path}/reject`, { note: '全村' })).json()).toMatchObject({ severity_proposal: null });
    expect(await get('/orders/decisions', auditor)).toEqual({ items: [], yours: 0 });
    await manager.post(path, wish);
    expect((await auditor.post(`${path}/withdraw`, {})).json().code).toBe('forbidden');
    expect((await manager.post(`${path}/withdraw`, {})).json()).toMatchObject({ severity_proposal: null });
    expect((await auditor.post(`${path}/approve`, {})).json().code).toBe('severity_decided');
    await manager.post(path, wish);
    api.clock.now += 3_600_000;
    const approved = (await auditor.post(`${path}/approve`, {})).json();
    expect(approved).toMatchObject({
      severity: 'ordinary',
      severity_proposal: null,
      work_order: { severity: 'ordinary' },
    });
    expect(Date.parse(dueOf(approved) ?? '') - Date.parse(dueOf(before) ?? '')).toBe(24 * 3_600_000);
  });

  it('of a duplicate is merged into what began first, and the merge can be taken back', async () => {
    const { fault: first } = await report();
    api.clock.now += 60_000;
    const { fault: second } = await report({ cause: 'other', station_id: parties.ours.stations[1] });
    const merged = await manager.post(`/faults/${second.id}/merge`, { fault_ids: [first.id] });
    expect(merged.json()).toMatchObject({ id: first.id, merged: [{ id: second.id, state: 'merged' }] });
    expect(await get(`/orders/${second.order.id}`)).toMatchObject({ state: 'cancelled' });
    expect((await manager.post(`/faults/${first.id}/merge`, { fault_ids: [second.id] })).json().code).toBe(
      'not_mergeable',
    );
    expect((await get(`/faults/${second.id}`, auditor)).actions).toEqual(['unmerge']);
    expect((await auditor.post(`/faults/${second.id}/unmerge`, {})).json()).toMatchObject({
      state: 'open',
      order: { state: 'acknowledged' },
    });
    expect((await manager.post(`/faults/${second.id}/unmerge`, {})).json().code).toBe('not_merged');
  });

  it('is listed page by page, filtered, and exported', async () => {
    for (const cause of ['printer', 'screen', 'slow']) {
      api.clock.now += 60_000;
      await report({ cause });
    }
    const page = await get('/faults?limit=2');
    expect(page.items.map((f: { cause: string }) => f.cause)).toEqual(['slow', 'screen']);
    const next = await get(`/faults?limit=2&cursor=${page.next_cursor}`);
    expect(next).toMatchObject({ items: [{ cause: 'printer' }], next_cursor: null });
    const found = async (query: string) => (await get(`/faults?${query}`)).items.length;
    expect(
      await Promise.all([
        found('cause=slow'),
        found('q=F-000002'),
        found(`region=${parties.ours.countyId}`),
        found(`region=${parties.theirs.countyId}`),
        found('late=true'),
        found('state=ended'),
        found('source=person&severity=ordinary'),
      ]),
    ).toEqual([1, 1, 3, 0, 0, 0, 3]);
    expect(await found('sort=next_due_at')).toBe(3);
    expect((await manager.get('/faults.csv?cause=slow')).body).toContain('F-000003');
    expect((await manager.get('/faults.xlsx')).rawPayload.subarray(0, 2).toString()).toBe('PK');
    const orders = await get('/orders');
    const [order] = orders.items;
    expect((await manager.post(`/orders/${order.id}/split`, { fault_ids: [1, 2, 3] })).json().code).toBe(
      'not_splittable',
    );
    expect((await manager.post(`/orders/${order.id}/split`, { fault_ids: [2] })).json()).toMatchObject({
      number: 'W-000002',
    });
  });
});

describe('the page of a station', () => {
  // Each from an address of its own: what is shown here is not the limit of one.
  let caller = 0;
  const remoteAddress = () => `10.1.1.${++caller}`;
  const visit = (path: string, payload?: object) =>
    api.app.inject({
      remoteAddress: remoteAddress(),
      method: payload ? 'POST' : 'GET',
      url: `/api/v1/public/stations/${path}`,
      ...(payload && { payload }),
    });
  const tokenOf = async (station: number) =>
    (await get(`/station-labels?station=${station}`)).items[0].url.split('/r/')[1] as string;

  it('takes a report without an account, joins what is known, and tells how far the repair is', async () => {
    const token = await tokenOf(parties.ours.stations[0] as number);
    expect((await visit(token)).json()).toMatchObject({ site: 'AA卫生室', faults: [] });
    const told = await visit(token, { cause: 'printer', words: '没纸', phone: '0898-123456' });
    expect(told.json()).toMatchObject({ number: 'F-000001', known: false });
    expect((await visit(token, { cause: 'printer' })).json()).toMatchObject({ number: 'F-000001', known: true });
    const page = await visit(token);
    expect(page.json().faults).toMatchObject([{ number: 'F-000001', cause: 'printer', progress: 'known' }]);
    expect(page.body).not.toContain('0898');
    expect((await get('/faults/1')).reports).toHaveLength(2);
  });

  it('stores nothing of programs, nothing of strangers, and not too much of anybody', async () => {
    const token = await tokenOf(parties.ours.stations[0] as number);
    expect((await visit(token, { cause: 'printer', website: 'http://spam' })).statusCode).toBe(201);
    expect((await visit('AAAAAAAAAAAAAAAA', { cause: 'printer' })).statusCode).toBe(404);
    expect((await visit(token, { cause: 'printer', words: 'x'.repeat(501) })).statusCode).toBe(400);
    expect(await get('/faults/count')).toMatchObject({ total: 0 });
    await visit(token, { cause: 'slow' });
    await database.pool.query(
      `insert into fault_report (fault_id, at, recorded_at, source, cause) select 1, $1, $1, 'site', 'slow' from generate_series(1, 9)`,
      [new Date(NOW_MS)],
    );
    expect((await visit(token, { cause: 'screen' })).statusCode).toBe(429);
    expect((await visit(token, { cause: 'screen' })).json().code).toBe('too_many_requests');
  });

  it('takes photos by the key of a report only, and moves with a new label', async () => {
    const station = parties.ours.stations[0] as number;
    const token = await tokenOf(station);
    const { photo_key: key } = (await visit(token, { cause: 'damage' })).json();
    const photo = (path: string, content: Buffer) =>
      api.app.inject({
        method: 'POST',
        remoteAddress: remoteAddress(),
        url: `/api/v1/public/stations/${path}`,
        headers: { 'content-type': 'multipart/form-data; boundary=xx' },
        payload: Buffer.concat([
          Buffer.from('--xx\r\ncontent-disposition: form-data; name="file"; filename="a.jpg"\r\n\r\n'),
          content,
          Buffer.from('\r\n--xx--\r\n'),
        ]),
      });
    const jpeg = Buffer.from('ffd8ffe000104a464946', 'hex');
    expect((await photo(`${token}/photos/${key}`, Buffer.from('<html><script>'))).body).toContain('file_type');
    expect((await photo(`${token}/photos/${key}`, jpeg)).statusCode).toBe(204);
    expect((await photo(`${token}/photos/${'A'.repeat(43)}`, jpeg)).statusCode).toBe(404);
    expect((await get('/faults/1')).files).toMatchObject([{ media_type: 'image/jpeg', uploaded_by: null }]);
    expect((await manager.post(`/stations/${station}/label`, {})).statusCode).toBe(204);
    expect((await visit(token)).statusCode).toBe(404);
    expect((await visit(await tokenOf(station))).statusCode).toBe(200);
  });
});

describe('the quarter of docs/repair-clocks.md', () => {
  it('comes to its three figures to the last fraction, through devices, people and the API', async () => {
    const quarter = new Quarter(api, parties);
    await quarter.begin();
    quarter.faults().visits().documents();
    const asked = `contract=${parties.contractId}&period=2026-Q1`;
    await quarter.until('2026-04-01 00:00');
    expect((await quarter.get(`/repair-timeliness?${asked}`)).total).toEqual({
      on_time: 5,
      late: 3,
      pending: 1,
      cancelled: 1,
      not_owed: 0,
      rate: { num: 5, den: 8 },
      percent: '62.50',
    });
    await quarter.until('2026-04-10 00:00');
    await quarter.close();
    expect(await quarter.get(`/repair-timeliness?${asked}`)).toMatchObject({
      total: { on_time: 6, late: 3, pending: 0, cancelled: 1, rate: { num: 6, den: 9 }, percent: '66.66' },
      severities: [
        { severity: 'hardware', figures: { on_time: 5, late: 2, rate: { num: 5, den: 7 } } },
        { severity: 'system_wide', figures: { on_time: 1, late: 1, rate: { num: 1, den: 2 } } },
      ],
    });
    expect((await quarter.get(`/inspection-rates?${asked}`)).total).toMatchObject({
      in_time: 6,
      later: 1,
      missed: 2,
      rate: { num: 7, den: 9 },
      percent: '77.77',
    });
    expect(await quarter.get(`/documents-due/figures?${asked}`)).toMatchObject({
      on_time: 3,
      late: 1,
      missing: 1,
      rate: { num: 3, den: 5 },
    });
    const { items } = await quarter.get(`/faults?contract=${parties.contractId}&source=telemetry&limit=50`);
    expect(items.map(({ opened_at }: { opened_at: string }) => opened_at).sort()).toEqual(
      ['2025-12-31T12', '2026-01-05T01', '2026-01-12T01', '2026-01-20T14', '2026-02-02T00', '2026-02-16T02', '2026-03-10T01',
        '2026-03-31T10', '2026-03-31T15'].map((hour) => `${hour}:00:00.000Z`),
    ); // biome-ignore format: one list
  }, 180_000); // a quarter is many requests on a busy machine
});
