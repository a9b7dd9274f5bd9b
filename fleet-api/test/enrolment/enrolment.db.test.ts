import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { type TestDatabase, testDatabase } from '../../../test/support/database.ts';
import { createDeviceAuthenticator } from '../../src/enrolment/authenticator.ts';
import { createSessionCutter } from '../../src/enrolment/session-cutter.ts';
import { signedIn, type TestApi, type TestPerson, testApi, testRegion } from '../support/api.ts';

let db: TestDatabase;
let api: TestApi;
let admin: TestPerson;

beforeAll(async () => {
  db = await testDatabase();
  api = await testApi(db.pool);
});
beforeEach(async () => {
  await db.reset();
  api.clock.now = Date.now();
  admin = await signedIn(api);
});
afterAll(async () => {
  await api?.close();
  await db?.close();
});

const DAY_MS = 86_400_000;
const post = (url: string, payload?: object, person: TestPerson | null = admin) =>
  api.app.inject({
    method: 'POST',
    url: `/api/v1${url}`,
    headers: person === null ? { host: 'up.example:8080' } : { cookie: person.cookie },
    ...(payload && { payload }),
  });
const enrol = (token: string, serial: string, more: object = {}) => post('/enrol', { token, serial, ...more }, null);
const authenticate = (deviceId: string, secret: string) =>
  createDeviceAuthenticator(db.pool).authenticate(deviceId, secret);

async function newToken(wish: object = {}, person = admin): Promise<{ id: number; token: string }> {
  const expires_at = new Date(api.clock.now + DAY_MS).toISOString();
  const response = await post('/enrolment-tokens', { label: 'batch', expires_at, ...wish }, person);
  expect(response.statusCode, response.body).toBe(201);
  return { id: response.json().enrolment_token.id, token: response.json().token };
}

describe('enrolment', () => {
  it('gives a new device its credentials and where to go (R-H2-1)', async () => {
    await db.pool.query(`insert into device_model (code, name) values ('pos-1', 'POS')`);
    const { token } = await newToken();
    const response = await enrol(token, 'SN-1', { model: 'pos-1', inventory: { mac: '02:00' }, later: true });
    expect(response.statusCode, response.body).toBe(201);
    const { device_id, secret, mqtt, ca_pem, next } = response.json();
    expect(mqtt).toEqual({ host: 'up.example', port: 1883, tls_port: 8883, ws_port: 8083 });
    expect(ca_pem).toBe('PEM');
    expect(next).toEqual({ seq: 0, boot: 0, session: 0 });
    expect(secret).toMatch(/^[\w-]{43}$/);
    expect(await authenticate(device_id, secret)).toEqual({ deviceKey: 1, deviceId: device_id });
    expect(await authenticate(device_id, `${secret}x`)).toBeNull();
    const { rows } = await db.pool.query(
      `select d.lifecycle, d.inventory, m.code, l.online from device d join device_live l using (device_key) join device_model m on m.id = d.model_id`,
    );
    expect(rows).toEqual([{ lifecycle: 'in_stock', inventory: { mac: '02:00' }, code: 'pos-1', online: false }]);
  });

  it('lets exactly one of two devices have the last use', async () => {
    const { token, id } = await newToken();
    const answers = await Promise.all([enrol(token, 'SN-1'), enrol(token, 'SN-2'), enrol(token, 'SN-3')]);
    expect(answers.map((a) => a.statusCode).sort()).toEqual([201, 403, 403]);
    expect(answers.find((a) => a.statusCode === 403)?.json().code).toBe('enrolment_refused');
    const { rows } = await db.pool.query('select uses from enrolment_token where id = $1', [id]);
    expect(rows).toEqual([{ uses: 1 }]);
    expect((await db.pool.query('select 1 from device')).rowCount).toBe(1);
  });

  it('makes one device of one serial, whoever races', async () => {
    const { token } = await newToken({ uses_max: 10 });
    const answers = await Promise.all(Array.from({ length: 6 }, () => enrol(token, 'SN-1')));
    expect(answers.map((a) => a.statusCode)).toEqual([201, 201, 201, 201, 201, 201]);
    const ids = new Set(answers.map((a) => a.json().device_id));
    expect(ids.size).toBe(1);
    const valid = await Promise.all(answers.map((a) => authenticate(a.json().device_id, a.json().secret)));
    expect(valid.filter((identity) => identity !== null)).toHaveLength(1);
  });

  it('refuses tokens that are unknown, expired or revoked, and tells them apart in the list only', async () => {
    const expired = await newToken();
    api.clock.now += DAY_MS + 1;
    admin = await signedIn(api);
    const revoked = await newToken();
    const used = await newToken();
    const active = await newToken();
    expect((await enrol(used.token, 'SN-9')).statusCode).toBe(201);
    const end = await api.app.inject({
      method: 'DELETE',
      url: `/api/v1/enrolment-tokens/${revoked.id}`,
      headers: { cookie: admin.cookie },
    });
    expect(end.statusCode).toBe(204);
    for (const token of ['enr_unknown', expired.token, revoked.token, used.token]) {
      expect((await enrol(token, 'SN-1')).json().code).toBe('enrolment_refused');
    }
    const list = await api.app.inject({ url: '/api/v1/enrolment-tokens', headers: { cookie: admin.cookie } });
    const states = list.json().items.map((item: { id: number; state: string }) => [item.id, item.state]);
    expect(states).toEqual([
      [active.id, 'active'],
      [used.id, 'used_up'],
      [revoked.id, 'revoked'],
      [expired.id, 'expired'],
    ]);
    expect(list.body).not.toContain(active.token);
  });

  it('takes a registered device by its serial and replaces the secret of an enrolled one', async () => {
    await db.pool.query(`insert into device (device_id, serial, lifecycle) values ('pos-0001', 'SN-1', 'in_service')`);
    const { token } = await newToken({ uses_max: 5 });
    const first = (await enrol(token, 'SN-1')).json();
    expect(first.device_id).toBe('pos-0001');
    await db.pool.query(`update device_live set seqs = '{[0,100),[150,151)}', boot = 3, session = 9`);
    const second = (await enrol(token, 'SN-1')).json();
    expect(second.next).toEqual({ seq: 151, boot: 4, session: 10 });
    expect(await authenticate('pos-0001', first.secret)).toBeNull();
    expect(await authenticate('pos-0001', second.secret)).not.toBeNull();
    const { rows } = await db.pool.query(
      `select kind, payload from outbox where kind like 'device.%' and kind <> 'device.changed' order by id`,
    );
    expect(rows.map((row) => [row.kind, row.payload.again ?? row.payload.reason])).toEqual([
      ['device.enrolled', false],
      ['device.revoked', 'secret_replaced'],
      ['device.enrolled', true],
    ]);
  });

  it('brings a revoked device back only by a token made afterwards', async () => {
    const { token } = await newToken({ uses_max: 5 });
    const { device_id, secret } = (await enrol(token, 'SN-1')).json();
    api.clock.now += 1000;
    expect((await post(`/devices/${device_id}/revoke`)).statusCode).toBe(204);
    expect(await authenticate(device_id, secret)).toBeNull();
    expect((await enrol(token, 'SN-1')).json().code).toBe('enrolment_refused');
    api.clock.now += 1000;
    const { token: fresh } = await newToken();
    const again = (await enrol(fresh, 'SN-1')).json();
    expect(await authenticate(device_id, again.secret)).not.toBeNull();
  });

  it('opens no device of another region, no retired one, no foreign token', async () => {
    const province = await testRegion(db.pool, '46', 'province');
    const east = await testRegion(db.pool, '4601', 'county', province);
    const west = await testRegion(db.pool, '4602', 'county', province);
    await db.pool.query(
      `insert into device (device_id, serial, lifecycle, region_id) values
       ('dev-west', 'SN-W', 'in_stock', $1), ('dev-east', 'SN-E', 'in_stock', $2), ('dev-old', 'SN-O', 'retired', $2)`,
      [west, east],
    );
    const manager = await signedIn(api, { role: 'manager', regionIds: [east] });
    const { token } = await newToken({ uses_max: 9, region_id: east }, manager);
    expect((await enrol(token, 'SN-W')).json().code).toBe('enrolment_refused');
    expect((await enrol(token, 'SN-O')).json().code).toBe('device_retired');
    expect((await enrol(token, 'SN-E')).statusCode).toBe(201);
    expect((await enrol(token, 'SN-N')).statusCode).toBe(201);
    const { rows } = await db.pool.query(`select region_id from device where serial = 'SN-N'`);
    expect(rows).toEqual([{ region_id: east }]);
    const expires_at = new Date(api.clock.now + DAY_MS).toISOString();
    const outside = await post('/enrolment-tokens', { label: 'x', expires_at, region_id: west }, manager);
    expect(outside.json().code).toBe('out_of_scope');
    expect((await post('/enrolment-tokens', { label: 'x', expires_at }, manager)).json().code).toBe('out_of_scope');
    expect((await post('/devices/dev-west/revoke', undefined, manager)).statusCode).toBe(404);
    const all = await newToken();
    const foreign = await api.app.inject({
      method: 'DELETE',
      url: `/api/v1/enrolment-tokens/${all.id}`,
      headers: { cookie: manager.cookie },
    });
    expect(foreign.statusCode).toBe(404);
  });
});

describe('secrets', () => {
  it('are given to devices that do not run our agent, and replaced', async () => {
    await db.pool.query(`insert into device (device_id, serial) values ('vendor-1', 'SN-1')`);
    const first = (await post('/devices/vendor-1/rotate-secret')).json().secret;
    expect(await authenticate('vendor-1', first)).not.toBeNull();
    const second = (await post('/devices/vendor-1/rotate-secret')).json().secret;
    expect(await authenticate('vendor-1', first)).toBeNull();
    expect(await authenticate('vendor-1', second)).not.toBeNull();
  });

  it('are never kept for a repetition', async () => {
    await db.pool.query(`insert into device (device_id, serial) values ('vendor-1', 'SN-1')`);
    const rotate = () =>
      api.app.inject({
        method: 'POST',
        url: '/api/v1/devices/vendor-1/rotate-secret',
        headers: { cookie: admin.cookie, 'idempotency-key': 'k1' },
      });
    const { secret } = (await rotate()).json();
    expect((await rotate()).json().code).toBe('secret_already_shown');
    expect(await authenticate('vendor-1', secret)).not.toBeNull();
  });

  it('of thousands of devices that come at once are checked in few statements', async () => {
    await db.pool.query(
      `insert into device (device_id, serial, secret_hash)
       select 'dev-' || n, 'SN' || n, sha256(('secret-' || n)::bytea) from generate_series(1000, 3999) n`,
    );
    let statements = 0;
    const query = ((...args: Parameters<typeof db.pool.query>) => {
      statements++;
      return db.pool.query(...args);
    }) as typeof db.pool.query;
    const authenticator = createDeviceAuthenticator({ query });
    const numbers = Array.from({ length: 3000 }, (_, i) => 1000 + i);
    const answers = await Promise.all(numbers.map((n) => authenticator.authenticate(`dev-${n}`, `secret-${n}`)));
    expect(answers.filter((identity) => identity !== null)).toHaveLength(3000);
    expect(statements).toBeLessThanOrEqual(6);
  });

  it('that are taken away cut the live session', async () => {
    await db.pool.query(`insert into device (device_id, serial, secret_hash) values ('dev-1', 'SN-1', sha256('x'))`);
    let cut: (deviceId: string) => void = () => {};
    const disconnected = new Promise<string>((resolve) => {
      cut = resolve;
    });
    const downlink = { publish: async () => {}, disconnect: async (deviceId: string) => cut(deviceId) };
    const forgotten: number[] = [];
    const forget = (deviceKey: number) => void forgotten.push(deviceKey);
    const cutter = createSessionCutter({ pool: db.pool, downlink, forget, onError: () => {} });
    await cutter.start();
    await post('/devices/dev-1/revoke');
    expect(await disconnected).toBe('dev-1');
    expect(forgotten).toHaveLength(1);
    await cutter.stop();
  });
});
