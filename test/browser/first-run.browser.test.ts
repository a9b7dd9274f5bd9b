import type { Browser, BrowserContext, Page } from 'playwright-core';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { hasChromium, launchBrowser, signIn } from '../support/browser.ts';
import { ADMIN_PASSWORD, TestPlatform } from '../support/platform.ts';

const PAGES = [
  '/', '/incidents', '/availability', '/availability/compare', '/exclusions', '/exclusions/new', '/evidence', '/devices', '/sites', '/regions', '/commands', '/enrolment', '/import',
  '/contracts', '/contracts/new', '/contracts/calendar', '/statements', '/money', '/duties', '/duties/complaints', '/duties/ratings', '/duties/ratings/new', '/duties/roster',
  '/faults', '/orders', '/orders/board', '/orders/mine', '/ledger', '/reports', '/stock', '/stock/movements', '/stock/repairs', '/stock/wipes', '/stock/parts', '/stock/warranty',
  '/inspections', '/inspections/mine', '/inspections/plans', '/inspections/plans/new', '/inspections/rate',
  '/oncall', '/users', '/users/1', '/orgs', '/quarantine', '/audit', '/platform', '/account', '/no-such-page',
]; // biome-ignore format: a list
const WIDTHS = [
  [1440, 900],
  [390, 844],
] as const;

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
    await page.waitForURL((url) => url.pathname === '/');
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

  test.each(['zh-CN', 'en'])(
    'every page opens in %s, wide and on a phone, without an error or sideways scrolling',
    async (locale) => {
      const context = await browser.newContext({ viewport: { width: 1440, height: 900 }, locale });
      const page = await signIn(context, base, { login: 'admin', password: ADMIN_PASSWORD }, faults);
      for (const path of PAGES) {
        await page.goto(base + path);
        await page.locator('h1').first().waitFor();
        await page.locator('.skeleton').first().waitFor({ state: 'detached', timeout: 60_000 });
        for (const [width, height] of WIDTHS) {
          await page.setViewportSize({ width, height });
          const found = {
            path,
            width,
            wide: await sideways(page),
            untranslated: (await page.innerText('body')).match(UNTRANSLATED),
          };
          expect(found).toEqual({ path, width, wide: 0, untranslated: null });
        }
      }
      expect(faults).toEqual([]);
      await context.close();
    },
  );
});

/** How far the page scrolls sideways once it has been drawn, px. */
function sideways(page: Page): Promise<number> {
  return page.evaluate<number>(`new Promise((resolve) => {
    const drawn = () => resolve(document.documentElement.scrollWidth - document.documentElement.clientWidth);
    requestAnimationFrame(() => requestAnimationFrame(drawn));
  })`);
}
