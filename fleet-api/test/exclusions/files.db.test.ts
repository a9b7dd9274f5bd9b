import { createHash } from 'node:crypto';
import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { type TestDatabase, testDatabase } from '../../../test/support/database.ts';
import { flood, MB } from '../files/flood.ts';
import { type TestApi, testApi } from '../support/api.ts';
import { at, type Hand, handOf, NOW_MS, outcome, type Parties, testParties } from './support.ts';

const BOUNDARY = 'xxBOUNDARYxx';
const PDF = Buffer.from('%PDF-1.7\nnotice');
const PNG = Buffer.from('\x89PNG\r\n\x1a\nimage', 'latin1');

let database: TestDatabase;
let api: TestApi;
let parties: Parties;
let agency: Hand;
let contractor: Hand;
let path: string;
let id: number;

beforeAll(async () => {
  database = await testDatabase();
  api = await testApi(database.pool);
  await api.app.listen({ host: '127.0.0.1', port: 0 });
});
afterAll(async () => {
  await api?.close();
  await database?.close();
});
beforeEach(async () => {
  await database.reset();
  api.clock.now = NOW_MS;
  parties = await testParties(database.pool);
  agency = await handOf(api, parties.agency, 'auditor');
  contractor = await handOf(api, parties.contractor, 'manager');
  const body = { contract_id: parties.contractId, kind: 'site_power_cut', reason: 'x', from: at(1), to: at(2) };
  id = (await contractor.post('/exclusions', { ...body, station_id: parties.ours.stations[0] })).json().id;
  path = `/exclusions/${id}/files`;
});

const head = (name: string, type = 'application/pdf') =>
  `--${BOUNDARY}\r\nContent-Disposition: form-data; name="file"; filename="${name}"\r\nContent-Type: ${type}\r\n\r\n`;
const tail = `\r\n--${BOUNDARY}--\r\n`;
const form = (name: string, content: Buffer, type?: string) =>
  Buffer.concat([Buffer.from(head(name, type)), content, Buffer.from(tail)]);
const asForm = { 'content-type': `multipart/form-data; boundary=${BOUNDARY}` };
const upload = (by: Hand, name: string, content: Buffer, type?: string) =>
  by.post(path, form(name, content, type), asForm);
const stored = async () => {
  const { rows } = await database.pool.query('select name, media_type, bytes from exclusion_file order by id');
  return rows;
};

describe('a file', () => {
  it('is kept with its hash and comes back as an attachment that no browser runs', async () => {
    const added = await upload(contractor, '停电通知.pdf', PDF);
    expect(added.statusCode, added.body).toBe(200);
    const sha256 = createHash('sha256').update(PDF).digest('hex');
    expect(added.json()).toMatchObject({
      version: 2,
      file_count: 1,
      files: [{ name: '停电通知.pdf', media_type: 'application/pdf', bytes: PDF.length, sha256 }],
      history: [{ action: 'proposed' }, { action: 'file_added', file: '停电通知.pdf' }],
    });
    const [file] = added.json().files;
    const download = await agency.get(`${path}/${file.id}`);
    expect(download.rawPayload).toEqual(PDF);
    expect(download.headers).toMatchObject({
      'content-type': 'application/pdf',
      'content-disposition': expect.stringMatching(/^attachment; /),
      'x-content-type-options': 'nosniff',
      'content-security-policy': expect.stringContaining('sandbox'),
      'cache-control': 'no-store',
    });
  });

  it('is judged by its content, whatever it calls itself', async () => {
    const html = Buffer.from('<!DOCTYPE html><script>alert(1)</script>');
    const svg = Buffer.from('<svg xmlns="http://www.w3.org/2000/svg" onload="alert(1)"/>');
    expect(outcome(await upload(contractor, 'photo.jpg', html, 'image/jpeg'))).toEqual([415, 'file_type']);
    expect(outcome(await upload(contractor, 'photo.png', svg, 'image/png'))).toEqual([415, 'file_type']);
    expect(outcome(await upload(contractor, 'empty.pdf', Buffer.alloc(0)))).toEqual([415, 'file_type']);
    await upload(contractor, '../page.html', PNG, 'text/html');
    expect(await stored()).toEqual([{ name: 'page.html.png', media_type: 'image/png', bytes: PNG.length }]);
  });

  it('comes in a form', async () => {
    expect(outcome(await contractor.post(path, { file: 'x' }))).toEqual([415, 'unsupported_media_type']);
    const field = `--${BOUNDARY}\r\nContent-Disposition: form-data; name="file"\r\n\r\nx${tail}`;
    expect(outcome(await contractor.post(path, Buffer.from(field), asForm))).toEqual([400, 'invalid_request']);
    const cut = form('a.pdf', PDF).subarray(0, -20);
    expect((await contractor.post(path, cut, asForm)).statusCode).toBe(400);
    expect(await stored()).toEqual([]);
  });

  it('may have 10 MB and not a byte more', async () => {
    const full = Buffer.concat([PDF, Buffer.alloc(10 * MB - PDF.length)]);
    expect((await upload(contractor, 'full.pdf', full)).statusCode).toBe(200);
    const over = Buffer.concat([full, Buffer.alloc(1)]);
    expect(outcome(await upload(contractor, 'over.pdf', over))).toEqual([413, 'file_too_large']);
    expect(await stored()).toEqual([{ name: 'full.pdf', media_type: 'application/pdf', bytes: 10 * MB }]);
  });

  it('is there once, however often it is sent', async () => {
    await upload(contractor, 'a.pdf', PDF);
    const again = await upload(contractor, 'b.pdf', PDF);
    expect(again.json()).toMatchObject({ version: 2, files: [{ name: 'a.pdf' }] });
  });

  it('is one of ten, also when they come at once', async () => {
    const answers = await Promise.all(
      Array.from({ length: 12 }, (_, i) => upload(contractor, `${i}.pdf`, Buffer.concat([PDF, Buffer.from([i])]))),
    );
    expect(answers.map((a) => a.statusCode).sort()).toEqual([...Array(10).fill(200), 409, 409]);
    expect(answers.find((a) => a.statusCode === 409)?.json().code).toBe('too_many_files');
    expect(await stored()).toHaveLength(10);
  });

  it('is added by the proposing organisation, until the decision', async () => {
    expect(outcome(await upload(agency, 'a.pdf', PDF))).toEqual([403, 'exclusion_not_proposer']);
    await agency.post(`/exclusions/${id}/approve`, { version: 1 });
    expect(outcome(await upload(contractor, 'a.pdf', PDF))).toEqual([409, 'exclusion_decided']);
    expect(await stored()).toEqual([]);
  });

  it('makes who decides read again', async () => {
    await upload(contractor, 'a.pdf', PDF);
    expect(outcome(await agency.post(`/exclusions/${id}/approve`, { version: 1 }))).toEqual([412, 'version_conflict']);
  });

  it('is found with its own exclusion only, by those who see that', async () => {
    const [file] = (await upload(contractor, 'a.pdf', PDF)).json().files;
    expect((await agency.get(`/exclusions/${id + 1}/files/${file.id}`)).statusCode).toBe(404);
    expect((await agency.get(`${path}/${file.id + 1}`)).statusCode).toBe(404);
    const stranger = await handOf(api, parties.other, 'manager');
    expect((await stranger.get(`${path}/${file.id}`)).statusCode).toBe(404);
  });
});

describe('an upload of 200 MB', () => {
  const big = (says: boolean) => flood(api, { path, cookie: contractor.person.cookie, begins: PDF, says });

  it('that says so is refused at once', async () => {
    const { sent, answer } = await big(true);
    expect(sent).toBeLessThan(40 * MB);
    expect(answer).toMatch(/^HTTP\/1.1 413 [\s\S]*"code":"file_too_large"/);
    expect(await stored()).toEqual([]);
  });

  it('that does not say so is cut off', async () => {
    const { sent, answer } = await big(false);
    expect(sent).toBeLessThan(60 * MB);
    expect(answer).toMatch(/^HTTP\/1.1 413 [\s\S]*"code":"file_too_large"/);
    expect(await stored()).toEqual([]);
    expect((await upload(contractor, 'a.pdf', PDF)).statusCode).toBe(200);
  });
});
