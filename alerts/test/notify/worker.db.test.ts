import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, test } from 'vitest';
import { type TestDatabase, testDatabase } from '../../../test/support/database.ts';
import { AlertMetrics } from '../../src/metrics.ts';
import { createTwilioNotifier } from '../../src/notify/twilio.ts';
import { DEFAULT_WORKER, Worker, type WorkerSettings } from '../../src/notify/worker.ts';
import type { SmsSandbox } from '../../src/sms-sandbox/server.ts';
import { ACCOUNT, FROM, log, putOnCall, startSandbox, TOKEN } from '../support/fleet.ts';

const MINUTE_MS = 60_000;
const deadline = { timeout: 15_000, interval: 30 };
let db: TestDatabase;
let sandbox: SmsSandbox;
let worker: Worker | null = null;
let metrics: AlertMetrics;
/** Time that tests have skipped, ms. */
let skippedMs = 0;
const clock = () => Date.now() + skippedMs;

beforeAll(async () => {
  db = await testDatabase();
});
afterAll(() => db.close());
beforeEach(async () => {
  await db.reset();
  skippedMs = 0;
  sandbox = await startSandbox();
});
afterEach(async () => {
  await worker?.stop();
  worker = null;
  await sandbox.stop();
});

function run(settings: Partial<WorkerSettings> = {}, options: { token?: string; url?: string } = {}): void {
  const notifier = createTwilioNotifier({
    accountSid: ACCOUNT,
    authToken: options.token ?? TOKEN,
    from: FROM,
    baseUrl: options.url ?? sandbox.url,
    statusCallback: null,
    timeoutMs: 800,
  });
  const fast = { ...DEFAULT_WORKER, pollMs: 20, leaseMs: 2_000, silentMs: 100, ...settings };
  metrics = new AlertMetrics(db.pool, clock, 'alerts');
  worker = new Worker({ pool: db.pool, notifier, clock, log, metrics, settings: fast });
  worker.start();
}

let serial = 0;
async function queue(to: string, columns: Record<string, unknown> = {}): Promise<number> {
  const row = { state: 'queued', attempts: 0, body: `text ${++serial}`, ...columns };
  const { rows } = await db.pool.query<{ id: number }>(
    `insert into notification (recipient, body, dedup_key, state, attempts, attempted_at, updated_at)
     values ($1, $2, $3, $4, $5, now(), now()) returning id`,
    [to, row.body, `test:${serial}`, row.state, row.attempts],
  );
  const id = rows[0]?.id ?? 0;
  if (row.attempts > 0) {
    await db.pool.query(
      'insert into notification_attempt (notification_id, attempt, at, updated_at) values ($1, $2, now(), now())',
      [id, row.attempts],
    );
  }
  return id;
}

interface Row {
  state: string;
  attempts: number;
  error_code: string | null;
  settled: boolean;
}
async function stateOf(id: number): Promise<Row | undefined> {
  const { rows } = await db.pool.query<Row>(
    'select state, attempts, error_code, settled_at is not null as settled from notification where id = $1',
    [id],
  );
  return rows[0];
}
const flags = async () =>
  (await db.pool.query('select phone, flagged_reason from oncall order by id')).rows as unknown[];

describe('an answer of the provider', () => {
  test.each([
    ['+15005550001', '21211', 'invalid_number'],
    ['+15005550009', '21614', 'not_mobile'],
    ['+15005550004', '21610', 'unsubscribed'],
  ])('%s (%s) is never tried again and flags the number as %s', async (phone, code, flag) => {
    await putOnCall(db.pool, phone);
    const id = await queue(phone);
    run();
    await expect
      .poll(() => stateOf(id), deadline)
      .toEqual({ state: 'failed', attempts: 1, error_code: code, settled: true });
    expect(await flags()).toEqual([{ phone, flagged_reason: flag }]);
  });

  test('too many requests: tried again until it works', async () => {
    const id = await queue('+15005520429');
    run();
    const refused = async () =>
      (await db.pool.query('select from notification_attempt where error_code is not null')).rowCount;
    await expect.poll(refused, deadline).toBeGreaterThanOrEqual(1);
    skippedMs += 2_500;
    await expect.poll(refused, deadline).toBe(2);
    skippedMs += 4_500;
    await expect.poll(() => stateOf(id), deadline).toMatchObject({ state: 'delivered', attempts: 3 });
    expect(sandbox.messages()).toHaveLength(1);
    const told = await metrics.registry.metrics();
    for (const line of [
      'uptally_alerts_sms_total{outcome="accepted"} 1',
      'uptally_alerts_sms_total{outcome="retried"} 2',
      'uptally_alerts_sms_total{outcome="failed"} 0',
      'uptally_alerts_sms_errors_total{class="retry",code="20429"} 2',
    ])
      expect(told).toContain(line);
  });

  test('wrong credentials: everything stops, the administrator can see it, and it goes on once that is put right', async () => {
    const first = await queue('+8613800000001');
    run({}, { token: 'wrong' });
    const stopped = () => db.pool.query(`select value->>'reason' as reason from setting where key = 'sms_stopped'`);
    await expect.poll(async () => (await stopped()).rows, deadline).toEqual([{ reason: 'credentials_refused' }]);
    const second = await queue('+8613800000002');
    await worker?.stop();
    expect(await stateOf(second)).toMatchObject({ state: 'queued', attempts: 0 });
    skippedMs += 15 * MINUTE_MS;
    run();
    for (const id of [first, second]) {
      await expect.poll(() => stateOf(id), deadline).toMatchObject({ state: 'delivered' });
    }
    expect((await stopped()).rows).toEqual([]);
  });

  test('nobody there: certainly not sent, tried again without a look-up', async () => {
    const id = await queue('+8613800000001');
    run({}, { url: 'http://127.0.0.1:1' });
    await expect.poll(() => stateOf(id), deadline).toMatchObject({ state: 'queued', attempts: 1 });
    await worker?.stop();
    skippedMs += 3_000;
    run();
    await expect.poll(() => stateOf(id), deadline).toMatchObject({ state: 'delivered', attempts: 2 });
  });
});

describe('an unknown outcome', () => {
  test('cut off after the provider had taken it: found, and not sent again', async () => {
    const id = await queue('+15005550504');
    run();
    await expect.poll(async () => (await stateOf(id))?.state, deadline).toBe('unknown');
    skippedMs += 3_000;
    await expect.poll(() => stateOf(id), deadline).toMatchObject({ state: 'delivered', attempts: 1 });
    expect(sandbox.messages()).toHaveLength(1);
  });

  test.each(['+15005550505', '+15005550500'])('%s: not found, so sent again', async (phone) => {
    const id = await queue(phone);
    run();
    await expect.poll(async () => (await stateOf(id))?.state, deadline).toBe('unknown');
    expect(sandbox.messages()).toHaveLength(0);
    skippedMs += 3_000;
    await expect.poll(() => stateOf(id), deadline).toMatchObject({ state: 'delivered', attempts: 2 });
    expect(sandbox.messages()).toHaveLength(1);
  });

  test('a send that was interrupted is looked up, and the message of another incident is not taken for it', async () => {
    const phone = '+8613800000001';
    run();
    const other = await queue(phone, { body: 'the same words' });
    await expect.poll(() => stateOf(other), deadline).toMatchObject({ state: 'delivered' });
    const interrupted = await queue(phone, { body: 'the same words', state: 'sending', attempts: 1 });
    skippedMs += 3_000;
    await expect.poll(() => stateOf(interrupted), deadline).toMatchObject({ state: 'delivered', attempts: 2 });
    expect(sandbox.messages()).toHaveLength(2);
  });
});

describe('a delivery report', () => {
  test('unreachable (30003): later again, three times in all', async () => {
    const id = await queue('+15005530003');
    run();
    for (const [attempt, waitMs] of [5, 10].entries()) {
      await expect.poll(() => stateOf(id), deadline).toMatchObject({ state: 'queued', attempts: attempt + 1 });
      skippedMs += waitMs * MINUTE_MS + 1_000;
    }
    await expect.poll(() => stateOf(id), deadline).toMatchObject({ state: 'failed', attempts: 3, error_code: '30003' });
    const log = await db.pool.query('select status, error_code from notification_attempt order by attempt');
    expect(log.rows).toEqual(Array.from({ length: 3 }, () => ({ status: 'undelivered', error_code: '30003' })));
  });

  test('unknown error (30008): once more', async () => {
    const id = await queue('+15005530008');
    run();
    await expect.poll(() => stateOf(id), deadline).toMatchObject({ state: 'queued', attempts: 1 });
    skippedMs += MINUTE_MS + 1_000;
    await expect.poll(() => stateOf(id), deadline).toMatchObject({ state: 'failed', attempts: 2, error_code: '30008' });
  });

  test('a landline (30006) is flagged; filtered (30007) is not the number’s fault', async () => {
    await putOnCall(db.pool, '+15005530006');
    await putOnCall(db.pool, '+15005530007');
    const ids = [await queue('+15005530006'), await queue('+15005530007')];
    run();
    for (const id of ids)
      await expect.poll(() => stateOf(id), deadline).toMatchObject({ state: 'failed', attempts: 1 });
    expect(await flags()).toEqual([
      { phone: '+15005530006', flagged_reason: 'landline_or_unreachable' },
      { phone: '+15005530007', flagged_reason: null },
    ]);
  });

  test('may come twice, late and in any order', async () => {
    const id = await queue('+8613800000001', { state: 'sending', attempts: 1 });
    const report = (status: string, attempt = 1) =>
      db.pool.query('select notification_report($1, $2, $3, $4, null, now())', [id, attempt, 'SM1', status]);
    for (const status of ['sent', 'delivered', 'queued', 'sent', 'undelivered', 'delivered']) await report(status);
    expect(await stateOf(id)).toMatchObject({ state: 'delivered', settled: true });
    await report('nonsense');
    await db.pool.query('select notification_report(null, null, $1, $2, null, now())', ['SM1', 'failed']);
    expect(await stateOf(id)).toMatchObject({ state: 'delivered', settled: true });
  });
});

describe('bounds', () => {
  test('a number gets only so many an hour; the rest waits', async () => {
    const ids = [];
    for (let i = 0; i < 5; i++) ids.push(await queue('+8613800000001'));
    run({ perHour: 3, parallel: 1 });
    await expect.poll(() => sandbox.messages().length, deadline).toBe(3);
    expect(await stateOf(ids[4] ?? 0)).toMatchObject({ state: 'queued', attempts: 0 });
    skippedMs += 61 * MINUTE_MS;
    await expect.poll(() => sandbox.messages().length, deadline).toBe(5);
  });

  test('what could not be sent while it mattered is dropped', async () => {
    const { rows } = await db.pool.query<{ id: number }>(
      `insert into incident (group_key, rule, opened_at, notify_after, resolved_at) values ('x', 'device_offline', now(), now(), now()) returning id`,
    );
    const id = await queue('+8613800000001');
    await db.pool.query('update notification set incident_id = $1 where id = $2', [rows[0]?.id, id]);
    skippedMs += 5 * MINUTE_MS;
    run();
    const row = { state: 'dropped', attempts: 0, error_code: 'incident_over', settled: true };
    await expect.poll(() => stateOf(id), deadline).toEqual(row);
    expect(sandbox.messages()).toEqual([]);
  });
});
