import { type ChildProcess, fork } from 'node:child_process';
import { rmSync } from 'node:fs';
import { join } from 'node:path';
import { build } from 'esbuild';
import { afterAll, beforeAll, expect, test } from 'vitest';
// @ts-expect-error plain JavaScript, shared with the build
import { npmPackagesOutside } from '../../scripts/bundle.mjs';
import { type TestDatabase, testDatabase } from '../../test/support/database.ts';
import type { SmsSandbox } from '../src/sms-sandbox/server.ts';
import { putOnCall, seedFleet, setComponent, setOnline, startSandbox } from './support/fleet.ts';

const PHONE = '+8613800000001';
const ROUNDS = 10;
const ROOT = join(import.meta.dirname, '../..');
const CHILD = join(ROOT, `alerts/dist/test-child-${process.pid}.js`);
const deadline = { timeout: 30_000, interval: 50 };

let db: TestDatabase;
let sandbox: SmsSandbox;
let child: ChildProcess | null = null;

beforeAll(async () => {
  db = await testDatabase();
  // A provider that takes its time: many kills fall between its keeping a message and our knowing of it.
  sandbox = await startSandbox({ answerMs: 150 });
  await build({
    entryPoints: [join(ROOT, 'alerts/test/support/child.ts')],
    outfile: CHILD,
    bundle: true,
    platform: 'node',
    format: 'esm',
    target: 'node20',
    plugins: [npmPackagesOutside],
  });
});
afterAll(async () => {
  await kill();
  await sandbox.stop();
  await db.close();
  rmSync(CHILD, { force: true });
});

async function start(): Promise<void> {
  const started = fork(CHILD, [db.url, sandbox.url], { stdio: ['ignore', 'inherit', 'inherit', 'ipc'] });
  child = started;
  await new Promise<void>((resolve, reject) => {
    started.once('message', () => resolve());
    started.once('exit', (code) => reject(new Error(`alerts ended with ${code}`)));
  });
  started.removeAllListeners('exit');
}

async function kill(): Promise<void> {
  const victim = child;
  child = null;
  if (victim === null) return;
  const gone = new Promise((resolve) => victim.once('exit', resolve));
  victim.kill('SIGKILL');
  await gone;
}

/** Repeatable, evenly spread over [0, 1). */
function random(seed: number): () => number {
  let state = seed;
  return () => {
    state = (Math.imul(state, 1_664_525) + 1_013_904_223) >>> 0;
    return state / 2 ** 32;
  };
}

const texts = (part: string) => sandbox.messages().filter((message) => message.body.includes(part));

test('killed at any moment, the alerts process sends each SMS exactly once', async () => {
  const counties = await seedFleet(
    db.pool,
    Object.fromEntries(Array.from({ length: ROUNDS }, (_, i) => [`第${i}县`, 4])),
  );
  await putOnCall(db.pool, PHONE);
  const next = random(7);
  for (const [round, { devices }] of counties.entries()) {
    const [broken = 0, ...silent] = devices;
    await start();
    await setComponent(db.pool, broken, 'printer', 'paper_out');
    if (round % 2 === 1) await setOnline(db.pool, silent, false);
    await new Promise((resolve) => setTimeout(resolve, next() * 900));
    await kill();
  }
  await start();
  for (const round of counties.keys()) {
    await expect.poll(() => texts(`第${round}县 打印机缺纸`).length, deadline).toBe(1);
    if (round % 2 === 1) await expect.poll(() => texts(`第${round}县 3 台终端离线`).length, deadline).toBe(1);
  }
  const unsettled = `select 1 from notification where settled_at is null`;
  await expect.poll(async () => (await db.pool.query(unsettled)).rowCount, deadline).toBe(0);
  expect(sandbox.messages()).toHaveLength(ROUNDS + ROUNDS / 2);
});
