import { Secret, TOTP } from 'otpauth';
import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { type TestDatabase, testDatabase } from '../../../test/support/database.ts';
import { createSealer, sealSecrets, totpOf } from '../../src/auth/sealing.ts';
import { qrOf } from '../../src/http/qr.ts';
import { signedIn, type TestApi, testApi } from '../support/api.ts';

let db: TestDatabase;
let api: TestApi;
const password = 'correct horse battery';

beforeAll(async () => {
  db = await testDatabase();
});
beforeEach(async () => {
  await db.reset();
  api = await testApi(db.pool);
  return () => api.close();
});
afterAll(() => db.close());

const signIn = (login: string, secret: string, totp?: string) =>
  api.app.inject({
    method: 'POST',
    url: '/api/v1/session',
    payload: { login, password: secret, ...(totp && { totp }) },
  });

describe('signing in', () => {
  it('opens a session by a cookie that scripts and foreign pages cannot use', async () => {
    await signedIn(api, { login: 'li' });
    const response = await signIn('LI', password);
    expect(response.statusCode).toBe(200);
    const cookie = String(response.headers['set-cookie']);
    expect(cookie).toMatch(/^uptally=[\w-]{43}; /);
    expect(cookie).toContain('HttpOnly');
    expect(cookie).toContain('SameSite=Strict');
    expect(response.json()).toMatchObject({ user: { login: 'li', role: 'admin' }, setup_needed: true });
    const whoami = await api.app.inject({ url: '/api/v1/session', headers: { cookie: cookie.split(';')[0] ?? '' } });
    expect(whoami.json().user.login).toBe('li');
  });

  it('marks the cookie Secure behind HTTPS', async () => {
    await signedIn(api, { login: 'li' });
    const https = await testApi(db.pool, { publicUrl: 'https://uptally.example.cn' });
    const response = await https.app.inject({
      method: 'POST',
      url: '/api/v1/session',
      payload: { login: 'li', password },
    });
    expect(String(response.headers['set-cookie'])).toContain('Secure');
    expect(response.headers['strict-transport-security']).toBeDefined();
    await https.close();
  });

  it('says the same of a wrong password, an unknown login and a disabled person', async () => {
    await signedIn(api, { login: 'li' });
    const gone = await signedIn(api, { login: 'gone' });
    await db.pool.query('update app_user set disabled_at = now() where id = $1', [gone.userId]);
    const answers = await Promise.all([
      signIn('li', 'wrong password'),
      signIn('nobody', password),
      signIn('gone', password),
    ]);
    for (const answer of answers) {
      const { instance, ...problem } = answer.json();
      expect(instance).toMatch(/^urn:uptally:request:/);
      expect(problem).toEqual({
        type: 'urn:uptally:error:invalid_credentials',
        title: 'Login, password or code is wrong',
        status: 401,
        code: 'invalid_credentials',
      });
    }
    expect((await api.app.inject({ url: '/api/v1/session', headers: { cookie: gone.cookie } })).statusCode).toBe(401);
  });

  it.each(['li', 'nobody'])('locks after five failures, longer each time: %s', async (login) => {
    await signedIn(api, { login: 'li' });
    for (let i = 0; i < 5; i++) expect((await signIn(login, 'wrong password')).statusCode).toBe(401);
    const locked = await signIn(login, password);
    expect(locked.statusCode).toBe(423);
    expect(locked.json().code).toBe('account_locked');
    expect(locked.headers['retry-after']).toBe('900');
    api.clock.now += 15 * 60_000 + 1;
    for (let i = 0; i < 5; i++) expect((await signIn(login, 'wrong password')).statusCode).toBe(401);
    expect((await signIn(login, password)).headers['retry-after']).toBe('1800');
  });

  it('does not let a burst of parallel guesses outrun the lock', async () => {
    await signedIn(api, { login: 'li' });
    const guesses = Array.from({ length: 12 }, () => signIn('li', 'wrong password'));
    await Promise.all(guesses);
    expect((await signIn('li', password)).statusCode).toBe(423);
  });

  it('forgets a session that idles for 12 hours', async () => {
    const { cookie } = await signedIn(api);
    const get = () => api.app.inject({ url: '/api/v1/session', headers: { cookie } });
    api.clock.now += 11 * 3_600_000;
    expect((await get()).statusCode).toBe(200);
    api.clock.now += 11 * 3_600_000;
    expect((await get()).statusCode).toBe(200);
    api.clock.now += 12 * 3_600_000;
    expect((await get()).statusCode).toBe(401);
  });

  it('limits attempts from one address', async () => {
    const answers = [];
    for (let i = 0; i < 31; i++) answers.push((await signIn(`nobody${i}`, 'x')).statusCode);
    expect(answers.filter((status) => status === 429)).toHaveLength(1);
    expect(answers.at(-1)).toBe(429);
  });
});

describe('a password that must be changed', () => {
  it('allows nothing but its change (R-QH-7)', async () => {
    const { cookie } = await signedIn(api, { mustChangePassword: true });
    const headers = { cookie };
    const blocked = await api.app.inject({ url: '/api/v1/sessions', headers });
    expect(blocked.json().code).toBe('password_change_required');
    const change = (new_password: string) =>
      api.app.inject({
        method: 'POST',
        url: '/api/v1/session/password',
        headers,
        payload: { current_password: password, new_password },
      });
    expect((await change('short')).json().code).toBe('weak_password');
    expect((await change('1234567890')).json().code).toBe('weak_password');
    expect((await change(password)).json().code).toBe('weak_password');
    expect((await change('a password of my own')).statusCode).toBe(204);
    expect((await api.app.inject({ url: '/api/v1/sessions', headers })).statusCode).toBe(200);
  });

  it('ends the other sessions when it is changed', async () => {
    const person = await signedIn(api, { login: 'li' });
    const other = String((await signIn('li', password)).headers['set-cookie']).split(';')[0] ?? '';
    await api.app.inject({
      method: 'POST',
      url: '/api/v1/session/password',
      headers: { cookie: person.cookie },
      payload: { current_password: password, new_password: 'a password of my own' },
    });
    expect((await api.app.inject({ url: '/api/v1/session', headers: { cookie: other } })).statusCode).toBe(401);
    expect((await api.app.inject({ url: '/api/v1/session', headers: { cookie: person.cookie } })).statusCode).toBe(200);
  });
});

describe('a second factor', () => {
  const codeOf = (secret: string) =>
    new TOTP({ secret: Secret.fromBase32(secret) }).generate({ timestamp: api.clock.now });

  async function enrolled() {
    const { cookie } = await signedIn(api, { login: 'li' });
    const post = (url: string, payload?: object) =>
      api.app.inject({ method: 'POST', url, headers: { cookie }, ...(payload && { payload }) });
    const { secret, otpauth_uri, qr } = (await post('/api/v1/session/totp')).json();
    expect(otpauth_uri).toContain('otpauth://totp/Uptally:li?');
    expect(qr).toEqual(qrOf(otpauth_uri));
    return { secret: String(secret), post };
  }

  it('counts once confirmed and is then asked for; a code is good once', async () => {
    const { secret, post } = await enrolled();
    expect((await signIn('li', password)).statusCode).toBe(200);
    expect((await post('/api/v1/session/totp/confirm', { code: '000000' })).statusCode).toBe(401);
    expect((await post('/api/v1/session/totp/confirm', { code: codeOf(secret) })).statusCode).toBe(204);
    const { rows } = await db.pool.query<{ id: number; totp_secret: string }>(
      `select id, totp_secret from app_user where login = 'li'`,
    );
    expect(rows[0]?.totp_secret).not.toContain(secret);
    expect(() => createSealer(Buffer.alloc(32, 8)).open(rows[0]?.totp_secret ?? '', totpOf(rows[0]?.id ?? 0))).toThrow(
      'another key',
    );
    await db.pool.query(`update app_user set totp_secret = $1 where login = 'li'`, [secret]); // as it was stored before
    expect(await sealSecrets(db.pool, api.ctx.sealer)).toBe(1);
    expect(await sealSecrets(db.pool, api.ctx.sealer)).toBe(0);
    expect((await signIn('li', password)).json().code).toBe('totp_required');
    expect((await signIn('li', password, codeOf(secret))).json().code).toBe('invalid_credentials');
    api.clock.now += 30_000;
    const code = codeOf(secret);
    expect((await signIn('li', password, code)).statusCode).toBe(200);
    expect((await signIn('li', password, code)).json().code).toBe('invalid_credentials');
  });

  it('is removed with the password', async () => {
    const { secret, post } = await enrolled();
    await post('/api/v1/session/totp/confirm', { code: codeOf(secret) });
    expect((await post('/api/v1/session/totp')).statusCode).toBe(409);
    expect((await post('/api/v1/session/totp/remove', { password: 'wrong' })).statusCode).toBe(401);
    expect((await post('/api/v1/session/totp/remove', { password })).statusCode).toBe(204);
    expect((await signIn('li', password)).statusCode).toBe(200);
  });
});

describe('requests from foreign pages', () => {
  it.each([
    [{ origin: 'https://evil.example' }, 403],
    [{ origin: 'null' }, 403],
    [{ 'sec-fetch-site': 'cross-site' }, 403],
    [{ origin: 'http://localhost:80' }, 204],
    [{}, 204],
  ])('%j -> %i', async (headers, status) => {
    const { cookie } = await signedIn(api);
    const response = await api.app.inject({
      method: 'DELETE',
      url: '/api/v1/session',
      headers: { ...headers, cookie, host: 'localhost' },
    });
    expect(response.statusCode).toBe(status);
  });
});

describe('API keys', () => {
  it('carry the rights of their person until revoked', async () => {
    const { cookie } = await signedIn(api, { role: 'engineer' });
    const made = await api.app.inject({
      method: 'POST',
      url: '/api/v1/api-keys',
      headers: { cookie },
      payload: { label: 'ci' },
    });
    expect(made.statusCode).toBe(201);
    const { id, key } = made.json();
    const authorization = `Bearer ${key}`;
    const whoami = await api.app.inject({ url: '/api/v1/session', headers: { authorization } });
    expect(whoami.json().user.role).toBe('engineer');
    const forbidden = await api.app.inject({
      method: 'POST',
      url: '/api/v1/api-keys',
      headers: { authorization },
      payload: { label: 'x' },
    });
    expect(forbidden.json().code).toBe('forbidden');
    const revoked = await api.app.inject({ method: 'DELETE', url: `/api/v1/api-keys/${id}`, headers: { cookie } });
    expect(revoked.statusCode).toBe(204);
    expect((await api.app.inject({ url: '/api/v1/session', headers: { authorization } })).statusCode).toBe(401);
  });
});
