import { existsSync } from 'node:fs';
import { type Browser, type BrowserContext, chromium, type Page } from 'playwright-core';

const CHROMIUM = '/usr/bin/chromium';
const ARGS = [
  '--no-sandbox',
  '--disable-gpu',
  '--disable-background-networking',
  '--disable-component-update',
  '--disable-sync',
];

/** False where Chromium is not installed; says so once. */
export const hasChromium = existsSync(CHROMIUM);
if (!hasChromium) process.stderr.write(`SKIPPING browser tests: ${CHROMIUM} is not installed\n`);

export function launchBrowser(): Promise<Browser> {
  return chromium.launch({ executablePath: CHROMIUM, args: ARGS });
}

/** Opens the console and signs in; what goes wrong in the page is added to `faults`. */
export async function signIn(
  context: BrowserContext,
  base: string,
  who: { readonly login: string; readonly password: string },
  faults: string[],
): Promise<Page> {
  const page = await context.newPage();
  page.on('pageerror', (error) => faults.push(error.message));
  await page.goto(base);
  await page.fill('#login', who.login);
  await page.fill('#password', who.password);
  await page.locator('button[type=submit]').click();
  await page.waitForURL((url) => !url.pathname.startsWith('/login'));
  return page;
}
