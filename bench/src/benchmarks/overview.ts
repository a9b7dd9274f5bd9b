import { existsSync } from 'node:fs';
import { openPool } from '@uptally/fleet-api/db';
import type { Benchmark } from '../benchmark.ts';
import { ms, table } from '../report/table.ts';
import { sessionToken } from '../targets/administrator.ts';
import { fillRegistry, settled } from '../targets/big-registry.ts';
import { BenchServer } from '../targets/server.ts';

const DEVICES = 3_000;
const LOADS = 20;
/** A new window's own interface keeps a core busy for about a second; people type the address into one that stands. */
const WINDOW_MS = 2_000;
const CHROMIUM = process.env.CHROMIUM_PATH ?? '/usr/bin/chromium';
const QUIET = ['--no-sandbox', '--disable-gpu', '--disable-background-networking', '--disable-component-update'];

/** What a person waits for in the morning: from the address to the figures, in a real browser. */
export const overview: Benchmark = {
  name: 'overview',
  about: `the console's first page with ${DEVICES} devices in headless Chromium: from navigation until the figures are there, ${LOADS} of each`,
  async run() {
    if (!existsSync(CHROMIUM)) return `left out: no Chromium at ${CHROMIUM} (CHROMIUM_PATH)`;
    const server = await BenchServer.start();
    try {
      const { databaseUrl, http } = server.runtime;
      const pool = openPool({ url: databaseUrl, max: 1 });
      await fillRegistry(pool, DEVICES);
      await settled(pool);
      const token = await sessionToken(pool);
      await pool.end();
      const base = `http://127.0.0.1:${http}`;
      const cold = await loads(base, token, 'empty');
      const warm = await loads(base, token, 'kept');
      return table(
        ['browser cache', 'first ms', 'fastest ms', 'p50 ms', 'p95 ms'],
        [
          ['empty', ...cold],
          ['kept', ...warm],
        ],
      );
    } finally {
      await server.stop();
    }
  },
};

/** Loads the page again and again, each time in a new window, and gives the first, fastest, median and 95th percentile, ms. */
async function loads(base: string, token: string, cache: 'empty' | 'kept'): Promise<string[]> {
  const { chromium } = await import('playwright-core');
  const browser = await chromium.launch({ executablePath: CHROMIUM, args: QUIET });
  const open = async () => {
    const context = await browser.newContext({ viewport: { width: 1440, height: 900 }, locale: 'zh-CN' });
    await context.addCookies([{ name: 'uptally', value: token, url: base, httpOnly: true }]);
    return context;
  };
  try {
    const timesMs: number[] = [];
    const kept = await open();
    for (let i = 0; i < LOADS; i += 1) {
      const context = cache === 'kept' ? kept : await open();
      const page = await context.newPage();
      await page.waitForTimeout(WINDOW_MS);
      const startedMs = performance.now();
      await page.goto(base, { waitUntil: 'commit' });
      // The first figure of the whole: devices online.
      await page.waitForSelector('.whole .figure', { timeout: 30_000 });
      timesMs.push(performance.now() - startedMs);
      // What the page asks for besides is answered before the next load begins.
      await page.waitForLoadState('networkidle');
      await page.close();
      if (cache === 'empty') await context.close();
    }
    const sorted = timesMs.toSorted((a, b) => a - b);
    const at = (share: number) => sorted[Math.floor(sorted.length * share)] ?? 0;
    return [ms(timesMs[0] ?? 0), ms(at(0)), ms(at(0.5)), ms(at(0.95))];
  } finally {
    await browser.close();
  }
}
