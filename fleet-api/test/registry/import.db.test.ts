import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { type TestDatabase, testDatabase } from '../../../test/support/database.ts';
import { signedIn, type TestApi, type TestPerson, testApi } from '../support/api.ts';
import { type TestCounty, testCounty } from '../support/county.ts';

/** 机构编码,机构名称,区划编码 / H1,示例卫生院,46AA01 — as a Chinese spreadsheet saves it. */
const GB18030 = Buffer.from(
  'bbfab9b9b1e0c2eb2cbbfab9b9c3fbb3c62cc7f8bbaeb1e0c2eb0d0a48312ccabec0fdcec0c9fad4ba2c3436414130310d0a',
  'hex',
);

describe('import and export', () => {
  let database: TestDatabase;
  let api: TestApi;
  let county: TestCounty;
  let admin: TestPerson;

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
    county = await testCounty(database.pool, 'AA', new Date(api.clock.now - 86_400_000));
    admin = await signedIn(api);
  });

  const upload = async (
    kind: string,
    payload: string | Buffer,
    options: { dryRun?: boolean; language?: string } = {},
  ) => {
    const response = await api.app.inject({
      method: 'POST',
      url: `/api/v1/imports/${kind}${options.dryRun ? '?dry_run=true' : ''}`,
      headers: { cookie: admin.cookie, 'content-type': 'text/csv', 'accept-language': options.language ?? 'en' },
      payload,
    });
    expect(response.statusCode, response.body).toBe(200);
    return response.json();
  };
  const download = async (kind: string, language = 'zh') => {
    const response = await api.app.inject({
      url: `/api/v1/export/${kind}.csv`,
      headers: { cookie: admin.cookie, 'accept-language': language },
    });
    expect(response.statusCode).toBe(200);
    return response.rawPayload;
  };
  const places = (report: { errors: { line: number; column: string | null; code: string }[] }) =>
    report.errors.map(({ line, column, code }) => [line, column, code]);

  it('builds a fleet from five files', async () => {
    // Children may come before their parents.
    const regions = 'code,name,kind,parent_code\n469101,新镇,township,4691\n4691,新县,county,46\n';
    expect(await upload('regions', regions)).toMatchObject({ committed: true, rows: 2, created: 2, errors: [] });
    const sites = '机构编码,机构名称,区划编码,机构类型\nN1,新卫生院,469101,卫生院\n';
    expect(await upload('sites', sites)).toMatchObject({ committed: true, created: 1 });
    expect(await upload('stations', '点位编码,点位名称,机构编码\nN1-1,一号窗口,N1\nN1-2,二号窗口,N1\n')).toMatchObject({
      created: 2,
    });
    const devices = '序列号,设备编号,点位编码,安装时间,区划编码\nNEW1,new-0001,N1-1,2025/3/1 9:00,\nNEW2,,,,4691\n';
    expect(await upload('devices', devices)).toMatchObject({ committed: true, created: 2, errors: [] });
    expect(await upload('sims', 'iccid,设备序列号\n89860000000000000001,NEW1\n')).toMatchObject({ created: 1 });
    const headers = { cookie: admin.cookie };
    const device = (await api.app.inject({ url: '/api/v1/devices/new-0001', headers })).json();
    expect(device).toMatchObject({
      lifecycle: 'in_service',
      state: 'never',
      region: { county: '新县', township: '新镇' },
      station: { code: 'N1-1' },
      sim: { iccid: '89860000000000000001' },
    });
    // Nine o'clock in the platform's zone.
    expect(Date.parse(device.installation.from)).toBe(Date.parse('2025-03-01T01:00:00Z'));
    const found = (await api.app.inject({ url: '/api/v1/devices?q=000000001', headers })).json();
    expect(found.items.map((item: { device_id: string }) => item.device_id)).toEqual(['new-0001']);
  });

  it('reports every faulty cell by line and column, and changes nothing', async () => {
    const csv = [
      'code,name,region_code,kind,lat,nonsense',
      'A1,good,46AA01,village_clinic,19.2,',
      ',no code,46AA01,,,',
      'A 2,bad code and latitude,46AA01,,ninety,',
      '"A3","two',
      'lines",nowhere,,,',
      'A1,again,46AA01,palace,,',
      'A1,again,46AA01,,,',
      'A4,too long,46AA01,,,,surplus',
    ].join('\n');
    const report = await upload('sites', csv);
    expect(report).toMatchObject({
      committed: false,
      created: 0,
      rows: 7,
      errors_total: 7,
      ignored_columns: ['nonsense'],
    });
    expect(places(report)).toEqual([
      [3, 'code', 'missing'],
      [4, 'code', 'invalid'],
      [4, 'lat', 'invalid'],
      [5, 'name', 'invalid'],
      [7, 'kind', 'invalid'],
      [8, 'code', 'duplicate'],
      [9, null, 'too_many_cells'],
    ]);
    const { rows } = await database.pool.query(`select 1 from site where code = 'A1'`);
    expect(rows).toEqual([]);
  });

  it('names columns and faults in the language of the reader', async () => {
    const report = await upload('sites', '机构编码,名称,区划编码\nA1,x,4699\n', { language: 'zh-CN' });
    expect(report.errors).toEqual([
      { line: 2, column: '区划编码', code: 'unknown_reference', value: '4699', message: '不存在或不在您的管辖范围内' },
    ]);
  });

  it('reads GB18030, a byte order mark, semicolons and tabs', async () => {
    expect(await upload('sites', GB18030)).toMatchObject({ committed: true, created: 1 });
    const { rows } = await database.pool.query(`select name from site where code = 'H1'`);
    expect(rows).toEqual([{ name: '示例卫生院' }]);
    expect(await upload('sites', '\ufeffcode;name;region_code\r\nB1;x;46AA01\r\n')).toMatchObject({ created: 1 });
    expect(await upload('sites', 'code\tname\tregion_code\nB2\tx\t46AA01\n')).toMatchObject({ created: 1 });
  });

  it.each([
    ['an empty file', '', 'empty_file'],
    ['a header alone', 'code,name,region_code\n', 'empty_file'],
    ['a missing column', 'code,region_code\nA1,46AA01\n', 'missing_column'],
    ['an open quote', 'code,name,region_code\n"A1,x,46AA01\n', 'malformed'],
    ['a binary file', Buffer.from([0xff, 0xfe, 0xff, 0xff, 0x00, 0x81, 0x20]), 'encoding'],
  ])('refuses %s', async (_name, payload, code) => {
    const report = await upload('sites', payload);
    expect(report.committed).toBe(false);
    expect(report.errors.map((e: { code: string }) => e.code)).toContain(code);
  });

  it('checks everything in a dry run and changes nothing', async () => {
    const csv = 'code,name,region_code\nD1,x,46AA01\n';
    expect(await upload('sites', csv, { dryRun: true })).toMatchObject({
      committed: false,
      dry_run: true,
      created: 1,
      errors: [],
    });
    expect(await upload('sites', csv)).toMatchObject({ committed: true, created: 1 });
    expect(await upload('sites', csv)).toMatchObject({ committed: true, created: 0, updated: 0, unchanged: 1 });
    expect(await upload('sites', csv.replace('x', 'y'))).toMatchObject({ updated: 1 });
  });

  it('does not swap, move or double by import', async () => {
    const [one, two] = county.stationCodes;
    const installed = county.devices.map((id) => id.toUpperCase());
    const spare = county.spares[0]?.toUpperCase();
    const csv = [
      'serial,device_id,station_code,lifecycle,region_code',
      `${installed[0]},other-id,,,`,
      `${installed[1]},,${one},,`,
      `${spare},,${two},,`,
      `NEW9,${county.devices[0]},,in_service,`,
      `${county.spares[1]?.toUpperCase()},,,in_service,`,
    ].join('\n');
    expect(places(await upload('devices', csv))).toEqual([
      [2, 'device_id', 'cannot_move'],
      [3, 'station_code', 'occupied'],
      [3, 'station_code', 'installed_elsewhere'],
      [4, 'station_code', 'occupied'],
      [5, 'device_id', 'taken'],
      [5, 'lifecycle', 'needs_station'],
      [6, 'lifecycle', 'needs_station'],
    ]);
  });

  it('passes SIM cards round within one file', async () => {
    const [a, b] = county.devices.map((id) => id.toUpperCase());
    const file = (x: string | undefined, y: string | undefined) =>
      `iccid,device_serial\n89860000000000000001,${x}\n89860000000000000002,${y}\n`;
    expect(await upload('sims', file(a, b))).toMatchObject({ created: 2 });
    expect(await upload('sims', file(b, a))).toMatchObject({ committed: true, updated: 2 });
    expect(places(await upload('sims', `iccid,device_serial\n89860000000000000003,${a}\n`))).toEqual([
      [2, 'device_serial', 'taken'],
    ]);
  });

  it('exports what it imports again unchanged, in both languages, formulas made harmless', async () => {
    await database.pool.query(`update site set name = '=cmd|calc', contact_phone = '+86 898 123', lat = -12.5`);
    await database.pool.query(
      `insert into sim_card (iccid, device_key) select '89860000000000000001', min(device_key) from device`,
    );
    await database.pool.query(`update device set note = '-1+1' where lifecycle = 'in_stock'`);
    const sites = (await download('sites')).toString();
    expect(sites).toMatch(/^\ufeff机构编码,机构名称/);
    expect(sites).toContain(`'=cmd|calc`);
    expect(sites).toContain(`,'+86 898 123,-12.5,`);
    for (const kind of ['regions', 'sites', 'stations', 'devices', 'sims']) {
      for (const language of ['zh', 'en']) {
        const file = await download(kind, language);
        const report = await upload(kind, file);
        expect(report, kind).toMatchObject({
          committed: true,
          created: 0,
          updated: 0,
          errors: [],
          ignored_columns: [],
        });
        expect(report.rows).toBeGreaterThan(0);
      }
    }
  });

  it('offers templates that it reads itself', async () => {
    const get = (kind: string) =>
      api.app.inject({ url: `/api/v1/imports/templates/${kind}.csv`, headers: { cookie: admin.cookie } });
    for (const kind of ['regions', 'sites', 'stations', 'devices', 'sims']) {
      const template = await get(kind);
      expect(template.statusCode).toBe(200);
      expect(await upload(kind, template.rawPayload), kind).toMatchObject({
        committed: true,
        rows: 2,
        created: 2,
        errors: [],
      });
    }
  });

  it('takes a form as well and refuses what is too large or nothing of the kind', async () => {
    const send = (contentType: string, payload: string | Buffer) =>
      api.app.inject({
        method: 'POST',
        url: '/api/v1/imports/sites',
        headers: { cookie: admin.cookie, 'content-type': contentType },
        payload,
      });
    const csv = 'code,name,region_code\nF1,x,46AA01\n';
    const form = `--b\r\ncontent-disposition: form-data; name="file"; filename="s.csv"\r\ncontent-type: text/csv\r\n\r\n${csv}\r\n--b--\r\n`;
    expect((await send('multipart/form-data; boundary=b', form)).json()).toMatchObject({ committed: true, created: 1 });
    expect((await send('application/xml', '<a/>')).statusCode).toBe(415);
    expect((await send('text/csv', Buffer.alloc(50 * 1024 * 1024 + 1, 0x61))).statusCode).toBe(413);
  });
});
