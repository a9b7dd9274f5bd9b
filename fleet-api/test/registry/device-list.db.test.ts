import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { type TestDatabase, testDatabase } from '../../../test/support/database.ts';
import { DEVICE_SORTS } from '../../src/registry/devices/schemas.ts';
import { signedIn, type TestApi, type TestPerson, testApi } from '../support/api.ts';
import { seedFleet } from '../support/seed.ts';

interface Item {
  readonly device_id: string;
  readonly state: string;
}

describe('the device list', () => {
  let database: TestDatabase;
  let api: TestApi;
  let admin: TestPerson;

  beforeAll(async () => {
    database = await testDatabase();
    api = await testApi(database.pool);
    await seedFleet(database.pool, { devices: 1200, counties: 3, townshipsPerCounty: 4, nowMs: api.clock.now });
    admin = await signedIn(api);
  });
  afterAll(async () => {
    await api?.close();
    await database?.close();
  });

  const get = async (url: string) => {
    const response = await api.app.inject({ url: `/api/v1${url}`, headers: { cookie: admin.cookie } });
    expect(response.statusCode, response.body).toBe(200);
    return response.json();
  };

  /** Every page of a list, with something done between the pages. */
  const walk = async (
    query: string,
    between: (page: number) => Promise<void> = async () => undefined,
  ): Promise<Item[]> => {
    const items: Item[] = [];
    let cursor: string | null = '';
    for (let page = 0; cursor !== null; page++) {
      const answer = await get(`/devices?limit=300&${query}${cursor === '' ? '' : `&cursor=${cursor}`}`);
      items.push(...answer.items);
      cursor = answer.next_cursor;
      await between(page);
    }
    return items;
  };

  it.each(Object.keys(DEVICE_SORTS).flatMap((sort) => [sort, `-${sort}`]))(
    'pages through all of it by %s',
    async (sort) => {
      const items = await walk(`sort=${sort}`);
      expect(items).toHaveLength(1200);
      expect(new Set(items.map((item) => item.device_id)).size).toBe(1200);
    },
  );

  it('shows every device once though others come and change meanwhile', async () => {
    const before = (await walk('')).map((item) => item.device_id);
    const seen = await walk('sort=device_id', async (page) => {
      await database.pool.query(
        `with d as (insert into device (device_id, serial) values ($1, $1), ($2, $2) returning device_key)
         insert into device_live (device_key) select device_key from d`,
        [`aaa-${page}`, `zzz-${page}`],
      );
      await database.pool.query(`update device_live set online = not online where device_key = $1`, [page + 1]);
    });
    const ids = seen.map((item) => item.device_id);
    expect(new Set(ids).size).toBe(ids.length);
    expect(ids).toEqual(expect.arrayContaining(before));
    await database.pool.query(`delete from device where device_id ~ '^(aaa|zzz)-'`);
  });

  it('agrees with the counts, state by state, under any filter', async () => {
    for (const filter of ['', 'lifecycle=in_service', 'region=2', 'model=1', 'q=镇第5', 'component=printer']) {
      const counts = await get(`/devices/count?${filter}`);
      const items = await walk(filter);
      expect(items).toHaveLength(counts.total);
      for (const state of ['online', 'offline', 'faulty', 'never']) {
        expect(items.filter((item) => item.state === state)).toHaveLength(counts[state]);
        expect(await walk(`${filter}&state=${state}`)).toHaveLength(counts[state]);
      }
    }
  });

  it('puts the unknown last in both directions', async () => {
    for (const sort of ['signal_dbm', '-signal_dbm']) {
      const { items } = await get(`/devices?limit=500&sort=${sort}`);
      expect(items[0].signal_dbm).not.toBeNull();
    }
  });

  it('finds by any part of id, serial, site, station and card, words in any order', async () => {
    const { items } = await get('/devices?limit=500&q=pos-000042');
    expect(items).toHaveLength(1);
    const device = await get('/devices/pos-000042');
    const probes = [
      device.serial.slice(2, 9),
      device.site.code,
      device.station.code,
      device.sim.iccid.slice(-7),
      `0042 ${device.site.code.toLowerCase()}`,
    ];
    for (const q of probes) {
      const found = await get(`/devices?limit=500&q=${encodeURIComponent(q)}`);
      expect(
        found.items.map((item: Item) => item.device_id),
        q,
      ).toContain('pos-000042');
    }
    expect((await get('/devices?q=%25')).items).toEqual([]);
    expect((await get('/devices?q=_os-000042')).items).toEqual([]);
  });

  it('follows renames, SIM cards and live state', async () => {
    await database.pool.query(
      `update site set name = '改名卫生室' where id = (select site_id from device_list where device_id = 'pos-000007')`,
    );
    expect((await walk('q=改名')).map((item) => item.device_id)).toContain('pos-000007');
    await database.pool.query(`update sim_card set iccid = '89869999999999999999' where device_key = 8`);
    expect((await walk('q=99999999')).map((item) => item.device_id)).toEqual(['pos-000008']);
    await database.pool.query(
      `update device_live set faulty = true, components = components || '{"door":{"s":"fault","r":"open"}}' where device_key = 9`,
    );
    const [item] = (await get('/devices?component=door')).items;
    expect(item).toMatchObject({
      device_id: 'pos-000009',
      state: 'faulty',
      components: [{ component: 'door', reason: 'open' }],
    });
  });

  it('refuses a cursor of another order or a forged one', async () => {
    const { next_cursor: cursor } = await get('/devices?limit=1&sort=changed_at');
    const forged = Buffer.from(JSON.stringify(['changed_at', 'never', 1])).toString('base64url');
    for (const url of [
      `/devices?sort=serial&cursor=${cursor}`,
      `/devices?sort=changed_at&cursor=${forged}`,
      '/devices?cursor=x',
    ]) {
      const response = await api.app.inject({ url: `/api/v1${url}`, headers: { cookie: admin.cookie } });
      expect([response.statusCode, response.json().code]).toEqual([400, 'invalid_cursor']);
    }
  });

  it('streams the same list as CSV', async () => {
    const response = await api.app.inject({
      url: '/api/v1/devices.csv?state=faulty',
      headers: { cookie: admin.cookie, 'accept-language': 'en' },
    });
    const lines = response.body.split('\r\n').slice(0, -1);
    expect(lines[0]).toMatch(/^\ufeffDevice,Serial,Model/);
    expect(lines).toHaveLength(1 + (await get('/devices/count')).faulty);
  });
});
