import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import type { Browser, Page } from 'playwright-core';
import { afterAll, beforeAll, describe, expect, test, vi } from 'vitest';
import { openPool } from '../../fleet-api/src/db/index.ts';
import { hasChromium, launchBrowser, signIn } from '../support/browser.ts';
import { ApiClient, TestPlatform } from '../support/platform.ts';

const DEVICES = 16;
const PASSWORD = 'correct horse battery 8';
const deadline = { timeout: 120_000, interval: 250 };

interface Device {
  readonly device_id: string;
  readonly serial: string;
  readonly model: { readonly code: string } | null;
  readonly station: { readonly id: number; readonly name: string } | null;
}
interface Order {
  readonly id: number;
  readonly number: string;
  readonly state: string;
  readonly opened_at: string;
  readonly ended_at: string | null;
  readonly recovered_at: string | null;
  readonly faults: readonly { readonly opened_at: string; readonly recovered_at: string | null }[];
  readonly story: readonly { readonly kind: string; readonly at: string }[];
}

describe.skipIf(!hasChromium)('a printer that runs out of paper', () => {
  const platform = new TestPlatform({
    UPTALLY_DEMO: '1',
    UPTALLY_DEMO_DEVICES: String(DEVICES),
    UPTALLY_DEMO_DAYS: '0',
  });
  const faults: string[] = [];
  let browser: Browser;
  let base = '';
  let admin: ApiClient;
  let contract = 0;
  let control = '';

  beforeAll(async () => {
    const { http, databaseUrl } = await platform.start();
    base = `http://127.0.0.1:${http}`;
    browser = await launchBrowser();
    admin = await platform.admin();
    const pool = openPool({ url: databaseUrl, max: 1 });
    // Devices probe their parts more often than by default, so that what happens to one is told sooner.
    await pool.query(
      `insert into setting (key, value) values ('fault_rules', '{"component_seconds": 0}'), ('device_config', '{"health_ms": 10000}')`,
    );
    await pool.end();
    const file = join(platform.dataDir, 'fleet/control.json');
    await vi.waitUntil(() => existsSync(file), deadline);
    control = (JSON.parse(readFileSync(file, 'utf8')) as { url: string }).url;
    await vi.waitUntil(async () => (await online()).length >= 4, deadline);
    contract = await contractOf();
  });
  afterAll(async () => {
    await browser?.close();
    await platform.remove();
  });

  const online = async () =>
    (await admin.get<{ items: Device[] }>('/devices?state=online&limit=100')).items.filter(
      ({ station }) => station !== null,
    );

  /** A contract about the whole fleet between the two sides of the demo, with people whose passwords are known. */
  async function contractOf(): Promise<number> {
    const { items: orgs } = await admin.get<{ items: { id: number; code: string }[] }>('/orgs');
    const { items: regions } = await admin.get<{ items: { id: number; kind: string }[] }>('/regions');
    const org = (code: string) => orgs.find((each) => each.code === code)?.id ?? 0;
    const [agency, contractor] = [org('demo-agency'), org('demo-contractor')];
    const { id } = await admin.post<{ id: number }>('/contracts', {
      code: 'T-1',
      name: '终端运维',
      term_from: '2026-01-01',
      region_ids: regions.filter(({ kind }) => kind === 'province').map((region) => region.id),
      agency_org_id: agency,
      contractor_org_id: contractor,
    });
    await person('customer', 'auditor', agency);
    await person('fitter', 'engineer', contractor);
    await person('chief', 'manager', contractor);
    return id;
  }
  async function person(login: string, role: string, org: number): Promise<void> {
    const made = await admin.post<{ one_time_password: string }>('/users', { login, name: login, role, org_id: org });
    const api = new ApiClient(base);
    await api.post('/session', { login, password: made.one_time_password });
    await api.post('/session/password', { current_password: made.one_time_password, new_password: PASSWORD });
  }
  async function hand(login: string): Promise<ApiClient> {
    const api = new ApiClient(base);
    await api.post('/session', { login, password: PASSWORD });
    return api;
  }
  async function open(login: string, width: number, height: number): Promise<Page> {
    const context = await browser.newContext({ viewport: { width, height }, locale: 'zh-CN' });
    return signIn(context, base, { login, password: PASSWORD }, faults);
  }

  /** A device that works and stands nowhere: taken from another station, wiped. */
  async function makeSpare(device: Device, chief: ApiClient): Promise<void> {
    await chief.post(`/stations/${device.station?.id}/remove`, { reason: '备用', lifecycle: 'in_stock' });
    const wipes = await chief.get<{ items: { id: number; version: number }[] }>('/stock/wipes?limit=10');
    for (const { id, version } of wipes.items) {
      await chief.post(`/stock/wipes/${id}/records`, { method: 'factory_reset', result: 'clean', version });
    }
  }

  test('becomes a fault, an order, a swap, a signature, a line of the ledger and of the report', async () => {
    const chief = await hand('chief');
    const devices = await online();
    // A spare of the same model: among four devices of two models there are two that may stand in for each other.
    const twin = (a: Device) => devices.find((b) => b !== a && b.model?.code === a.model?.code);
    const device = devices.find(twin);
    const other = device && twin(device);
    if (device === undefined || other === undefined) throw new Error('no devices');
    await makeSpare(other, chief);
    const response = await fetch(`${control}/scenario/printer-out-of-paper?device=${device.serial}`, {
      method: 'POST',
    });
    expect(response.status).toBeLessThan(300);

    const find = async () =>
      (await chief.get<{ items: Order[] }>(`/orders?station=${device.station?.id}&state=open`)).items[0];
    await expect.poll(find, deadline).toBeDefined();
    const { id, number } = (await find()) as Order;
    const read = () => chief.get<Order>(`/orders/${id}`);
    // It began when the device says so.
    const evidence = await evidenceOf(device.device_id);
    expect(new Date((await read()).opened_at).getTime()).toBe(evidence);

    const manager = await open('chief', 1440, 900);
    await manager.goto(`${base}/orders/${id}`);
    await manager.getByRole('button', { name: '派单' }).click();
    await manager.locator('[role=dialog] select').selectOption({ label: 'fitter（在手 0 张）' });
    await manager.locator('[role=dialog]').getByRole('button', { name: '派单' }).click();
    await manager.getByText('已派单').first().waitFor();

    const phone = await open('fitter', 390, 844);
    await phone.goto(`${base}/orders/mine`);
    await phone.getByRole('button', { name: '出发' }).click();
    await phone.getByRole('button', { name: '到场' }).click();
    await expect.poll(async () => (await read()).state, deadline).toBe('on_site');

    await phone.goto(`${base}/orders/${id}`);
    await phone.getByRole('button', { name: '换机' }).click();
    const swap = phone.locator('[role=dialog]');
    await swap.getByText(other.serial).click();
    await swap.getByPlaceholder('例如：打印机无法修复').fill('缺纸，换备用机');
    await swap.getByRole('button', { name: '换机' }).click();
    // The spare works there: that is the end, whatever anybody clicks later.
    await expect.poll(async () => (await read()).recovered_at, deadline).not.toBeNull();
    expect(await read()).toMatchObject({ state: 'repaired' });
    const ended = (await read()).ended_at;

    await phone.goto(`${base}/orders/${id}`);
    await phone.getByRole('button', { name: '机构确认' }).click();
    await phone.fill('[role=dialog] input[name=site-name]', '王医生');
    await sign(phone);
    await phone.getByRole('button', { name: '提交确认' }).click();
    await phone.getByRole('button', { name: '关闭工单' }).waitFor();
    await phone.getByRole('button', { name: '关闭工单' }).click();
    const dialog = phone.locator('[role=dialog]');
    await dialog.locator('select').first().selectOption({ label: '耗材用尽' });
    await dialog.locator('textarea[name=analysis]').fill('打印纸用尽');
    await dialog.locator('textarea[name=advice]').fill('每周检查纸量');
    await dialog.getByRole('button', { name: '关闭工单' }).click();
    await phone.getByText('已关闭').first().waitFor();
    const closed = await read();
    expect(closed.story.map(({ kind }) => kind)).toEqual(
      expect.arrayContaining([
        'opened',
        'assigned',
        'on_the_way',
        'on_site',
        'swap',
        'recovered',
        'confirmed',
        'closed',
      ]),
    );
    expect(closed).toMatchObject({ ended_at: ended, opened_at: new Date(evidence).toISOString() });

    const customer = await open('customer', 1440, 900);
    await customer.goto(`${base}/ledger`);
    await customer.getByText(number).first().waitFor();
    const { items } = await chief.get<{ items: { number: string; ended_at: string; site_word: { name: string } }[] }>(
      '/ledger',
    );
    expect(items.find((line) => line.number === number)).toMatchObject({
      ended_at: ended,
      site_word: { name: '王医生' },
    });

    await inReport(chief, number, customer);
    expect(faults).toEqual([]);
  });

  /** Draws something that passes for a signature. */
  async function sign(page: Page): Promise<void> {
    const box = await page.locator('[role=dialog] canvas').boundingBox();
    if (box === null) throw new Error('no place to sign');
    await page.mouse.move(box.x + 30, box.y + box.height / 2);
    await page.mouse.down();
    for (let i = 1; i <= 8; i++)
      await page.mouse.move(box.x + 30 + i * 20, box.y + box.height / 2 + (i % 2 ? 15 : -15));
    await page.mouse.up();
  }

  /** When the device's own report says that the printer failed, ms. */
  async function evidenceOf(deviceId: string): Promise<number> {
    const pool = openPool({ url: platform.runtime().databaseUrl, max: 1 });
    const { rows } = await pool.query<{ at: string }>(
      `select o.payload ->> 'at' as at from outbox o join device d using (device_key)
       where o.kind = 'component.fault' and o.payload ->> 'component' = 'printer' and d.device_id = $1 order by o.id limit 1`,
      [deviceId],
    );
    await pool.end();
    return Date.parse(rows[0]?.at ?? '');
  }

  /** The day's run sheet names the order. */
  async function inReport(chief: ApiClient, number: string, reader: Page): Promise<void> {
    const day = new Date(Date.now() + 8 * 3_600_000).toISOString().slice(0, 10);
    const made = await chief.post<{ id: number }>('/reports', { contract_id: contract, kind: 'day', day });
    const preview = async () => JSON.stringify(await chief.get(`/reports/${made.id}/preview`));
    await expect.poll(() => preview().catch(() => ''), deadline).toContain(number);
    await reader.goto(`${base}/reports/${made.id}`);
    await reader.getByText(number).first().waitFor();
  }
});
