import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { type TestDatabase, testDatabase } from '../../../test/support/database.ts';
import { signedIn, type TestApi, type TestPerson, testApi } from '../support/api.ts';
import { type TestCounty, testCounty } from '../support/county.ts';

const HOUR = 3_600_000;

describe('installations', () => {
  let database: TestDatabase;
  let api: TestApi;
  let county: TestCounty;
  let person: TestPerson;
  const start = Date.parse('2026-03-01T00:00:00Z');

  beforeAll(async () => {
    database = await testDatabase();
    api = await testApi(database.pool);
  });
  afterAll(async () => {
    await api?.close();
    await database?.close();
  });
  beforeEach(async () => {
    await database.reset();
    api.clock.now = start + 24 * HOUR;
    county = await testCounty(database.pool, 'AA', new Date(start));
    person = await signedIn(api, { role: 'manager' });
  });

  const at = (hours: number): string => new Date(start + hours * HOUR).toISOString();
  const post = (path: string, payload: object) =>
    api.app.inject({ method: 'POST', url: `/api/v1/stations/${path}`, headers: { cookie: person.cookie }, payload });
  const device = async (id: string) =>
    (await api.app.inject({ url: `/api/v1/devices/${id}`, headers: { cookie: person.cookie } })).json();
  const open = async (station: number): Promise<string[]> => {
    const { rows } = await database.pool.query<{ device_id: string }>(
      'select d.device_id from installation i join device d using (device_key) where i.station_id = $1 and i.to_at is null',
      [station],
    );
    return rows.map((row) => row.device_id);
  };
  const [s1, d1, spare, spare2] = [
    () => county.stations[0] as number,
    () => county.devices[0] as string,
    () => county.spares[0] as string,
    () => county.spares[1] as string,
  ];

  it('swaps in one step: the old device goes to repair at the county, the new one follows the station', async () => {
    const response = await post(`${s1()}/swap`, { device_id: spare(), reason: 'printer broken', at: at(5) });
    expect(response.statusCode).toBe(200);
    expect(response.json().device).toMatchObject({ device_id: spare(), since: at(5) });
    expect(await device(d1())).toMatchObject({
      lifecycle: 'in_repair',
      station: null,
      site: null,
      region: { id: county.countyId },
    });
    expect(await device(spare())).toMatchObject({
      lifecycle: 'in_service',
      station: { id: s1() },
      region: { id: county.townshipId },
    });
    const history = await api.app.inject({
      url: `/api/v1/stations/${s1()}/installations`,
      headers: { cookie: person.cookie },
    });
    expect(history.json().items).toMatchObject([
      { device: { device_id: spare() }, from: at(5), to: null },
      { device: { device_id: d1() }, from: at(0), to: at(5) },
    ]);
    const { rows } = await database.pool.query(`select kind, payload from outbox where kind = 'device.changed'`);
    expect(rows.map((row) => row.payload.deviceId).sort()).toEqual([d1(), spare()].sort());
    const audit = await database.pool.query(`select subject from audit_log where action = 'device.swapped'`);
    expect(audit.rows).toEqual([{ subject: `station:${county.stationCodes[0]}` }]);
  });

  it('lets one of two swaps win that set out to replace the same device', async () => {
    const swap = (device_id: string) => post(`${s1()}/swap`, { device_id, old_device_id: d1(), reason: 'race' });
    const answers = await Promise.all([swap(spare()), swap(spare2())]);
    expect(answers.map((a) => a.statusCode).sort()).toEqual([200, 409]);
    const loser = answers.find((a) => a.statusCode === 409)?.json();
    const [winner] = await open(s1());
    expect(loser).toMatchObject({ code: 'conflict', detail: expect.stringContaining(String(winner)) });
    expect(await open(s1())).toHaveLength(1);
  });

  it('puts one device at one of two stations', async () => {
    const [a, b] = county.stations as [number, number];
    const answers = await Promise.all([a, b].map((id) => post(`${id}/swap`, { device_id: spare(), reason: 'race' })));
    expect(answers.map((r) => r.statusCode).sort()).toEqual([200, 409]);
    expect(answers.find((r) => r.statusCode === 409)?.json().code).toBe('device_installed');
    expect([...(await open(a)), ...(await open(b))].filter((id) => id === spare())).toHaveLength(1);
  });

  it('crosses two swaps without a deadlock', async () => {
    const [a, b] = county.stations as [number, number];
    const [x, y] = county.devices as [string, string];
    const answers = await Promise.all([
      post(`${a}/swap`, { device_id: y, reason: 'x' }),
      post(`${b}/swap`, { device_id: x, reason: 'x' }),
    ]);
    expect(answers.map((r) => r.json().code)).toEqual(['device_installed', 'device_installed']);
  });

  it.each([
    ['before the present installation began', () => at(0), 409, 'installation_overlap'],
    ['in the future', () => at(25), 400, 'invalid_request'],
  ])('refuses a swap %s', async (_case, when, status, code) => {
    const response = await post(`${s1()}/swap`, { device_id: spare(), reason: 'x', at: when() });
    expect([response.statusCode, response.json().code]).toEqual([status, code]);
    expect(await open(s1())).toEqual([d1()]);
  });

  it('refuses an installation before the last one of the station or the device ended', async () => {
    expect((await post(`${s1()}/remove`, { reason: 'repair', at: at(6) })).statusCode).toBe(200);
    const early = await post(`${s1()}/install`, { device_id: spare(), reason: 'x', at: at(5) });
    expect(early.json()).toMatchObject({ code: 'installation_overlap' });
    const back = await post(`${s1()}/install`, { device_id: d1(), reason: 'repaired', at: at(6) });
    expect(back.statusCode).toBe(200);
    expect(await device(d1())).toMatchObject({ lifecycle: 'in_service', region: { id: county.townshipId } });
  });

  it('names what stands in the way', async () => {
    const taken = await post(`${s1()}/install`, { device_id: spare(), reason: 'x' });
    expect(taken.json()).toMatchObject({ code: 'station_occupied', detail: expect.stringContaining(d1()) });
    await post(`${s1()}/remove`, { reason: 'x', lifecycle: 'retired' });
    expect((await post(`${s1()}/remove`, { reason: 'x' })).json()).toMatchObject({ code: 'station_empty' });
    expect((await post(`${s1()}/install`, { device_id: d1(), reason: 'x' })).json()).toMatchObject({
      code: 'device_retired',
    });
    const elsewhere = await post(`${s1()}/install`, { device_id: county.devices[1], reason: 'x' });
    expect(elsewhere.json()).toMatchObject({
      code: 'device_installed',
      detail: expect.stringContaining(county.stationCodes[1] as string),
    });
  });

  it('keeps region and life-cycle of an installed device with its station', async () => {
    const headers = { cookie: person.cookie };
    const patch = (url: string, payload: object, extra = {}) =>
      api.app.inject({ method: 'PATCH', url: `/api/v1/${url}`, headers: { ...headers, ...extra }, payload });
    expect((await patch(`devices/${d1()}`, { lifecycle: 'in_repair' })).json().code).toBe('device_installed');
    const moved = await patch(`sites/${county.siteId}`, { region_id: county.countyId, name: '新名' });
    expect(moved.statusCode).toBe(200);
    expect(await device(d1())).toMatchObject({ region: { id: county.countyId }, site: { name: '新名' } });
    const stale = await patch(`sites/${county.siteId}`, { name: 'late' }, { 'if-match': '"1"' });
    expect([stale.statusCode, stale.json().code]).toEqual([412, 'version_conflict']);
    expect(
      (await patch(`sites/${county.siteId}`, { name: 'late' }, { 'if-match': String(moved.headers.etag) })).statusCode,
    ).toBe(200);
  });
});
