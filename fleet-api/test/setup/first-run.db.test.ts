import { afterAll, beforeAll, beforeEach, expect, it } from 'vitest';
import { type TestDatabase, testDatabase } from '../../../test/support/database.ts';
import { ensureFirstAdmin } from '../../src/setup/first-run.ts';
import { type TestApi, testApi } from '../support/api.ts';

let db: TestDatabase;
let api: TestApi;

beforeAll(async () => {
  db = await testDatabase();
  api = await testApi(db.pool);
});
beforeEach(async () => {
  await db.reset();
  api.clock.now = Date.now();
});
afterAll(async () => {
  await api?.close();
  await db?.close();
});

const needed = async () => (await api.app.inject({ url: '/api/v1/setup' })).json().needed;

it('makes one administrator, however many processes start', async () => {
  const passwords = await Promise.all([1, 2, 3].map(() => ensureFirstAdmin(db.pool, api.ctx.passwords)));
  expect(passwords.filter((password) => password !== null)).toHaveLength(1);
  expect((await db.pool.query('select 1 from app_user')).rowCount).toBe(1);
  expect(await ensureFirstAdmin(db.pool, api.ctx.passwords)).toBeNull();
});

it('leads from the one-time password to a named organisation', async () => {
  const password = await ensureFirstAdmin(db.pool, api.ctx.passwords);
  expect(await needed()).toBe(true);
  const signIn = await api.app.inject({
    method: 'POST',
    url: '/api/v1/session',
    payload: { login: 'admin', password },
  });
  expect(signIn.json()).toMatchObject({ setup_needed: true, user: { must_change_password: true } });
  const headers = { cookie: String(signIn.headers['set-cookie']).split(';')[0] ?? '' };
  const finish = (payload: object) => api.app.inject({ method: 'POST', url: '/api/v1/setup', headers, payload });
  expect((await finish({ org_name: '海南运维' })).json().code).toBe('password_change_required');
  expect((await finish({ org_name: '海南运维', new_password: 'admin' })).json().code).toBe('weak_password');
  const done = await finish({ org_name: '海南运维', name: '陈经理', new_password: 'a password of my own' });
  expect(done.json()).toMatchObject({
    setup_needed: false,
    user: { name: '陈经理', org: { name: '海南运维' }, must_change_password: false },
  });
  expect(await needed()).toBe(false);
  expect((await finish({ org_name: 'again' })).json().code).toBe('setup_finished');
});
