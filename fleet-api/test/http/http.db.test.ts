import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import pg from 'pg';
import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { type TestDatabase, testDatabase } from '../../../test/support/database.ts';
import { signedIn, type TestApi, type TestPerson, testApi } from '../support/api.ts';

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

const post = (url: string, payload: unknown, headers: Record<string, string> = {}) =>
  api.app.inject({
    method: 'POST',
    url: `/api/v1${url}`,
    headers: { cookie: admin.cookie, 'content-type': 'application/json', ...headers },
    payload: typeof payload === 'string' ? payload : JSON.stringify(payload),
  });

describe('errors', () => {
  it('name every faulty field of a request', async () => {
    const response = await post('/users', { login: '-', role: 'king', name: 'a\u0007', extra: 1 });
    expect(response.statusCode).toBe(400);
    expect(response.headers['content-type']).toBe('application/problem+json; charset=utf-8');
    const { code, errors } = response.json();
    expect(code).toBe('invalid_request');
    expect(errors).toEqual(
      expect.arrayContaining([
        expect.objectContaining({ path: '/body/login' }),
        expect.objectContaining({ path: '/body/name' }),
        { path: '/body/role', message: 'must be one of admin, manager, engineer, oncall, auditor' },
        { path: '/body/extra', message: 'is not known here' },
      ]),
    );
    const missing = await post('/users', {});
    expect(missing.json().errors).toContainEqual({ path: '/body/login', message: 'is missing' });
    const query = await api.app.inject({ url: '/api/v1/users?limit=x&wrong=1', headers: { cookie: admin.cookie } });
    expect(
      query
        .json()
        .errors.map((error: { path: string }) => error.path)
        .sort(),
    ).toEqual(['/query/limit', '/query/wrong']);
  });

  it.each([
    ['malformed JSON', '{', {}, 400, 'invalid_request'],
    ['another content type', 'a=1', { 'content-type': 'application/x-unknown' }, 415, 'unsupported_media_type'],
    ['too much', JSON.stringify({ login: 'x'.repeat(2 * 1024 * 1024) }), {}, 413, 'payload_too_large'],
    [
      'a character that text can not hold',
      JSON.stringify({ code: 'x', name: 'a', kind: 'agency' }).replace('"a"', '"\\u0000"'),
      {},
      400,
      'invalid_request',
    ],
    [
      'an unknown reference',
      { login: 'neu', name: 'Neu', role: 'engineer', org_id: 999 },
      {},
      422,
      'unknown_reference',
    ],
  ])('%s', async (what, payload, headers, status, code) => {
    const response = await post(what.startsWith('a character') ? '/orgs' : '/users', payload, headers);
    expect([response.statusCode, response.json().code]).toEqual([status, code]);
  });

  it('of paths that nobody serves are problems too', async () => {
    for (const url of ['/api/v1/nothing', '/nothing']) {
      const response = await api.app.inject({ url });
      expect([response.statusCode, response.json().code]).toEqual([404, 'not_found']);
    }
  });

  it('of a database that is gone say so', async () => {
    const broken = await testApi({
      query: () => Promise.reject(Object.assign(new Error('down'), { code: '57P01' })),
    } as never);
    const response = await broken.app.inject({ url: '/api/v1/session', headers: { cookie: 'uptally=x' } });
    expect([response.statusCode, response.json().code]).toEqual([503, 'database_unavailable']);
    expect((await broken.app.inject({ url: '/readyz' })).json()).toMatchObject({ status: 'not_ready' });
    expect((await broken.app.inject({ url: '/healthz' })).statusCode).toBe(200);
    await broken.close();
  });

  it('of a database that is too busy to give a connection in time say so', async () => {
    const pool = new pg.Pool({ connectionString: db.url, max: 1, connectionTimeoutMillis: 50 });
    const held = await pool.connect();
    const busy = await testApi(pool);
    const response = await busy.app.inject({ url: '/api/v1/session', headers: { cookie: 'uptally=x' } });
    expect([response.statusCode, response.json().code]).toEqual([503, 'database_unavailable']);
    held.release();
    await busy.close();
    await pool.end();
  });
});

describe('Idempotency-Key', () => {
  const create = (code: string, key: string) =>
    post('/orgs', { code, name: 'n'.repeat(80), kind: 'agency' }, { 'idempotency-key': key });

  it('gives a repetition the same answer and does nothing twice', async () => {
    const first = await create('north', 'k1');
    const again = await create('north', 'k1');
    expect(first.statusCode).toBe(201);
    expect([again.statusCode, again.headers['idempotency-replayed'], again.json()]).toEqual([
      201,
      'true',
      first.json(),
    ]);
    expect((await db.pool.query(`select 1 from audit_log where action = 'org.created'`)).rowCount).toBe(1);
  });

  it('refuses the key for another request', async () => {
    await create('north', 'k1');
    expect((await create('south', 'k1')).json().code).toBe('idempotency_mismatch');
    expect((await create('south', 'bad key\u00e9')).json().code).toBe('invalid_request');
  });

  it('lets one of two that race do it', async () => {
    const answers = await Promise.all([create('north', 'k1'), create('north', 'k1'), create('north', 'k1')]);
    expect(
      answers.filter(({ headers, statusCode }) => statusCode === 201 && !headers['idempotency-replayed']),
    ).toHaveLength(1);
    expect((await db.pool.query(`select 1 from org where code = 'north'`)).rowCount).toBe(1);
  });

  it('forgets a request that failed', async () => {
    await create('north', 'k0');
    expect((await create('north', 'k1')).json().code).toBe('already_exists');
    expect((await create('other', 'k1')).statusCode).toBe(201);
  });

  it('does not do again what may have been done before a crash', async () => {
    await db.pool.query(`insert into idempotency (user_id, key, request_hash) values ($1, 'k1', '')`, [admin.userId]);
    expect((await create('north', 'k1')).json().code).toBe('request_in_progress');
  });

  it('works on answers large enough to be compressed', async () => {
    for (let i = 0; i < 3; i++) {
      const response = await post(
        '/orgs',
        { code: 'zipped', name: 'n'.repeat(80), kind: 'agency' },
        { 'idempotency-key': 'k1', 'accept-encoding': 'br' },
      );
      expect(response.statusCode).toBe(201);
    }
  });
});

describe('the console', () => {
  let root: string;
  let served: TestApi;

  beforeEach(async () => {
    root = mkdtempSync(join(tmpdir(), 'uptally-web-'));
    mkdirSync(join(root, 'assets'));
    writeFileSync(join(root, 'index.html'), '<!doctype html><title>Uptally</title>');
    writeFileSync(join(root, 'assets', 'app-3f2a.js'), 'export {};');
    served = await testApi(db.pool, { webRoot: root });
    return async () => {
      await served.close();
      rmSync(root, { recursive: true });
    };
  });

  const get = (url: string, accept = 'text/html') => served.app.inject({ url, headers: { accept } });

  it('is served under every path a browser opens, never from a stale cache', async () => {
    for (const url of ['/', '/devices/pos-1?tab=events', '/index.html']) {
      const page = await get(url);
      expect([page.statusCode, page.headers['cache-control']], url).toEqual([200, 'no-cache']);
      expect(page.body).toContain('<title>Uptally</title>');
    }
    expect((await get('/api/v1/nothing')).headers['content-type']).toContain('application/problem+json');
    expect((await get('/assets/gone.js')).statusCode).toBe(404);
    expect((await get('/devices', 'application/json')).statusCode).toBe(404);
    expect((await get('/..%2f..%2fetc%2fpasswd', '*/*')).statusCode).toBeGreaterThanOrEqual(400);
  });

  it('keeps hashed files for ever and runs scripts of its own only', async () => {
    const script = await get('/assets/app-3f2a.js');
    expect(script.headers['cache-control']).toBe('public, max-age=31536000, immutable');
    const policy = String((await get('/')).headers['content-security-policy']);
    expect(policy).toContain("script-src 'self';");
    expect(policy).toContain("frame-ancestors 'none'");
    expect((await get('/')).headers['x-content-type-options']).toBe('nosniff');
  });
});

describe('metrics', () => {
  it('are for this machine, or for whoever has the token', async () => {
    const local = await api.app.inject({ url: '/metrics' });
    expect(local.statusCode).toBe(200);
    expect(local.body).toContain('uptally_devices{state="online"} 0');
    expect(local.body).toContain('uptally_http_request_duration_seconds');
    expect((await api.app.inject({ url: '/metrics', remoteAddress: '10.0.0.9' })).statusCode).toBe(404);
    expect((await api.app.inject({ url: '/metrics', headers: { 'x-forwarded-for': '10.0.0.9' } })).statusCode).toBe(
      404,
    );
    const guarded = await testApi(db.pool, { metricsToken: 'secret' });
    expect((await guarded.app.inject({ url: '/metrics' })).statusCode).toBe(404);
    const authorized = { url: '/metrics', remoteAddress: '10.0.0.9', headers: { authorization: 'Bearer secret' } };
    expect((await guarded.app.inject(authorized)).statusCode).toBe(200);
    await guarded.close();
  });
});

describe('the OpenAPI document', () => {
  it('describes every route of the API but itself', async () => {
    const { openapi, paths } = (await api.app.inject({ url: '/api/v1/openapi.json' })).json();
    expect(openapi).toBe('3.1.0');
    const described = Object.entries<object>(paths).flatMap(([url, methods]) =>
      Object.keys(methods).map((method) => `${method.toUpperCase()} ${url}`),
    );
    const served = api.app.accessTable
      .filter(({ method, url }) => method !== 'HEAD' && url.startsWith('/api/') && !url.endsWith('/openapi.json'))
      .map(({ method, url }) => `${method} ${url.replace(/:(\w+)/g, '{$1}')}`);
    expect(described.sort()).toEqual(
      expect.arrayContaining(served.filter((route) => !route.includes('twilio')).sort()),
    );
  });
});
