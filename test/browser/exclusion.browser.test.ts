import type { Browser, Page } from 'playwright-core';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { hasChromium, launchBrowser, signIn } from '../support/browser.ts';
import { ApiClient, TestPlatform } from '../support/platform.ts';

const HOUR_MS = 3_600_000;
const PASSWORD = 'correct horse battery 8';

interface Figures {
  readonly total: { readonly network: { readonly excluded_ms: number } };
}

describe.skipIf(!hasChromium)('an exclusion between two organisations', () => {
  const platform = new TestPlatform();
  const faults: string[] = [];
  let browser: Browser;
  let base = '';
  let contract = 0;
  let station = 0;
  let auditor: ApiClient;
  let manager: ApiClient;
  const now = Date.now();
  const iso = (ms: number) => new Date(ms).toISOString();

  beforeAll(async () => {
    const { http } = await platform.start();
    base = `http://127.0.0.1:${http}`;
    browser = await launchBrowser();
    const admin = await platform.admin();
    const made = async (path: string, body: object) => (await admin.post<{ id: number }>(path, body)).id;
    const agency = await made('/orgs', { code: 'AG', name: '医保局', kind: 'agency' });
    const contractor = await made('/orgs', { code: 'CO', name: '运维公司', kind: 'contractor' });
    const region = await made('/regions', { code: '460000', name: '海南省', kind: 'province' });
    const site = await made('/sites', { region_id: region, code: 'SI-1', name: '卫生室一', kind: 'village_clinic' });
    const commissioned = iso(now - 30 * HOUR_MS);
    station = await made('/stations', { site_id: site, code: 'ST-1', name: '收费窗口', commissioned_at: commissioned });
    contract = await made('/contracts', {
      code: 'HN',
      name: '村医通终端运维',
      term_from: '2026-01-01',
      region_ids: [region],
      agency_org_id: agency,
      contractor_org_id: contractor,
    });
    auditor = await person(admin, 'auditor', 'auditor', agency);
    manager = await person(admin, 'manager', 'manager', contractor);
  });
  afterAll(async () => {
    await browser?.close();
    await platform.remove();
  });

  async function person(admin: ApiClient, login: string, role: string, org: number): Promise<ApiClient> {
    const made = await admin.post<{ one_time_password: string }>('/users', { login, name: login, role, org_id: org });
    const api = new ApiClient(base);
    await api.post('/session', { login, password: made.one_time_password });
    await api.post('/session/password', { current_password: made.one_time_password, new_password: PASSWORD });
    await api.post('/session', { login, password: PASSWORD });
    return api;
  }

  async function open(login: string, width: number, height: number): Promise<Page> {
    const context = await browser.newContext({ viewport: { width, height }, locale: 'zh-CN' });
    return signIn(context, base, { login, password: PASSWORD }, faults);
  }

  test('is proposed by one side, decided by the other, and then does not count', async () => {
    const proposed = await manager.post<{ id: number }>('/exclusions', {
      contract_id: contract,
      kind: 'site_power_cut',
      dimension: 'both',
      station_id: station,
      from: iso(now - 10 * HOUR_MS),
      to: iso(now - 8 * HOUR_MS),
      reason: '供电局计划停电',
    });

    const own = await open('manager', 390, 844);
    await own.goto(`${base}/exclusions/${proposed.id}`);
    await own.getByText('供电局计划停电').first().waitFor();
    expect(await own.getByRole('button', { name: '批准' }).count()).toBe(0);

    const other = await open('auditor', 1440, 900);
    await other.goto(`${base}/exclusions`);
    await other.getByText('收费窗口').first().waitFor();
    await other.goto(`${base}/exclusions/${proposed.id}`);
    await other.getByRole('button', { name: '批准' }).first().click();
    await other.locator('[role=dialog]').getByRole('button', { name: '批准' }).click();
    await other.getByText('已批准').first().waitFor();

    const figures = () =>
      auditor
        .get<Figures>(`/availability?contract=${contract}&from=${day(-2)}&to=${day(1)}`)
        .then(({ total }) => total.network);
    await expect.poll(async () => (await figures()).excluded_ms, { timeout: 30_000 }).toBe(2 * HOUR_MS);

    await other.goto(`${base}/stations/${station}/availability`);
    await other.getByText('已剔除').first().waitFor();
    expect(faults).toEqual([]);
  });

  /** A day of the contract's zone, relative to today. */
  function day(offset: number): string {
    return new Date(now + 8 * HOUR_MS + offset * 24 * HOUR_MS).toISOString().slice(0, 10);
  }
});
