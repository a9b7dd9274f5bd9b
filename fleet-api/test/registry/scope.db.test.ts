import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { type TestDatabase, testDatabase } from '../../../test/support/database.ts';
import { signedIn, type TestApi, type TestPerson, testApi } from '../support/api.ts';
import { type TestCounty, testCounty } from '../support/county.ts';

describe('region scope', () => {
  let database: TestDatabase;
  let api: TestApi;
  let ours: TestCounty;
  let theirs: TestCounty;
  let manager: TestPerson;

  beforeAll(async () => {
    database = await testDatabase();
    api = await testApi(database.pool);
    const installedAt = new Date(api.clock.now - 86_400_000);
    ours = await testCounty(database.pool, 'AA', installedAt);
    theirs = await testCounty(database.pool, 'BB', installedAt);
    await database.pool.query(
      `insert into sim_card (iccid, device_key) select '8986000000000000000' || device_key, device_key from device`,
    );
    manager = await signedIn(api, { role: 'manager', regionIds: [ours.countyId] });
  });
  afterAll(async () => {
    await api?.close();
    await database?.close();
  });

  const request = (method: 'GET' | 'POST' | 'PATCH', url: string, payload?: object) =>
    api.app.inject({
      method,
      url: `/api/v1${url}`,
      headers: { cookie: manager.cookie },
      ...(payload ? { payload } : {}),
    });

  /** Anything that names the other county, its codes or its devices. */
  const FOREIGN = /BB|-bb-/;

  it.each([
    '/devices?limit=500',
    '/devices?q=dev',
    '/devices.csv',
    '/sites',
    '/stations',
    '/sims',
    '/regions',
    '/overview',
    '/export/devices.csv',
    '/export/sites.csv',
    '/export/stations.csv',
    '/export/regions.csv',
    '/export/sims.csv',
  ])('%s shows the own county and nothing of another', async (url) => {
    const response = await request('GET', url);
    expect(response.statusCode).toBe(200);
    expect(response.body).toMatch(/AA|-aa-/);
    expect(response.body).not.toMatch(FOREIGN);
  });

  it('counts its own only', async () => {
    expect((await request('GET', '/devices/count')).json()).toMatchObject({ total: 4, never: 4 });
    expect((await request('GET', '/overview')).json().totals).toMatchObject({
      stations: 2,
      devices: 4,
      spares: 2,
      never: 2,
    });
    expect((await request('GET', `/devices/count?region=${theirs.countyId}`)).json()).toMatchObject({ total: 0 });
    expect((await request('GET', `/devices?site=${theirs.siteId}`)).json().items).toEqual([]);
  });

  it('answers for a foreign device as for one that does not exist', async () => {
    const device = theirs.devices[0];
    const from = new Date(api.clock.now - 3_600_000).toISOString();
    for (const path of [
      '',
      '/installations',
      '/events',
      '/sessions',
      `/series?metric=cpu_pct&from=${from}`,
      `/presence?from=${from}`,
    ]) {
      const response = await request('GET', `/devices/${device}${path}`);
      expect([path, response.statusCode, response.json().code]).toEqual([path, 404, 'not_found']);
    }
    expect((await request('PATCH', `/devices/${device}`, { note: 'x' })).statusCode).toBe(404);
    expect((await request('GET', `/sites/${theirs.siteId}`)).statusCode).toBe(404);
    expect((await request('GET', `/stations/${theirs.stations[0]}`)).statusCode).toBe(404);
    expect((await request('GET', `/stations/${theirs.stations[0]}/installations`)).statusCode).toBe(404);
  });

  it('changes nothing across the border', async () => {
    const reason = 'test';
    const install = await request('POST', `/stations/${theirs.stations[0]}/swap`, {
      device_id: ours.spares[0],
      reason,
    });
    expect(install.statusCode).toBe(404);
    const fetch = await request('POST', `/stations/${ours.stations[0]}/swap`, { device_id: theirs.spares[0], reason });
    expect([fetch.statusCode, fetch.json().code]).toEqual([422, 'unknown_reference']);
    const move = await request('PATCH', `/devices/${ours.spares[0]}`, { region_id: theirs.countyId });
    expect(move.statusCode).toBe(422);
    const site = await request('POST', '/sites', { code: 'X1', name: 'x', region_id: theirs.townshipId });
    expect(site.statusCode).toBe(422);
    const nowhere = await request('POST', '/devices', { serial: 'NOWHERE' });
    expect(nowhere.statusCode).toBe(422);
  });

  it('imports neither into nor over another county', async () => {
    const csv = (kind: string, payload: string) =>
      api.app.inject({
        method: 'POST',
        url: `/api/v1/imports/${kind}`,
        headers: { cookie: manager.cookie, 'content-type': 'text/csv', 'accept-language': 'en' },
        payload,
      });
    const sites = (
      await csv('sites', `code,name,region_code\nNEW,new,46BB01\n${theirs.siteCode},taken over,46AA01\n`)
    ).json();
    expect(sites.committed).toBe(false);
    expect(sites.errors.map((e: { line: number; code: string }) => [e.line, e.code])).toEqual([
      [2, 'unknown_reference'],
      [3, 'out_of_scope'],
    ]);
    const devices = (await csv('devices', `serial,region_code\n${theirs.spares[0]?.toUpperCase()},46AA\n`)).json();
    expect(devices.errors).toMatchObject([{ line: 2, code: 'out_of_scope' }]);
    expect((await csv('regions', 'code,name,kind,parent_code\n46CC,x,county,46\n')).statusCode).toBe(403);
  });

  it('lets nobody but writers write', async () => {
    const auditor = await signedIn(api, { role: 'auditor' });
    const headers = { cookie: auditor.cookie };
    const swap = { method: 'POST', url: `/api/v1/stations/${ours.stations[0]}/swap`, headers } as const;
    expect((await api.app.inject({ ...swap, payload: { device_id: ours.spares[0], reason: 'x' } })).statusCode).toBe(
      403,
    );
    expect((await api.app.inject({ url: '/api/v1/devices', headers })).statusCode).toBe(200);
    expect((await api.app.inject({ url: '/api/v1/devices' })).statusCode).toBe(401);
  });
});
