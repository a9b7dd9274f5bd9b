import { randomUUID } from 'node:crypto';
import { afterAll, beforeAll, beforeEach, describe, expect, test } from 'vitest';
import { type TestDatabase, testDatabase } from '../../../test/support/database.ts';
import { signedIn, type TestApi, type TestPerson, testApi, testRegion } from '../support/api.ts';

let db: TestDatabase;
let api: TestApi;
let admin: TestPerson;
let county: number;
let other: number;

beforeAll(async () => {
  db = await testDatabase();
  api = await testApi(db.pool);
});
afterAll(async () => {
  await api.close();
  await db.close();
});
beforeEach(async () => {
  await db.reset();
  admin = await signedIn(api);
  county = await testRegion(db.pool, 'chengmai', 'county');
  other = await testRegion(db.pool, 'lingao', 'county');
  await addDevice('a-001', county, true);
  await addDevice('a-002', county, false);
  await addDevice('a-003', county, true);
  await addDevice('b-001', other, true);
});

async function addDevice(id: string, regionId: number, online: boolean, extra = ''): Promise<void> {
  await db.pool.query(
    `insert into device (device_id, serial, region_id, lifecycle, enrolled_at) values ($1, $1, $2, 'in_service', now())`,
    [id, regionId],
  );
  await db.pool.query(
    `insert into device_live (device_key, online, last_rcv_at) select device_key, $2, now() from device where device_id = $1`,
    [id, online],
  );
  if (extra !== '') await db.pool.query(`update device set ${extra} where device_id = $1`, [id]);
}

async function call(
  method: 'GET' | 'POST',
  url: string,
  body?: object,
  who = admin,
  headers: Record<string, string> = {},
) {
  const response = await api.app.inject({
    method,
    url: `/api/v1${url}`,
    headers: { cookie: who.cookie, ...headers },
    ...(body === undefined ? {} : { payload: body }),
  });
  return { status: response.statusCode, body: response.json() };
}

const selfcheck = (target: object) => ({ op: 'selfcheck', ttl_s: 600, ...target });
const page = async (url: string, who = admin) => (await call('GET', url, undefined, who)).body;

describe('sending', () => {
  test('to a filter reaches what the preview said, within the region scope', async () => {
    const engineer = await signedIn(api, { role: 'engineer', regionIds: [county] });
    const body = selfcheck({ filter: {} });
    expect((await call('POST', '/commands?preview=true', body, engineer)).body).toEqual({
      total: 3,
      online: 2,
      offline: 1,
      skipped: 0,
      confirm_needed: false,
    });
    const sent = await call('POST', '/commands', body, engineer);
    expect(sent).toMatchObject({ status: 201, body: { op: 'selfcheck', total: 3, open: 3, counts: { queued: 3 } } });
    const items = (await page(`/command-batches/${sent.body.id}/commands`)).items;
    expect(items.map((c: { device_id: string }) => c.device_id)).toEqual(['a-001', 'a-002', 'a-003']);
    expect(items[0]).toMatchObject({ state: 'queued', deliveries: 0, created_by_name: engineer.login, late: null });
    expect((await db.pool.query(`select kind, payload->>'batchId' as id from outbox`)).rows).toEqual([
      { kind: 'command.created', id: sent.body.id },
    ]);
    expect((await db.pool.query('select action, detail from audit_log')).rows).toEqual([
      { action: 'command.sent', detail: { op: 'selfcheck', total: 3 } },
    ]);
  });

  test('narrows like the device list', async () => {
    const offline = await call('POST', '/commands?preview=true', selfcheck({ filter: { state: 'offline' } }));
    expect(offline.body).toMatchObject({ total: 1, online: 0, offline: 1 });
    const region = await call('POST', '/commands?preview=true', selfcheck({ filter: { region: other } }));
    expect(region.body.total).toBe(1);
  });

  test('skips what can not get a command', async () => {
    await addDevice('c-001', county, false, 'enrolled_at = null');
    await addDevice('c-002', county, false, 'revoked_at = now()');
    const preview = await call(
      'POST',
      '/commands?preview=true',
      selfcheck({ device_ids: ['a-001', 'c-001', 'c-002'] }),
    );
    expect(preview.body).toMatchObject({ total: 1, skipped: 2 });
    const none = await call('POST', '/commands', selfcheck({ device_ids: ['c-001'] }));
    expect(none).toMatchObject({ status: 422, body: { code: 'empty_selection' } });
  });

  test('names devices that are not there, or not in scope', async () => {
    const engineer = await signedIn(api, { role: 'engineer', regionIds: [county] });
    const answer = await call('POST', '/commands', selfcheck({ device_ids: ['a-001', 'b-001'] }), engineer);
    expect(answer).toMatchObject({ status: 422, body: { code: 'unknown_reference', detail: 'No such device: b-001' } });
  });

  test('a restart of many terminals wants their number', async () => {
    const restart = { op: 'restart_terminal', ttl_s: 600, filter: { region: county } };
    expect((await call('POST', '/commands?preview=true', restart)).body.confirm_needed).toBe(true);
    for (const confirm of [undefined, 2, 4]) {
      const answer = await call('POST', '/commands', { ...restart, ...(confirm ? { confirm } : {}) });
      expect(answer).toMatchObject({ status: 409, body: { code: 'confirmation_mismatch' } });
    }
    expect((await call('POST', '/commands', { ...restart, confirm: 3 })).status).toBe(201);
    const one = { op: 'restart_terminal', ttl_s: 600, device_ids: ['a-001'] };
    expect((await call('POST', '/commands', one)).status).toBe(201);
  });

  test.each([
    [{ op: 'selfcheck', ttl_s: 600 }],
    [{ op: 'selfcheck', ttl_s: 600, device_ids: ['a-001'], filter: {} }],
    [{ op: 'format_disk', ttl_s: 600, device_ids: ['a-001'] }],
    [{ op: 'selfcheck', ttl_s: 5, device_ids: ['a-001'] }],
    [{ op: 'selfcheck', ttl_s: 600, device_ids: ['a-001'], args: { x: 'y'.repeat(2001) } }],
  ])('refuses %o', async (body) => {
    expect(await call('POST', '/commands', body)).toMatchObject({ status: 400, body: { code: 'invalid_request' } });
  });

  test('the same Idempotency-Key sends once', async () => {
    const key = { 'idempotency-key': randomUUID() };
    const body = selfcheck({ device_ids: ['a-001'] });
    const first = await call('POST', '/commands', body, admin, key);
    const second = await call('POST', '/commands', body, admin, key);
    expect(second.body.id).toBe(first.body.id);
    expect((await page('/command-batches')).items).toHaveLength(1);
  });

  test('is not for auditors', async () => {
    const auditor = await signedIn(api, { role: 'auditor' });
    expect((await call('POST', '/commands', selfcheck({ filter: {} }), auditor)).status).toBe(403);
    expect((await call('GET', '/command-batches', undefined, auditor)).status).toBe(200);
  });
});

describe('following', () => {
  test('lists page through, newest first, and show only what is in scope', async () => {
    const engineer = await signedIn(api, { role: 'engineer', regionIds: [other] });
    for (const id of ['a-001', 'a-002', 'b-001']) {
      api.clock.now += 1;
      await call('POST', '/commands', selfcheck({ device_ids: [id] }));
    }
    const first = await page('/command-batches?limit=2');
    expect(first.items).toHaveLength(2);
    const second = await page(`/command-batches?limit=2&cursor=${first.next_cursor}`);
    expect(second).toMatchObject({ next_cursor: null, items: [{ total: 1 }] });
    const seen = await page('/command-batches', engineer);
    expect(seen.items).toHaveLength(1);
    const hidden = await call('GET', `/command-batches/${second.items[0].id}`, undefined, engineer);
    expect(hidden.status).toBe(404);
    expect((await page('/devices/a-001/commands')).items).toMatchObject([{ device_id: 'a-001', op: 'selfcheck' }]);
    expect((await call('GET', '/devices/a-001/commands', undefined, engineer)).status).toBe(404);
  });

  test('cancel ends what was not accepted, and a late report is shown beside it', async () => {
    const { body: batch } = await call('POST', '/commands', selfcheck({ filter: { region: county } }));
    const command = async (id: string) => (await page(`/devices/${id}/commands`)).items[0];
    await db.pool.query(`update command set state = 'delivered' where id = $1`, [(await command('a-002')).id]);
    await db.pool.query(`update command set state = 'accepted' where id = $1`, [(await command('a-003')).id]);
    const answer = await call('POST', `/command-batches/${batch.id}/cancel`);
    expect(answer.body).toMatchObject({ cancelled: 2, batch: { counts: { cancelled: 2, accepted: 1 }, open: 1 } });
    expect((await call('POST', `/command-batches/${batch.id}/cancel`)).body.cancelled).toBe(0);
    const late = await command('a-002');
    await db.pool.query(
      `insert into rec_result (ts, rcv_at, seq, device_key, flags, cmd, state)
       select now(), now(), 1, device_key, 1, $1, 'succeeded' from device where device_id = 'a-002'`,
      [late.id],
    );
    expect(await command('a-002')).toMatchObject({ state: 'cancelled', late: { outcome: 'succeeded' } });
    const told = await db.pool.query(`select payload->>'state' as state from outbox where kind = 'command.changed'`);
    expect(told.rows).toEqual([{ state: 'cancelled' }, { state: 'cancelled' }]);
  });
});
