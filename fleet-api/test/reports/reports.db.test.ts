import { randomUUID } from 'node:crypto';
import { readdir } from 'node:fs/promises';
import { join } from 'node:path';
import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import yauzl from 'yauzl';
import { type TestDatabase, testDatabase } from '../../../test/support/database.ts';
import { inTransaction } from '../../src/db/index.ts';
import { askFor, type DocumentMaker, DocumentWorker, removeOldFiles } from '../../src/documents/index.ts';
import { openFault } from '../../src/faults/open.ts';
import { stopPrinting } from '../../src/print/index.ts';
import { ReportClock } from '../../src/reports/clock.ts';
import { DAY_MS, type Fleet, type Hand, handOf, putTwoDays, testFleet } from '../availability/support.ts';
import { type TestApi, testApi } from '../support/api.ts';
import { pdfText } from '../support/pdf-text.ts';

let database: TestDatabase;
let api: TestApi;
let fleet: Fleet;
let contractor: Hand;
let agency: Hand;
let worker: DocumentWorker;

/** October is over. */
const NOW_MS = Date.parse('2026-11-02T12:00:00+08:00');

beforeAll(async () => {
  database = await testDatabase();
  api = await testApi(database.pool);
});
afterAll(async () => {
  await stopPrinting();
  await api?.close();
  await database?.close();
});
const setUp = async (): Promise<void> => {
  await database.reset();
  api.clock.now = NOW_MS;
  fleet = await testFleet(database.pool);
  contractor = await handOf(api, { orgId: fleet.contractor, role: 'manager' });
  agency = await handOf(api, { orgId: fleet.agency, role: 'auditor' });
  worker = workerOf();
};

const workerOf = (makers?: Record<string, () => DocumentMaker>): DocumentWorker =>
  new DocumentWorker({
    pool: database.pool,
    log: api.ctx.log as never,
    clock: api.ctx.clock,
    timeZone: 'Asia/Shanghai',
    dir: api.ctx.settings.documentDir,
    ...(makers && { makers }),
  });
const clockOf = (): ReportClock =>
  new ReportClock({ pool: database.pool, log: api.ctx.log as never, clock: api.ctx.clock });

const october = (more: object = {}) => ({ contract_id: fleet.contractId, kind: 'month', day: '2026-10-15', ...more });

async function order(hand: Hand, body: object) {
  const response = await hand.send('POST', '/reports', body);
  expect(response.statusCode).toBe(202);
  return response.json();
}

/** A file of a document. */
async function fileOf(hand: Hand, documentId: string, n: number): Promise<Buffer> {
  const response = await hand.send('GET', `/documents/${documentId}/files/${n}`);
  expect(response.statusCode).toBe(200);
  return response.rawPayload;
}

/** Every text of a workbook. */
async function textsOf(workbook: Buffer): Promise<string> {
  const zip = await yauzl.fromBufferPromise(workbook);
  let text = '';
  for await (const entry of zip.eachEntry()) {
    if (!entry.fileName.endsWith('.xml')) continue;
    for await (const chunk of await zip.openReadStreamPromise(entry)) text += String(chunk);
  }
  return text;
}

/** A document that is owed is handed in as a report that was made here: the agency finds the PDF of the report with it. */
async function isHandedIn(reportId: string): Promise<void> {
  const [from_day, until_day] = ['2026-11-01', '2026-12-01'];
  const duty = {
    contract_id: fleet.contractId,
    duty_id: 'reports',
    name: '月报',
    kind: 'service_report',
    cycle: 'once',
    from_day,
  };
  const rule = { until_day, due_rule: 'in_period', due_days: 10 };
  const proposed = (await agency.send('POST', '/document-duties', { ...duty, ...rule })).json();
  await contractor.send('POST', `/document-duties/${proposed.id}/agree`, { version: proposed.version });
  const { items } = await contractor.get(`/documents-due?open=true&duty=${proposed.id}`);
  const url = `/documents-due/${items[0].id}`;
  const { version } = items[0];
  expect(await agency.problem('POST', `${url}/submit`, { version, report_id: reportId })).toBe('403 forbidden');
  expect(await contractor.problem('POST', `${url}/submit`, { version, report_id: randomUUID() })).toBe(
    '422 unknown_reference',
  );
  const due = (await contractor.send('POST', `${url}/submit`, { version, report_id: reportId })).json();
  expect(due).toMatchObject({ state: 'submitted', mark: 'on_time', handed_in: [{ report_id: reportId, files: [{}] }] });
  const file = await agency.send('GET', `${url}/files/${due.handed_in[0].files[0].id}`);
  expect(pdfText(file.rawPayload)).toContain('建议更换打印机。');
}

describe('a report', () => {
  beforeEach(setUp);

  it('says in its files what the API says', async () => {
    await putTwoDays(database.pool, fleet);
    await inTransaction(database.pool, (client) =>
      openFault(client, {
        stationId: fleet.stations.a1,
        source: 'telemetry',
        cause: 'printer',
        reason: 'paper_out',
        openedAtMs: Date.parse('2026-10-02T12:00:00+08:00'),
        nowMs: NOW_MS,
      }),
    );
    const { id } = await order(contractor, october());
    expect(await worker.makeNext()).toBe(true);
    const report = await contractor.get(`/reports/${id}`);
    expect(report).toMatchObject({
      number: 'R-000001',
      edition: 1,
      state: 'draft',
      from_day: '2026-10-01',
      to_day: '2026-11-01',
    });
    expect(report.draft).toMatchObject({ state: 'done', files: [{ media_type: 'application/pdf' }, {}] });
    const figures = await contractor.get(`/availability?period=2026-10&contract=${fleet.contractId}`);
    expect(report.headline.network.percent).toBe(figures.total.network.percent);
    const text = pdfText(await fileOf(contractor, report.draft.id, 0));
    const shown = [figures.total.network.percent, figures.total.equipment.percent];
    for (const each of [...shown, '94.99', '打印机（缺纸）', 'F-000001', '本期无剔除。', '草稿', '签章']) {
      expect(text).toContain(each);
    }
    const sheets = await textsOf(await fileOf(contractor, report.draft.id, 1));
    for (const each of [...shown, '94.99', '打印机（缺纸）', '=a3']) expect(sheets).toContain(each);
    expect(sheets).not.toContain('<f>');
    const preview = await agency.get(`/reports/${id}/preview`);
    expect(JSON.stringify(preview)).toContain('F-000001');
  });

  it('keeps older editions, takes the word of the contractor alone, and is released with the figures of its draft', async () => {
    await putTwoDays(database.pool, fleet);
    const first = await order(contractor, october());
    expect(await contractor.problem('POST', `/reports/${first.id}/release`, { version: 1 })).toBe(
      '409 report_not_ready',
    );
    await worker.makeNext();
    await database.pool.query(
      `update accrual set net_up_ms = net_down_ms, net_down_ms = net_up_ms where station_id = $1`,
      [fleet.stations.a3],
    );
    const second = await order(agency, october());
    await worker.makeNext();
    const advice = { advice: '建议更换打印机。', version: 1 };
    expect(await agency.problem('PUT', `/reports/${first.id}/advice`, advice)).toBe('403 report_not_contractor');
    expect((await contractor.send('PUT', `/reports/${first.id}/advice`, advice)).statusCode).toBe(200);
    expect(await contractor.problem('PUT', `/reports/${first.id}/advice`, advice)).toBe('412 version_conflict');
    expect((await contractor.send('POST', `/reports/${first.id}/release`, { version: 2 })).statusCode).toBe(200);
    expect(await contractor.problem('POST', `/reports/${first.id}/release`, { version: 3 })).toBe(
      '409 report_released',
    );
    await worker.makeNext();
    const released = await agency.get(`/reports/${first.id}`);
    const later = await agency.get(`/reports/${second.id}`);
    expect([released.edition, released.is_latest, later.edition, later.is_latest]).toEqual([1, false, 2, true]);
    expect(later.headline.network.percent).not.toBe(released.headline.network.percent);
    const text = pdfText(await fileOf(agency, released.final.id, 0));
    expect(text).toContain('建议更换打印机。');
    expect(text).toContain(released.headline.network.percent);
    expect(text).not.toContain('草稿');
    await isHandedIn(released.final.id);
  });

  it('says where there is nothing to say, in English too, and can not be released before its period is over', async () => {
    const { id } = await order(contractor, october({ kind: 'day', day: '2026-11-02', language: 'en' }));
    await worker.makeNext();
    const report = await contractor.get(`/reports/${id}`);
    const text = pdfText(await fileOf(contractor, report.draft.id, 0)).replaceAll(' ', '');
    for (const each of [
      'Daily run sheet',
      'No faults in this period.',
      'No exclusions in this period.',
      'No traffic in this period.',
    ]) {
      expect(text).toContain(each.replaceAll(' ', ''));
    }
    expect(await contractor.problem('POST', `/reports/${id}/release`, { version: 1 })).toBe('409 period_not_over');
    expect(await contractor.problem('POST', '/reports', october({ day: '2026-12-01' }))).toBe('422 period_not_begun');
  });

  it('of a county is seen by its people; of the whole contract not by them, nor by strangers', async () => {
    const whole = await order(contractor, october());
    const county = await order(contractor, october({ region_id: fleet.countyA }));
    await worker.makeNext();
    await worker.makeNext();
    const local = await handOf(api, { orgId: fleet.contractor, role: 'manager', regionIds: [fleet.countyA] });
    const stranger = await handOf(api, { orgId: await otherOrg(), role: 'manager' });
    const idsOf = async (hand: Hand) => (await hand.get('/reports')).items.map(({ id }: { id: number }) => id);
    expect(await idsOf(agency)).toEqual([county.id, whole.id]);
    expect(await idsOf(local)).toEqual([county.id]);
    expect(await idsOf(stranger)).toEqual([]);
    expect(await stranger.problem('GET', `/documents/${whole.draft.id}/files/0`)).toBe('404 not_found');
    expect(await local.problem('GET', `/documents/${whole.draft.id}`)).toBe('404 not_found');
    expect(await local.problem('POST', '/reports', october())).toBe('403 out_of_scope');
    expect(await local.problem('POST', '/reports', october({ region_id: fleet.countyB }))).toBe('403 out_of_scope');
  });
});

async function otherOrg(): Promise<number> {
  const { rows } = await database.pool.query<{ id: number }>(
    `insert into org (code, name, kind) values ('x', 'x', 'contractor') returning id`,
  );
  return rows[0]?.id ?? 0;
}

describe('the clock', () => {
  beforeAll(setUp);

  const monthly = { enabled: true, hour: 6, delay_days: 2, language: 'zh', version: 0 };
  const put = (body: object) => contractor.send('PUT', `/contracts/${fleet.contractId}/report-schedules/month`, body);

  it('orders each period once, whatever number of processes looks', async () => {
    api.clock.now = Date.parse('2026-10-20T12:00:00+08:00');
    const set = await put(monthly);
    expect(set.json().items[2]).toMatchObject({
      kind: 'month',
      enabled: true,
      version: 1,
      next_at: '2026-11-02T22:00:00.000Z',
    });
    expect((await put(monthly)).statusCode).toBe(412);
    expect(await clockOf().runOnce()).toBe(0);
    api.clock.now = Date.parse('2026-11-03T06:00:00+08:00');
    const clocks = [clockOf(), clockOf(), clockOf()];
    const ordered = await Promise.all(clocks.map((clock) => clock.runOnce()));
    expect(ordered.reduce((a, b) => a + b)).toBe(1);
    expect(await clockOf().runOnce()).toBe(0);
    agency = await handOf(api, { orgId: fleet.agency, role: 'auditor' });
    const { items } = await agency.get('/reports');
    expect(items).toMatchObject([
      { origin: 'schedule', from_day: '2026-10-01', created_by: null, draft: { state: 'queued' } },
    ]);
    api.clock.now = Date.parse('2027-01-04T12:00:00+08:00');
    expect(await clockOf().runOnce()).toBe(2);
  });
});

describe('documents', () => {
  beforeAll(setUp);

  const ask = () =>
    inTransaction(database.pool, (client) =>
      askFor(
        client,
        'test',
        {},
        { ref: 'test:1', contractId: fleet.contractId, regionId: null },
        { userId: null, nowMs: api.clock.now },
      ),
    );
  const file = { name: '日报 1.txt', mediaType: 'text/plain', content: Buffer.from('x') };

  it('are taken over from a maker that died, and given up with one that they kill', async () => {
    const id = await ask();
    for (let i = 0; i < 3; i++) {
      expect(await takeAway()).toBe(id);
      api.clock.now += 3 * 60_000;
    }
    expect(await workerOf({ test: () => ({ kind: 'test', make: async () => [file] }) }).makeNext()).toBe(false);
    expect(await agency.get(`/documents/${id}`)).toMatchObject({
      state: 'failed',
      error: expect.stringContaining('given up'),
    });
  });

  it('belong to who took them last: a slow maker finds its job gone', async () => {
    const id = await ask();
    let isFirst = true;
    const slow: DocumentMaker = {
      kind: 'test',
      make: async ({ progress }) => {
        if (isFirst) {
          isFirst = false;
          api.clock.now += 3 * 60_000;
          await workerOf({ test: () => slow }).makeNext();
          await progress(1, 2);
        }
        return [file];
      },
    };
    await workerOf({ test: () => slow }).makeNext();
    const document = await agency.get(`/documents/${id}`);
    expect(document).toMatchObject({ state: 'done', files: [{ name: '日报 1.txt', bytes: 1 }] });
    const response = await agency.send('GET', `/documents/${id}/files/0`);
    expect(response.headers['content-disposition']).toContain("filename*=UTF-8''");
    expect(await readdir(join(api.ctx.settings.documentDir, id))).toHaveLength(1);
    expect(await agency.problem('GET', `/documents/${id}/files/1`)).toBe('404 not_found');
  });

  it('tell why they failed, and lose their files after their time', async () => {
    const failed = await ask();
    await workerOf({ test: () => ({ kind: 'test', make: () => Promise.reject(new Error('no paper')) }) }).makeNext();
    expect(await agency.get(`/documents/${failed}`)).toMatchObject({ state: 'failed', error: 'no paper', files: [] });
    const done = await ask();
    await workerOf({ test: () => ({ kind: 'test', make: async () => [file] }) }).makeNext();
    const dir = api.ctx.settings.documentDir;
    expect(await removeOldFiles(database.pool, dir, 30, api.clock.now + 29 * DAY_MS)).toBe(0);
    expect(await removeOldFiles(database.pool, dir, 30, api.clock.now + 31 * DAY_MS)).toBe(4);
    expect(await agency.get(`/documents/${done}`)).toMatchObject({ state: 'done', files: [] });
    expect(await agency.problem('GET', `/documents/${done}/files/0`)).toBe('404 not_found');
  });

  /** A process takes the job and is heard of no more. */
  async function takeAway(): Promise<string | null> {
    const { takeJob } = await import('../../src/documents/queue-sql.ts');
    return (await takeJob(database.pool, new Date(api.clock.now), crypto.randomUUID()))?.id ?? null;
  }
});
