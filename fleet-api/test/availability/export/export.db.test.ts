import { parse } from 'csv-parse/sync';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import yauzl from 'yauzl';
import { type TestDatabase, testDatabase } from '../../../../test/support/database.ts';
import { type TestApi, testApi } from '../../support/api.ts';
import { type Fleet, type Hand, handOf, NOW_MS, putTwoDays, testFleet } from '../support.ts';

let database: TestDatabase;
let api: TestApi;
let fleet: Fleet;
let admin: Hand;

beforeAll(async () => {
  database = await testDatabase();
  await database.reset();
  api = await testApi(database.pool);
  api.clock.now = NOW_MS;
  fleet = await testFleet(database.pool);
  await putTwoDays(database.pool, fleet);
  admin = await handOf(api);
});
afterAll(async () => {
  await api?.close();
  await database?.close();
});

const QUERY = 'from=2026-10-01&to=2026-10-03';
const ENGLISH = { 'accept-language': 'en' };

/** Content of a file inside an archive. */
async function unzip(archive: Buffer, name: string): Promise<string> {
  const zip = await yauzl.fromBufferPromise(archive);
  for await (const entry of zip.eachEntry()) {
    if (entry.fileName !== name) continue;
    const chunks: Buffer[] = [];
    for await (const chunk of await zip.openReadStreamPromise(entry)) chunks.push(chunk as Buffer);
    return Buffer.concat(chunks).toString('utf8');
  }
  throw new Error(`no ${name} in the archive`);
}

interface SheetCell {
  readonly value: string;
  readonly isText: boolean;
}

/** Cells of a sheet by row; text is inline or in the table of shared strings. */
async function readSheet(archive: Buffer): Promise<Map<string, SheetCell>[]> {
  const sheet = await unzip(archive, 'xl/worksheets/sheet1.xml');
  const shared = await unzip(archive, 'xl/sharedStrings.xml').catch(() => '');
  const strings = [...shared.matchAll(/<si>(.*?)<\/si>/gs)].map(([, body = '']) => textOf(body));
  expect(sheet).not.toContain('<f>');
  return [...sheet.matchAll(/<row [^>]*>(.*?)<\/row>/gs)].map(([, row = '']) => {
    const cells = [...row.matchAll(/<c r="([A-Z]+)\d+"([^>]*?)(?:\/>|>(.*?)<\/c>)/gs)];
    return new Map(
      cells.map(([, column = '', attributes = '', body = '']) => {
        const type = /t="(\w+)"/.exec(attributes)?.[1] ?? 'n';
        const value = type === 's' ? (strings[Number(textOf(body))] ?? '') : textOf(body);
        return [column, { value, isText: type !== 'n' }];
      }),
    );
  });
}

const textOf = (xml: string): string => xml.replaceAll(/<[^>]*>/g, '');

describe('exports', () => {
  it('are CSV tables with exact numbers and truncated percentages', async () => {
    const response = await admin.send('GET', `/availability.csv?${QUERY}&stations=true`, undefined, ENGLISH);
    expect(response.headers['content-type']).toBe('text/csv; charset=utf-8');
    expect(response.headers['content-disposition']).toContain('availability-C-1-2026-10-01_2026-10-03.csv');
    const rows: Record<string, string>[] = parse(response.body, { columns: true, bom: true });
    expect(rows.map((row) => row.code)).toEqual(['a1', 'a2', "'=a3", 'b1', '']);
    expect(rows[2]).toMatchObject({
      Contract: 'C-1',
      'Time zone': 'Asia/Shanghai',
      'Station-days not computed yet': '1',
      kind: 'station',
      county: 'A',
      site: 'SA2',
      name: "'=a3",
      'network required (ms)': '86400000',
      'network counted up (ms)': '81699656',
      'network counted (ms)': '86000000',
      'network rate (%, truncated)': '94.99',
      'network target (%)': '95',
      'network reaches target': 'no',
      'equipment rate (%, truncated)': '100.00',
      'equipment reaches target': 'yes',
    });
    expect(rows.at(-1)).toMatchObject({
      name: 'Total',
      stations: '4',
      'network counted (ms)': String(428_600_000 + 172_800_000),
    });
  });

  it('are in Chinese unless asked otherwise, and of the children of a place', async () => {
    const response = await admin.send('GET', `/availability.csv?${QUERY}`);
    const rows: Record<string, string>[] = parse(response.body, { columns: true, bom: true });
    expect(rows.map((row) => row.名称)).toEqual(['A', 'B', '合计']);
    expect(rows[0]).toMatchObject({ 类别: '区域', 县: 'A', '网络 可用率(%，截断)': '88.12', '网络 达标': '否' });
  });

  it('are Excel workbooks in which a percentage is text, never rounded, and nothing is a formula', async () => {
    const response = await admin.send('GET', `/availability.xlsx?${QUERY}&stations=true`, undefined, ENGLISH);
    expect(response.headers['content-type']).toContain('spreadsheetml');
    const sheet = await readSheet(response.rawPayload);
    const header = sheet.find((row) => [...row.values()].some(({ value }) => value === 'network rate (%, truncated)'));
    const columnOf = (label: string): string =>
      [...(header ?? [])].find(([, { value }]) => value === label)?.[0] ?? `no ${label}`;
    const a3 = sheet.find((row) => row.get(columnOf('code'))?.value === '=a3');
    const cell = (label: string) => a3?.get(columnOf(label));
    expect(cell('name')).toEqual({ value: '=a3', isText: true });
    expect(cell('network rate (%, truncated)')).toEqual({ value: '94.99', isText: true });
    expect(cell('network reaches target')).toEqual({ value: 'no', isText: true });
    expect(cell('network counted up (ms)')).toEqual({ value: '81699656', isText: false });
    expect(cell('network counted (ms)')).toEqual({ value: '86000000', isText: false });
  });

  it('refuse what figures refuse', async () => {
    expect(await admin.problem('GET', '/availability.csv?period=x')).toBe('400 invalid_period');
    expect(await admin.problem('GET', '/availability.xlsx?contract=99')).toBe('422 unknown_reference');
  });
});
