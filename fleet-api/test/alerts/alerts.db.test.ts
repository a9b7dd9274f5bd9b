import { afterAll, beforeAll, beforeEach, describe, expect, test } from 'vitest';
import { type TestDatabase, testDatabase } from '../../../test/support/database.ts';
import { twilioSignature } from '../../src/alerts/twilio-signature.ts';
import { signedIn, type TestApi, type TestPerson, testApi, testRegion } from '../support/api.ts';

const TOKEN = 'the-token';
let db: TestDatabase;
let api: TestApi;
let admin: TestPerson;
let county: number;
let other: number;

beforeAll(async () => {
  db = await testDatabase();
  api = await testApi(db.pool, { smsAuthToken: TOKEN, publicUrl: 'https://fleet.example.org' });
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
});

async function call(method: 'GET' | 'POST' | 'PATCH' | 'DELETE', url: string, body?: object, who = admin) {
  const response = await api.app.inject({
    method,
    url: `/api/v1${url}`,
    headers: { cookie: who.cookie },
    ...(body === undefined ? {} : { payload: body }),
  });
  return { status: response.statusCode, body: response.body === '' ? null : response.json() };
}

/** An incident with one open alert of a device in the region. */
async function incident(regionId: number, deviceId: string): Promise<number> {
  const { rows } = await db.pool.query<{ id: number }>(
    `with d as (
       insert into device (device_id, serial, region_id, lifecycle) values ($2, $2, $1, 'in_service') returning device_key
     ), i as (
       insert into incident (group_key, rule, county_id, opened_at, notify_after, notified_at, title, alerts_total)
       values ('component_fault:' || $1::text || ':printer:paper_out', 'component_fault', $1, now(), now(), now(), 't', 1) returning id
     ), a as (
       insert into alert (rule, dedup_key, device_key, county_id, component, reason, opened_at, incident_id)
       select 'component_fault', 'fault:' || d.device_key, d.device_key, $1, 'printer', 'paper_out', now(), i.id from d, i
     ) select id from i`,
    [regionId, deviceId],
  );
  return rows[0]?.id ?? 0;
}

async function notification(incidentId: number | null): Promise<number> {
  const { rows } = await db.pool.query<{ id: number }>(
    `with n as (
       insert into notification (incident_id, recipient, body, dedup_key, state, attempts)
       values ($1, '+8613800000001', 'text', 'x', 'sending', 1) returning id
     ), t as (
       insert into notification_attempt (notification_id, attempt, at, updated_at) select id, 1, now(), now() from n
     ) select id from n`,
    [incidentId],
  );
  return rows[0]?.id ?? 0;
}

describe('incidents', () => {
  test('are listed by state and within scope, and shown with alerts and the delivery log', async () => {
    const engineer = await signedIn(api, { role: 'engineer', regionIds: [county] });
    const mine = await incident(county, 'a-001');
    await incident(other, 'b-001');
    await notification(mine);
    expect((await call('GET', '/incidents')).body.items).toHaveLength(2);
    const seen = (await call('GET', '/incidents?state=open', undefined, engineer)).body.items;
    expect(seen).toMatchObject([
      {
        id: mine,
        state: 'open',
        county: { id: county, name: 'chengmai' },
        fleet: false,
        component: 'printer',
        reason: 'paper_out',
        alerts_open: 1,
      },
    ]);
    const detail = (await call('GET', `/incidents/${mine}`, undefined, engineer)).body;
    expect(detail.alerts).toMatchObject([{ device_id: 'a-001', county_name: 'chengmai', resolved_at: null }]);
    expect(detail.notifications).toMatchObject([
      { recipient: '+8613800000001', state: 'sending', attempts: [{ attempt: 1, status: 'sending' }] },
    ]);
    expect((await call('GET', `/incidents/${mine + 1}`, undefined, engineer)).status).toBe(404);
    expect((await call('GET', `/incidents?region=${other}`)).body.items).toMatchObject([{ county: { id: other } }]);
    expect((await call('GET', '/alerts?open=true', undefined, engineer)).body.items).toHaveLength(1);
    expect((await call('GET', '/notifications', undefined, engineer)).body.items).toHaveLength(1);
  });

  test('pages', async () => {
    for (const id of ['a-001', 'a-002', 'a-003']) await incident(county, id);
    const first = (await call('GET', '/incidents?limit=2')).body;
    const second = (await call('GET', `/incidents?limit=2&cursor=${first.next_cursor}`)).body;
    expect([...first.items, ...second.items].map((i: { id: number }) => i.id)).toEqual([3, 2, 1]);
    expect(second.next_cursor).toBeNull();
  });

  test('acknowledged once, by a person on call, on the record', async () => {
    const oncall = await signedIn(api, { role: 'oncall', regionIds: [county] });
    const auditor = await signedIn(api, { role: 'auditor' });
    const id = await incident(county, 'a-001');
    expect((await call('POST', `/incidents/${id}/ack`, undefined, auditor)).status).toBe(403);
    const answer = await call('POST', `/incidents/${id}/ack`, undefined, oncall);
    expect(answer.body).toMatchObject({ state: 'acked', acked_by: { id: oncall.userId, name: oncall.login } });
    const again = await call('POST', `/incidents/${id}/ack`);
    expect(again.body).toMatchObject({ acked_by: { id: oncall.userId } });
    const trail = await db.pool.query('select action, subject, user_id from audit_log');
    expect(trail.rows).toEqual([
      { action: 'incident.acknowledged', subject: `incident:${id}`, user_id: oncall.userId },
    ]);
    const told = await db.pool.query('select kind, region_path, payload from outbox');
    expect(told.rows).toEqual([{ kind: 'incident.changed', region_path: [county], payload: { id, state: 'acked' } }]);
  });
});

describe('on call', () => {
  const number = { name: '张值班', phone: '+8613800000001' };

  test('created, changed, tested, removed', async () => {
    const made = await call('POST', '/oncall', { ...number, region_id: county });
    expect(made).toMatchObject({
      status: 201,
      body: { ...number, lang: 'zh-CN', region: { id: county }, enabled: true, flagged_reason: null },
    });
    const { id } = made.body;
    await db.pool.query(`update oncall set flagged_reason = 'not_mobile'`);
    const changed = await call('PATCH', `/oncall/${id}`, {
      phone: '+8613800000002',
      region_id: null,
      lang: 'en',
      topics: ['stock'],
    });
    expect(changed.body).toMatchObject({ phone: '+8613800000002', region: null, lang: 'en', flagged_reason: null });
    const tested = await call('POST', `/oncall/${id}/test`);
    expect(tested.status).toBe(202);
    expect((await call('POST', `/oncall/${id}/test`)).body.code).toBe('too_many_requests');
    const { rows } = await db.pool.query('select recipient, body, incident_id, state from notification');
    expect(rows).toMatchObject([{ recipient: '+8613800000002', incident_id: null, state: 'queued' }]);
    expect((await call('DELETE', `/oncall/${id}`)).status).toBe(204);
    expect((await call('GET', '/oncall')).body.items).toEqual([]);
    expect((await call('GET', '/notifications')).body.items).toMatchObject([{ oncall_name: null }]);
    const actions = await db.pool.query('select action from audit_log order by id');
    expect(actions.rows.map((row: { action: string }) => row.action)).toEqual([
      'oncall.created',
      'oncall.changed',
      'oncall.tested',
      'oncall.deleted',
    ]);
  });

  test.each(['13800000001', '+8613800', '+0138000000', '008613800000001', '+86 138 0000 0001'])(
    'refuses %s as a number',
    async (phone) => {
      expect(await call('POST', '/oncall', { ...number, phone })).toMatchObject({ status: 400 });
    },
  );

  test('a manager of one county serves that county only', async () => {
    const manager = await signedIn(api, { role: 'manager', regionIds: [county] });
    expect((await call('POST', '/oncall', { ...number, region_id: county }, manager)).status).toBe(201);
    for (const region_id of [other, null]) {
      const answer = await call('POST', '/oncall', { ...number, region_id }, manager);
      expect(answer).toMatchObject({ status: 403, body: { code: 'out_of_scope' } });
    }
    const everything = (await call('POST', '/oncall', { ...number, region_id: null })).body.id;
    expect((await call('DELETE', `/oncall/${everything}`, undefined, manager)).status).toBe(403);
    expect((await call('GET', '/oncall', undefined, manager)).body.items).toHaveLength(2);
  });

  test('says whether the provider takes our messages', async () => {
    await notification(null);
    expect((await call('GET', '/notifications/provider')).body).toEqual({
      state: 'ok',
      reason: null,
      since: null,
      queued: 1,
    });
    const since = '2026-11-21T04:00:00.000Z';
    await db.pool.query(`insert into setting (key, value) values ('sms_stopped', $1)`, [
      JSON.stringify({ reason: 'credentials_refused', since }),
    ]);
    const stopped = (await call('GET', '/notifications/provider')).body;
    expect(stopped).toMatchObject({ state: 'stopped', reason: 'credentials_refused', since });
  });
});

describe('delivery reports', () => {
  async function post(path: string, params: Record<string, string>, origin: string, token = TOKEN) {
    const url = `/api/v1/twilio/status${path}`;
    const response = await api.app.inject({
      method: 'POST',
      url,
      headers: {
        host: 'localhost',
        'content-type': 'application/x-www-form-urlencoded',
        'x-twilio-signature': twilioSignature(token, `${origin}${url}`, params),
      },
      payload: new URLSearchParams(params).toString(),
    });
    return response.statusCode;
  }
  const report = (status: string) => ({ MessageSid: 'SM1', MessageStatus: status, SmsSid: 'SM1', NewField: '新' });
  const stateOf = async () => (await db.pool.query('select state, error_code from notification')).rows[0];

  test('are believed with the right signature, for either of our addresses', async () => {
    const id = await notification(await incident(county, 'a-001'));
    expect(await post(`?n=${id}.1`, report('sent'), 'https://fleet.example.org')).toBe(204);
    expect(await stateOf()).toEqual({ state: 'sent', error_code: null });
    expect(await post(`?n=${id}.1`, report('delivered'), 'http://localhost')).toBe(204);
    expect(await post(`?n=${id}.1`, report('sent'), 'http://localhost')).toBe(204);
    expect(await stateOf()).toEqual({ state: 'delivered', error_code: null });
    const told = await db.pool.query(`select payload from outbox where kind = 'incident.changed'`);
    expect(told.rows).not.toEqual([]);
  });

  test('are found by the provider’s id where ours is missing', async () => {
    const id = await notification(null);
    await post(`?n=${id}.1`, report('sent'), 'http://localhost');
    await post('', { ...report('undelivered'), ErrorCode: '30006' }, 'http://localhost');
    expect(await stateOf()).toEqual({ state: 'undelivered', error_code: '30006' });
  });

  test('are refused with a wrong signature or a foreign address', async () => {
    const id = await notification(null);
    expect(await post(`?n=${id}.1`, report('delivered'), 'http://localhost', 'guess')).toBe(401);
    expect(await post(`?n=${id}.1`, report('delivered'), 'https://elsewhere.example')).toBe(401);
    expect(await stateOf()).toMatchObject({ state: 'sending' });
  });

  test('about nothing of ours change nothing', async () => {
    await notification(null);
    expect(await post('?n=99.1', report('delivered'), 'http://localhost')).toBe(204);
    expect(await post('?n=1.1', report('receiving'), 'http://localhost')).toBe(204);
    expect(await stateOf()).toMatchObject({ state: 'sending' });
  });
});
