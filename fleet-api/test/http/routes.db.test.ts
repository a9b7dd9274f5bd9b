import type { TypeBoxTypeProvider } from '@fastify/type-provider-typebox';
import Fastify from 'fastify';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { type TestDatabase, testDatabase } from '../../../test/support/database.ts';
import { type RouteAccess, registerGuard } from '../../src/auth/guard.ts';
import { type Action, isAllowed, PERMISSIONS, ROLES } from '../../src/auth/permissions.ts';
import { signedIn, type TestApi, type TestPerson, testApi } from '../support/api.ts';

let db: TestDatabase;
let api: TestApi;
const people = new Map<string, TestPerson>();

beforeAll(async () => {
  db = await testDatabase();
  api = await testApi(db.pool);
  for (const role of ROLES) people.set(role, await signedIn(api, { role }));
  people.set('restricted', await signedIn(api, { mustChangePassword: true }));
});
afterAll(async () => {
  await api.close();
  await db.close();
});

const allRoutes = () => api.app.accessTable.filter(({ method }) => method !== 'HEAD');

/** A path with something in place of each parameter, e.g. `/users/:id` -> `/users/999999`. */
const filled = (url: string) => url.replace(/:\w+/g, '999999');
const status = async (route: RouteAccess, person: TestPerson | undefined) => {
  const response = await api.app.inject({
    method: route.method as 'GET',
    url: filled(route.url),
    headers: { ...(person && { cookie: person.cookie }) },
    ...(route.method === 'GET' || route.method === 'DELETE' ? {} : { payload: {} }),
  });
  return {
    status: response.statusCode,
    code: String(response.headers['content-type']).includes('json') ? response.json()?.code : undefined,
  };
};

describe('every route', () => {
  it('says what access it demands', () => {
    const routes = allRoutes();
    expect(routes.length).toBeGreaterThan(60);
    expect(routes.filter((route) => route.access === undefined)).toEqual([]);
    const known = new Set<string>(['public', 'session', ...Object.keys(PERMISSIONS)]);
    expect(routes.filter((route) => !known.has(String(route.access)))).toEqual([]);
    const open = routes.filter((route) => route.access === 'public').map((route) => `${route.method} ${route.url}`);
    expect(open.sort()).toMatchInlineSnapshot(`
      [
        "GET /api/v1/agent",
        "GET /api/v1/agent/:file",
        "GET /api/v1/openapi.json",
        "GET /api/v1/public/stations/:token",
        "GET /api/v1/setup",
        "GET /api/v1/site-confirmations/:token",
        "GET /healthz",
        "GET /metrics",
        "GET /readyz",
        "POST /api/v1/enrol",
        "POST /api/v1/public/stations/:token",
        "POST /api/v1/public/stations/:token/photos/:key",
        "POST /api/v1/session",
        "POST /api/v1/site-confirmations/:token",
        "POST /api/v1/twilio/status",
      ]
    `);
  });

  it('turns away strangers, people who must change their password, and roles without the right', async () => {
    for (const route of allRoutes()) {
      if (route.access === 'public') continue;
      const label = `${route.method} ${route.url}`;
      expect(await status(route, undefined), label).toEqual({ status: 401, code: 'unauthenticated' });
      if (route.access === 'session') continue;
      expect(await status(route, people.get('restricted')), label).toEqual({
        status: 403,
        code: 'password_change_required',
      });
      for (const role of ROLES.filter((role) => !isAllowed(role, route.access as Action))) {
        expect(await status(route, people.get(role)), `${label} as ${role}`).toEqual({
          status: 403,
          code: 'forbidden',
        });
      }
    }
  });

  it('stops the start if it forgets', () => {
    const app = Fastify().withTypeProvider<TypeBoxTypeProvider>();
    registerGuard(app, api.ctx);
    expect(() => app.get('/api/v1/forgotten', async () => 'oops')).toThrow('does not say what access it demands');
  });
});
