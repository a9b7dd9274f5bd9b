import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { type TestDatabase, testDatabase } from '../../../test/support/database.ts';
import { signedIn, type TestApi, type TestPerson, testApi, testOrg, testRegion } from '../support/api.ts';

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
  admin = await signedIn(api, { login: 'boss' });
});
afterAll(async () => {
  await api?.close();
  await db?.close();
});

const call = (
  person: TestPerson,
  method: 'GET' | 'POST' | 'PATCH' | 'DELETE',
  url: string,
  payload?: object,
  headers = {},
) =>
  api.app.inject({
    method,
    url: `/api/v1${url}`,
    headers: { ...headers, cookie: person.cookie },
    ...(payload && { payload }),
  });

describe('people', () => {
  it('are created with a one-time password that must be changed', async () => {
    const created = await call(admin, 'POST', '/users', { login: 'Wang.Li', name: '王丽', role: 'engineer' });
    expect(created.statusCode, created.body).toBe(201);
    const { user, one_time_password } = created.json();
    expect(user).toMatchObject({
      login: 'wang.li',
      name: '王丽',
      role: 'engineer',
      must_change_password: true,
      region_ids: null,
    });
    expect(one_time_password).toMatch(/^([a-z2-9]{4}-){3}[a-z2-9]{4}$/);
    const signIn = await api.app.inject({
      method: 'POST',
      url: '/api/v1/session',
      payload: { login: 'wang.li', password: one_time_password },
    });
    expect(signIn.json().user.must_change_password).toBe(true);
    const twice = await call(admin, 'POST', '/users', { login: 'wang.li', name: 'x', role: 'engineer' });
    expect(twice.json()).toMatchObject({ code: 'already_exists', detail: 'Key (login)=(wang.li) already exists.' });
  });

  it('are found page by page', async () => {
    for (const login of ['anna', 'bert', 'carl', 'dora']) await signedIn(api, { login, role: 'engineer' });
    const first = (await call(admin, 'GET', '/users?limit=3')).json();
    expect(first.items.map((user: { login: string }) => user.login)).toEqual(['anna', 'bert', 'boss']);
    const second = (await call(admin, 'GET', `/users?limit=3&cursor=${first.next_cursor}`)).json();
    expect(second.items.map((user: { login: string }) => user.login)).toEqual(['carl', 'dora']);
    expect(second.next_cursor).toBeNull();
    expect((await call(admin, 'GET', '/users?q=AR&role=engineer')).json().items).toHaveLength(1);
    expect((await call(admin, 'GET', '/users?cursor=abc')).json().code).toBe('invalid_cursor');
    const foreign = Buffer.from('["id-",1]').toString('base64url');
    expect((await call(admin, 'GET', `/users?cursor=${foreign}`)).json().code).toBe('invalid_cursor');
  });

  it('are changed by one at a time', async () => {
    const { userId } = await signedIn(api, { role: 'engineer' });
    const read = await call(admin, 'GET', `/users/${userId}`);
    const headers = { 'if-match': String(read.headers.etag) };
    expect((await call(admin, 'PATCH', `/users/${userId}`, { name: 'A' }, headers)).json().name).toBe('A');
    const late = await call(admin, 'PATCH', `/users/${userId}`, { name: 'B' }, headers);
    expect(late.statusCode).toBe(412);
    expect(late.json().code).toBe('version_conflict');
    expect((await call(admin, 'PATCH', `/users/${userId}`, { name: 'C' })).json().name).toBe('C');
  });

  it('lose their sessions when disabled and when their password is reset', async () => {
    const person = await signedIn(api, { role: 'engineer' });
    const me = () => call(person, 'GET', '/session');
    expect((await call(admin, 'POST', `/users/${person.userId}/reset-password`)).statusCode).toBe(200);
    expect((await me()).statusCode).toBe(401);
    const other = await signedIn(api, { role: 'engineer' });
    await call(admin, 'PATCH', `/users/${other.userId}`, { disabled: true });
    expect((await call(other, 'GET', '/session')).statusCode).toBe(401);
    const kept = await call(admin, 'PATCH', `/users/${other.userId}`, { disabled: false });
    expect(kept.json().disabled_at).toBeNull();
  });

  it('always include an active administrator, also when two remove each other at once', async () => {
    const other = await signedIn(api, { login: 'second' });
    expect((await call(admin, 'PATCH', `/users/${other.userId}`, { role: 'auditor' })).statusCode).toBe(200);
    expect((await call(admin, 'PATCH', `/users/${admin.userId}`, { disabled: true })).json().code).toBe('last_admin');
    const third = await signedIn(api, { login: 'third' });
    const answers = await Promise.all([
      call(admin, 'PATCH', `/users/${third.userId}`, { disabled: true }),
      call(third, 'PATCH', `/users/${admin.userId}`, { role: 'engineer' }),
    ]);
    expect(answers.filter((answer) => answer.statusCode === 200)).toHaveLength(1);
    const { rowCount } = await db.pool.query(`select 1 from app_user where role = 'admin' and disabled_at is null`);
    expect(rowCount).toBe(1);
  });
});

describe('a manager', () => {
  it('manages people of the own organisation, and no wider ones', async () => {
    const org = await testOrg(db.pool, 'north', 'contractor');
    const province = await testRegion(db.pool, '46', 'province');
    const east = await testRegion(db.pool, '4601', 'county', province);
    const town = await testRegion(db.pool, '460101', 'township', east);
    const manager = await signedIn(api, { role: 'manager', orgId: org, regionIds: [east] });
    const wide = await signedIn(api, { role: 'engineer', orgId: org });
    const local = await signedIn(api, { role: 'engineer', orgId: org, regionIds: [town] });
    const chief = await signedIn(api, { role: 'admin', orgId: org });
    const code = async (answer: ReturnType<typeof call>) => (await answer).json().code;

    expect((await call(manager, 'GET', '/users')).json().items).toHaveLength(4);
    expect(await code(call(manager, 'GET', `/users/${admin.userId}`))).toBe('not_found');
    expect(await code(call(manager, 'POST', `/users/${admin.userId}/reset-password`))).toBe('not_found');
    expect(await code(call(manager, 'POST', `/users/${wide.userId}/reset-password`))).toBe('out_of_scope');
    expect(await code(call(manager, 'POST', `/users/${chief.userId}/unlock`))).toBe('out_of_scope');
    expect((await call(manager, 'POST', `/users/${local.userId}/reset-password`)).statusCode).toBe(200);
    expect(await code(call(manager, 'PATCH', `/users/${local.userId}`, { region_ids: null }))).toBe('out_of_scope');
    expect(await code(call(manager, 'PATCH', `/users/${local.userId}`, { region_ids: [province] }))).toBe(
      'out_of_scope',
    );
    expect(await code(call(manager, 'PATCH', `/users/${local.userId}`, { role: 'admin' }))).toBe('out_of_scope');
    expect((await call(manager, 'PATCH', `/users/${local.userId}`, { region_ids: [east] })).json().region_ids).toEqual([
      east,
    ]);
    const created = { login: 'neu', name: 'Neu', role: 'oncall' };
    expect(await code(call(manager, 'POST', '/users', created))).toBe('out_of_scope');
    expect((await call(manager, 'POST', '/users', { ...created, region_ids: [town] })).statusCode).toBe(201);
    expect(
      await code(call(manager, 'POST', '/users', { ...created, login: 'x9', org_id: admin.orgId, region_ids: [town] })),
    ).toBe('out_of_scope');
  });
});

describe('organisations', () => {
  it('are created and renamed by administrators', async () => {
    const created = await call(admin, 'POST', '/orgs', { code: 'north', name: '北方运维', kind: 'contractor' });
    expect(created.json()).toMatchObject({ code: 'north', users: 0 });
    const renamed = await call(admin, 'PATCH', `/orgs/${created.json().id}`, { name: '南方运维' });
    expect(renamed.json().name).toBe('南方运维');
    expect((await call(admin, 'PATCH', '/orgs/999', { name: 'x' })).statusCode).toBe(404);
    expect((await call(admin, 'GET', '/orgs')).json().items).toHaveLength(2);
  });
});
