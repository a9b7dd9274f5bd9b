import { execFile } from 'node:child_process';
import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import type { Browser, Page } from 'playwright-core';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { hasChromium, launchBrowser, signIn } from '../support/browser.ts';
import { type Forgery, forgeBundle } from '../support/forged-bundle.ts';
import { ApiClient, TestPlatform } from '../support/platform.ts';

const DAY_MS = 86_400_000;
const PASSWORD = 'correct horse battery 8';
/** The least that a PNG is. */
const PROOF = Buffer.from(
  'iVBORw0KGgoAAAANSUhEUgAAAAEAAAABCAYAAAAfFcSJAAAADUlEQVR42mNk+M9QDwADhgGAWjR9awAAAABJRU5ErkJggg==',
  'base64',
);

interface Terms {
  term: { from: string; to: string };
  schedule: { id: string; cycle: string }[];
  [field: string]: unknown;
}
interface Version {
  readonly id: number;
  readonly sha256: string;
}

describe.skipIf(!hasChromium)('a statement between two organisations', () => {
  const platform = new TestPlatform();
  const faults: string[] = [];
  let browser: Browser;
  let base = '';
  let contract = 0;
  let auditor: ApiClient;
  let manager: ApiClient;
  const now = Date.now();

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
    const commissioned = new Date(now - 40 * DAY_MS).toISOString();
    await made('/stations', { site_id: site, code: 'ST-1', name: '收费窗口', commissioned_at: commissioned });
    contract = await made('/contracts', {
      code: 'HN',
      name: '村医通终端运维',
      term_from: day(-10),
      term_to: day(300),
      region_ids: [region],
      agency_org_id: agency,
      contractor_org_id: contractor,
    });
    auditor = await person(admin, 'auditor', 'auditor', agency);
    manager = await person(admin, 'manager', 'manager', contractor);
    await agreeOnTerms();
  });
  afterAll(async () => {
    await browser?.close();
    await platform.remove();
  });

  /** The preset of Hainan, paid every week. */
  async function agreeOnTerms(): Promise<void> {
    const presets = await manager.get<{ items: { id: string; document: Terms }[] }>('/contract-presets');
    const preset = presets.items.find(({ id }) => id === 'hn')?.document;
    if (preset === undefined) throw new Error('there is no preset hn');
    const document = {
      ...preset,
      code: 'HN',
      term: { from: day(-10), to: day(300) },
      sub_periods: [],
      interpretations: [],
      counting: { ...(preset.counting as object), grace_days: 0 },
      schedule: preset.schedule.map((one) => (one.id === 'final' ? { ...one, cycle: 'week' } : one)),
    };
    const { id, sha256 } = await manager.post<Version>(`/contracts/${contract}/documents`, { document });
    await manager.post(`/contracts/${contract}/documents/${id}/propose`, { sha256 });
    await auditor.post(`/contracts/${contract}/documents/${id}/agree`, { sha256 });
  }

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

  /** Presses a button of the page and the same one of the dialog that says what will happen. */
  async function step(page: Page, name: string, fill?: (dialog: ReturnType<Page['locator']>) => Promise<void>) {
    await page.getByRole('button', { name, exact: true }).first().click();
    const dialog = page.locator('[role=dialog]');
    await fill?.(dialog);
    // A refusal leaves the dialog open with the reason, e.g. that figures are still being computed: then it is pressed again.
    const press = async () => {
      const button = dialog.getByRole('button', { name, exact: true });
      if (await dialog.isVisible()) await button.click({ timeout: 5_000 });
      await dialog.waitFor({ state: 'hidden', timeout: 5_000 });
    };
    await expect.poll(() => press().then(() => 'done', String), { timeout: 90_000 }).toBe('done');
  }
  const sign = (name: string, post: string) => async (dialog: ReturnType<Page['locator']>) => {
    await dialog.getByLabel('签字人姓名').fill(name);
    await dialog.getByLabel('职务').fill(post);
  };

  test('is closed, submitted, disputed, agreed, signed and archived, each side for itself', async () => {
    const ours = await open('manager', 390, 844);
    const theirs = await open('auditor', 1440, 900);

    await theirs.goto(`${base}/statements`);
    await theirs.getByRole('button', { name: '生成草稿' }).first().click();
    await theirs.waitForURL(/\/statements\/\d+$/);
    const id = Number(theirs.url().split('/').at(-1));
    const isComplete = async () => (await auditor.get<{ is_complete: boolean }>(`/statements/${id}`)).is_complete;
    await expect.poll(isComplete, { timeout: 60_000 }).toBe(true);

    // A station that never reported: the least tier, 40 % of 1,000,000.00.
    await theirs.reload();
    await theirs.getByText('¥400,000.00').first().waitFor();
    await theirs.getByText('人民币肆拾万元整').first().waitFor();
    await step(theirs, '关账');
    await theirs.getByText('已关账').first().waitFor();

    await ours.goto(`${base}/statements/${id}`);
    await step(ours, '提交对方');
    await ours.getByText('等待另一方答复').waitFor();
    expect(await ours.getByRole('button', { name: '同意', exact: true }).count()).toBe(0);
    const { freeze } = await manager.get<{ freeze: { sha256: string } }>(`/statements/${id}`);
    await expect(manager.post(`/statements/${id}/agree`, { sha256: freeze.sha256 })).rejects.toThrow(
      /settlement_own_side/,
    );

    await theirs.reload();
    await step(theirs, '提出异议', async (dialog) => {
      await dialog.getByLabel('异议理由').fill('供电局停电两天，应剔除');
      await dialog
        .locator('input[type=file]')
        .setInputFiles({ name: '停电通知.png', mimeType: 'image/png', buffer: PROOF });
    });
    await theirs.getByText('停电通知.png').first().waitFor();
    expect(await theirs.getByRole('button', { name: '同意', exact: true }).count()).toBe(0);
    expect(await theirs.getByRole('button', { name: '认可异议' }).count()).toBe(0);

    await ours.reload();
    await ours.getByText('供电局停电两天，应剔除').first().waitFor();
    await ours.getByRole('textbox', { name: '补充说明' }).fill('该点位停电不足一小时，已附供电局回函');
    await ours.getByRole('button', { name: '发表' }).click();
    await ours.getByText('该点位停电不足一小时，已附供电局回函').first().waitFor();

    // Told at once: nobody reloads.
    await theirs.getByText('该点位停电不足一小时，已附供电局回函').first().waitFor();
    await step(theirs, '撤回异议');
    await step(theirs, '同意');
    await step(theirs, '签字', sign('吴审', '审计处长'));
    await theirs.getByText('吴审').last().waitFor();
    expect(await theirs.getByRole('button', { name: '签字', exact: true }).count()).toBe(0);

    await ours.reload();
    await step(ours, '签字', sign('陈伟', '项目经理'));
    await step(ours, '归档');
    await ours.getByText('已归档').first().waitFor();

    await theirs.goto(`${base}/contracts/${contract}/archive`);
    await theirs.getByRole('button', { name: '核对整条链' }).click();
    await theirs.getByText('完整：1 份逐一核对无误').waitFor();
    await theirs.goto(`${base}/statements/${id}`);
    await theirs.getByText('审计处长').last().waitFor();
    expect(faults).toEqual([]);
    await checkElsewhere(id);
  });

  /** What the other party does with the bundle: the verifier as it is shipped, and nothing but the file. */
  async function checkElsewhere(statement: number): Promise<void> {
    const bundle = await fetchBundle(statement);
    const { fingerprint } = await auditor.get<{ fingerprint: string }>('/evidence-key');
    const verdict = (path: string) => runVerifier(path, '--key', fingerprint);
    const whole = await verdict(bundle);
    expect(whole).toMatchObject({ code: 0, text: expect.stringContaining('1 stations recomputed, 0 differences') });
    expect(whole.text).toMatch(/total +400,000\.00 {2}人民币肆拾万元整/);
    const forged = async (name: string, forgery: Forgery) => {
      const path = join(platform.dataDir, `${name}.zip`);
      await forgeBundle(bundle, path, join(platform.dataDir, 'keys'), forgery);
      return verdict(path);
    };
    const rule = await forged('rule', {
      'statement/statement.json': (text) => text.replace('"least","percent":"40"', '"least","percent":"41"'),
    });
    expect(rule).toMatchObject({ code: 1, text: expect.stringContaining('tiers/2/percent: kept 40, recomputed 41') });
    expect(rule.text).toContain('line final_payment: kept 40000000 fen, recomputed 41000000 fen');
    const record = await forged('record', {
      'stations.ndjson': (text) => text.replace(/"commissionedAt":\d+/, `"commissionedAt":${now - 8 * DAY_MS}`),
    });
    expect(record).toMatchObject({
      code: 1,
      text: expect.stringMatching(/DIFFERENCE ST-1 [\d-]+ network\.\w+: kept/),
    });
    expect(record.text).toContain('DIFFERENCE statement, metric network');
    const amount = await forged('amount', {
      'statement/statement.json': (text) => text.replace('"total_fen":40000000', '"total_fen":40000001'),
    });
    expect(amount).toMatchObject({
      code: 1,
      text: expect.stringContaining('DIFFERENCE statement, total: kept 40000001 fen, recomputed 40000000 fen'),
    });
  }

  async function fetchBundle(statement: number): Promise<string> {
    const { bundle_id } = await auditor.post<{ bundle_id: string }>(`/statements/${statement}/bundle`, undefined);
    const state = async () => (await auditor.get<{ state: string }>(`/evidence-bundles/${bundle_id}`)).state;
    await expect.poll(state, { timeout: 60_000 }).toBe('done');
    const headers = { cookie: auditor.cookie };
    const answer = await fetch(`${base}/api/v1/evidence-bundles/${bundle_id}/file`, { headers });
    const path = join(platform.dataDir, 'handed-over.zip');
    writeFileSync(path, Buffer.from(await answer.arrayBuffer()));
    return path;
  }

  function runVerifier(...args: string[]): Promise<{ code: number; text: string }> {
    return new Promise((resolve) => {
      execFile(process.execPath, ['fleet-api/dist/uptally-verify.js', ...args], (error, out, err) =>
        resolve({ code: Number(error?.code ?? 0), text: out + err }),
      );
    });
  }

  /** A day of the contract's zone, relative to today. */
  function day(offset: number): string {
    return new Date(now + 8 * 3_600_000 + offset * DAY_MS).toISOString().slice(0, 10);
  }
});
