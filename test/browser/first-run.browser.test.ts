import type { Browser, BrowserContext, Page } from 'playwright-core';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { hasChromium, launchBrowser, signIn } from '../support/browser.ts';
import { ADMIN_PASSWORD, TestPlatform } from '../support/platform.ts';

const PAGES = [
  '/', '/incidents', '/availability', '/availability/compare', '/exclusions', '/contracts', '/evidence', '/devices', '/sites', '/regions', '/commands', '/enrolment', '/import',
  '/inspections', '/inspections/mine', '/inspections/plans', '/inspections/rate', '/oncall', '/users', '/orgs', '/quarantine', '/audit', '/platform', '/account',
]; // biome-ignore format: a list

/** A message key that has no words shows as itself. */
const UNTRANSLATED = /\b[a-z]+\.[a-zA-Z]+\.[a-zA-Z.]+\b/;

describe.skipIf(!hasChromium)('the console in a browser', () => {
  const platform = new TestPlatform({ UPTALLY_SELF_AGENT: '1' });
  let browser: Browser;
  let base = '';
  const faults: string[] = [];

  beforeAll(async () => {
    const { http } = await platform.start();
    base = `http://127.0.0.1:${http}`;
    browser = await launchBrowser();
  });
  afterAll(async () => {
    await browser.close();
    await platform.remove();
  });

  async function open(context: BrowserContext): Promise<Page> {
    const page = await context.newPage();
    page.on('pageerror', (error) => faults.push(error.message));
    return page;
  }

  test('first run: one-time password, own password, organisation, this machine online, a command that reports', async () => {
    const context = await browser.newContext({ viewport: { width: 1440, height: 900 }, locale: 'zh-CN' });
    const page = await open(context);
    await page.goto(base);
    await page.fill('#login', 'admin');
    await page.fill('#password', platform.oneTimePassword ?? '');
    await page.getByRole('button', { name: '登录' }).click();
    await page.fill('#current', platform.oneTimePassword ?? '');
    await page.fill('#next', ADMIN_PASSWORD);
    await page.fill('#repeated', ADMIN_PASSWORD);
    await page.getByRole('button', { name: '保存密码' }).click();
    await page.fill('#org', '海南省运维中心');
    await page.getByRole('button', { name: '完成，进入总览' }).click();
    await page.goto(`${base}/devices`);
    await page.getByText('在线').first().waitFor();
    const row = page.locator('[role=row]', { hasText: '在线' }).last();
    await row.locator('a').first().click();
    await page.getByRole('button', { name: '发送命令' }).click();
    await page.getByRole('button', { name: '发给 1 台终端' }).click();
    await page.getByText('成功', { exact: true }).first().waitFor({ timeout: 60_000 });
    expect(faults).toEqual([]);
    await context.close();
  });

  test.each([
    ['zh-CN', 1440, 900],
    ['en', 390, 844],
  ] as const)(
    'every page opens in %s at %i px without an error or sideways scrolling',
    async (locale, width, height) => {
      const context = await browser.newContext({ viewport: { width, height }, locale });
      const page = await signIn(context, base, { login: 'admin', password: ADMIN_PASSWORD }, faults);
      for (const path of PAGES) {
        await page.goto(base + path);
        await page.locator('h1').first().waitFor();
        await page.waitForLoadState('networkidle');
        const root = 'document.documentElement';
        const wide = await page.evaluate<number>(`${root}.scrollWidth - ${root}.clientWidth`);
        expect({ path, wide }).toEqual({ path, wide: 0 });
        const text = await page.innerText('body');
        expect({ path, untranslated: text.match(UNTRANSLATED) }).toEqual({ path, untranslated: null });
      }
      expect(faults).toEqual([]);
      await context.close();
    },
  );
});
