import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, test } from 'vitest';
import { type TestDatabase, testDatabase } from '../../test/support/database.ts';
import type { Alerts } from '../src/alerts.ts';
import type { SmsSandbox } from '../src/sms-sandbox/server.ts';
import { alertsOn, putOnCall, seedFleet, setComponent, setOnline, settled, startSandbox } from './support/fleet.ts';

const PHONE = '+8613800000001';
let db: TestDatabase;
let sandbox: SmsSandbox;
let alerts: Alerts | null = null;

beforeAll(async () => {
  db = await testDatabase();
});
afterAll(() => db.close());
beforeEach(async () => {
  await db.reset();
  sandbox = await startSandbox();
});
afterEach(async () => {
  await alerts?.stop();
  alerts = null;
  await sandbox.stop();
});

async function run(config: Parameters<typeof alertsOn>[2] = {}): Promise<void> {
  alerts = alertsOn(db.pool, sandbox.url, config);
  await alerts.start();
}

const inbox = (phone = PHONE) => sandbox.messages().filter((message) => message.to === phone);
const rows = async <T>(sql: string) => (await db.pool.query(sql)).rows as T[];
const deadline = { timeout: 20_000, interval: 50 };

/** The outbox is read and nothing waits to be told or sent. */
async function quiet(): Promise<void> {
  await expect.poll(() => settled(db.pool), deadline).toBe(true);
  const waiting = `select
    (select count(*) from notification where state in ('queued', 'sending', 'unknown'))
    + (select count(*) from incident where notified_at is null and resolved_at is null) as n`;
  await expect.poll(async () => (await rows<{ n: number }>(waiting))[0]?.n, deadline).toBe(0);
}

describe('a component fault', () => {
  test('is one SMS to the person on call, and a record of its delivery', async () => {
    const [county] = await seedFleet(db.pool, { 澄迈县: 2 });
    await putOnCall(db.pool, PHONE, county?.id ?? null);
    await run();
    await setComponent(db.pool, county?.devices[0] ?? 0, 'printer', 'paper_out');
    await expect.poll(() => inbox().length, deadline).toBe(1);
    expect(inbox()[0]?.body).toMatch(/^【Uptally】澄迈县 打印机缺纸：澄迈县卫生院1 1号终端，\d\d:\d\d 起。$/);
    await quiet();
    const figures = async () => alerts?.metrics.metrics();
    await expect.poll(figures, deadline).toContain('uptally_alerts_outbox_lag_events 0');
    expect(await figures()).toContain('uptally_alerts_messages{state="queued"} 0');
    const delivered = () => rows<{ state: string }>('select state from notification');
    await expect.poll(delivered, deadline).toEqual([{ state: 'delivered' }]);
    expect(inbox()).toHaveLength(1);
    expect(await rows('select attempt, status from notification_attempt')).toEqual([
      { attempt: 1, status: 'delivered' },
    ]);
    expect(await rows('select rule, component, reason, station_id, county_id from alert')).toMatchObject([
      { rule: 'component_fault', component: 'printer', reason: 'paper_out', county_id: county?.id },
    ]);
  });

  test('ends with the fault; coming back within minutes it is the same incident without another SMS', async () => {
    const [county] = await seedFleet(db.pool, { 澄迈县: 1 });
    const key = county?.devices[0] ?? 0;
    await putOnCall(db.pool, PHONE);
    await run();
    await setComponent(db.pool, key, 'printer', 'paper_out');
    await expect.poll(() => inbox().length, deadline).toBe(1);
    await setComponent(db.pool, key, 'printer', null);
    const resolved = () => rows<{ over: boolean }>('select resolved_at is not null as over from incident');
    await expect.poll(resolved, deadline).toEqual([{ over: true }]);
    await setComponent(db.pool, key, 'printer', 'paper_out');
    await expect.poll(resolved, deadline).toEqual([{ over: false }]);
    await quiet();
    expect(inbox()).toHaveLength(1);
    expect(await rows('select alerts_total from incident')).toEqual([{ alerts_total: 1 }]);
    expect(await rows('select 1 from alert')).toHaveLength(2);
  });

  test('equal faults of the county join it, another kind is another SMS', async () => {
    const [county] = await seedFleet(db.pool, { 澄迈县: 3 });
    const [a = 0, b = 0, c = 0] = county?.devices ?? [];
    await putOnCall(db.pool, PHONE);
    await run();
    await setComponent(db.pool, a, 'printer', 'paper_out');
    await expect.poll(() => inbox().length, deadline).toBe(1);
    await setComponent(db.pool, b, 'printer', 'paper_out');
    await setComponent(db.pool, c, 'card_reader', 'disconnected');
    await expect.poll(() => inbox().length, deadline).toBe(2);
    await quiet();
    expect(inbox()).toHaveLength(2);
    expect(await rows('select alerts_total from incident order by id')).toEqual([
      { alerts_total: 2 },
      { alerts_total: 1 },
    ]);
  });

  test('wakes nobody while its device is not there to show it', async () => {
    const [county] = await seedFleet(db.pool, { 澄迈县: 1 });
    const key = county?.devices[0] ?? 0;
    await putOnCall(db.pool, PHONE);
    await db.pool.query('update device_live set online = false');
    await run();
    await setComponent(db.pool, key, 'printer', 'paper_out');
    await expect.poll(() => rows('select 1 from incident'), deadline).toHaveLength(1);
    await expect.poll(() => settled(db.pool), deadline).toBe(true);
    expect(await rows('select 1 from notification')).toEqual([]);
    await setOnline(db.pool, [key], true);
    await expect.poll(() => inbox().length, deadline).toBe(1);
  });
});

describe('an outage', () => {
  test('of a county with 86 devices is one incident and one SMS', async () => {
    const [county] = await seedFleet(db.pool, { 澄迈县: 86, 临高县: 120 });
    await putOnCall(db.pool, PHONE, county?.id ?? null);
    await run({ policy: { offlineWaitMs: 1_500 } });
    const devices = county?.devices ?? [];
    await setOnline(db.pool, devices.slice(0, 50), false);
    await setOnline(db.pool, devices.slice(50), false);
    await expect.poll(() => inbox().length, deadline).toBe(1);
    expect(inbox()[0]?.body).toMatch(/^【Uptally】澄迈县 86 台终端离线，\d\d:\d\d 起。$/);
    await quiet();
    expect(inbox()).toHaveLength(1);
    expect(await rows('select alerts_total from incident')).toEqual([{ alerts_total: 86 }]);
    await setOnline(db.pool, devices, true);
    await expect.poll(() => rows('select 1 from incident where resolved_at is not null'), deadline).toHaveLength(1);
    expect(inbox()).toHaveLength(1);
  });

  test('that is over before the group was complete wakes nobody', async () => {
    const [county] = await seedFleet(db.pool, { 澄迈县: 3 });
    await putOnCall(db.pool, PHONE);
    await run({ policy: { offlineWaitMs: 2_000 } });
    await setOnline(db.pool, county?.devices ?? [], false);
    await setOnline(db.pool, county?.devices ?? [], true);
    await expect.poll(() => rows('select 1 from incident where resolved_at is not null'), deadline).toHaveLength(1);
    await quiet();
    expect(await rows('select 1 from notification')).toEqual([]);
  });

  test('of most of the fleet is one incident of the fleet', async () => {
    const counties = await seedFleet(db.pool, { 澄迈县: 20, 临高县: 20, 儋州市: 20 });
    await putOnCall(db.pool, PHONE);
    for (const [i, county] of counties.entries()) await putOnCall(db.pool, `+861390000000${i}`, county.id);
    await run();
    for (const county of counties) await setOnline(db.pool, county.devices.slice(0, 15), false);
    await expect.poll(() => inbox().length, deadline).toBe(1);
    expect(inbox()[0]?.body).toMatch(/^【Uptally】全网 60 台终端中 45 台离线/);
    await quiet();
    expect(sandbox.messages()).toHaveLength(1);
    expect(await rows('select alerts_total from incident')).toEqual([{ alerts_total: 45 }]);
    await setOnline(db.pool, counties[0]?.devices.slice(15) ?? [], false);
    await expect.poll(() => rows('select alerts_total from incident'), deadline).toEqual([{ alerts_total: 50 }]);
    await quiet();
    expect(sandbox.messages()).toHaveLength(1);
  });

  test('by a clean end, of a spare, or while the platform could not hear is none', async () => {
    const [county] = await seedFleet(db.pool, { 澄迈县: 4 });
    const [clean = 0, spare = 0, deaf = 0, gone = 0] = county?.devices ?? [];
    await putOnCall(db.pool, PHONE);
    await db.pool.query(`update device set lifecycle = 'in_stock' where device_key = $1`, [spare]);
    await db.pool.query(
      `insert into platform_liveness (component, instance, from_at, to_at) values
         ('ingest', 'a', now() - interval '1 day', now() - interval '10 minutes'),
         ('ingest', 'a', now() - interval '20 seconds', now() + interval '1 hour')`,
    );
    await db.pool.query('update device_live set beat_ms = 1000 where device_key = any ($1)', [[deaf, gone]]);
    await run({ policy: { offlineWaitMs: 100, platformGraceMs: 19_500 } });
    await setOnline(db.pool, [clean], false, 'clean');
    await setOnline(db.pool, [spare], false);
    await db.pool.query(
      `with gone as (update device_live set online = false where device_key = any ($1) returning device_key)
       insert into outbox (kind, device_key, payload)
       select 'device.offline', device_key, jsonb_build_object('at', now() - interval '5 minutes', 'reason', 'silent') from gone`,
      [[deaf, gone]],
    );
    await expect.poll(() => rows('select 1 from alert_deferred'), deadline).toHaveLength(2);
    await setOnline(db.pool, [deaf], true);
    await expect.poll(() => inbox().length, deadline).toBe(1);
    expect(await rows('select device_key from alert')).toEqual([{ device_key: gone }]);
    expect(await rows('select 1 from alert_deferred')).toEqual([]);
  });
});

describe('recipients', () => {
  test('the nearest region that has a usable number; flagged and disabled ones are skipped; each in its language', async () => {
    const [county, other] = await seedFleet(db.pool, { 澄迈县: 1, 临高县: 1 });
    await putOnCall(db.pool, '+8613900000009');
    await putOnCall(db.pool, PHONE, county?.id ?? null);
    await putOnCall(db.pool, '+8613800000002', county?.id ?? null, 'en');
    await putOnCall(db.pool, '+8613800000003', county?.id ?? null);
    await putOnCall(db.pool, '+8613800000004', other?.id ?? null);
    await db.pool.query(`update oncall set flagged_reason = 'not_mobile' where phone = '+8613800000003'`);
    await db.pool.query(`update oncall set enabled = false where phone = '+8613800000004'`);
    await run();
    await setComponent(db.pool, county?.devices[0] ?? 0, 'screen', 'no_answer');
    await setComponent(db.pool, other?.devices[0] ?? 0, 'screen', 'no_answer');
    await expect.poll(() => sandbox.messages().length, deadline).toBe(3);
    await quiet();
    const texts = Object.fromEntries(sandbox.messages().map((message) => [message.to, message.body]));
    expect(Object.keys(texts).sort()).toEqual([PHONE, '+8613800000002', '+8613900000009']);
    expect(texts[PHONE]).toContain('屏幕无应答');
    expect(texts['+8613800000002']).toMatch(/^Uptally: 澄迈县, screen not answering/);
    expect(texts['+8613900000009']).toContain('临高县');
  });
});

describe('a mark of a repair clock', () => {
  const at = Date.now();
  /** A work order of two stations with somebody who has it, and a manager of the contractor. */
  async function order(countyId: number): Promise<number> {
    const [row] = await rows<{ id: number }>(
      `with org as (insert into org (code, name, kind) values ('c', 'c', 'contractor') returning id),
         people as (insert into app_user (login, name, org_id, role, phone, password_hash)
           select r, r, org.id, r, p, '' from org, (values ('engineer', '+8613800000007'), ('manager', '+8613800000008')) v(r, p)
           returning id, role),
         agreed as (insert into contract (code, name, term_from) values ('b', 'b', '2026-01-01') returning id)
       insert into work_order (kind, contract_id, county_id, region_path, cause, severity, state, org_id, assignee_id, opened_at,
         faults_total, faults_open)
       select 'incident', agreed.id, ${countyId},
         (select path from region where id = ${countyId}), 'offline', 'ordinary', 'assigned', org.id,
         (select id from people where role = 'engineer'), now(), 2, 2
       from org, agreed returning id`,
    );
    return row?.id ?? 0;
  }
  const mark = (id: number, percent: number) =>
    db.pool.query(`insert into outbox (kind, payload) values ('repair.mark', $1)`, [
      JSON.stringify({ order: id, stage: 'repair', percent, at }),
    ]);
  test('warns whoever has the order, then tells those on call and the managers, once each', async () => {
    const [county] = await seedFleet(db.pool, { 澄迈县: 2 });
    await putOnCall(db.pool, PHONE, county?.id ?? null);
    const id = await order(county?.id ?? 0);
    await run();
    await mark(id, 80);
    await expect
      .poll(() => inbox('+8613800000007').map(({ body }) => body), deadline)
      .toEqual([`【Uptally】工单 W-${String(id).padStart(6, '0')} 澄迈县 2 个点位 终端离线：修复时限已用 80%。`]);
    await mark(id, 100);
    await mark(id, 100);
    await expect.poll(() => inbox('+8613800000008').length, deadline).toBe(1);
    await expect.poll(() => inbox().length, deadline).toBe(1);
    await quiet();
    expect(sandbox.messages()).toHaveLength(3);
  });
});

describe('news that wakes nobody', () => {
  test('goes to the numbers that asked for it, by day, once a day for the same thing', async () => {
    const [county] = await seedFleet(db.pool, { 澄迈县: 1 });
    await putOnCall(db.pool, PHONE, county?.id ?? null);
    await putOnCall(db.pool, '+8613800000002', county?.id ?? null);
    await db.pool.query(`update oncall set topics = '{stock,settlement}' where phone = $1`, [PHONE]);
    const [{ model = 0, contract = 0 } = {}] = await rows<{ model: number; contract: number }>(
      `with m as (insert into device_model (code, name) values ('T', 'T-100') returning id),
         c as (insert into contract (code, name, term_from) values ('b', 'HN-1', '2026-01-01') returning id),
         r as (insert into contract_region (contract_id, region_id) select id, ${county?.id} from c)
       select m.id as model, c.id as contract from m, c`,
    );
    const told = (kind: string, payload: object) =>
      db.pool.query('insert into outbox (kind, payload) values ($1, $2)', [kind, JSON.stringify(payload)]);
    const low = { what: 'spares', region_id: county?.id, model_id: model, left: 1, minimum: 2 };
    const risk = {
      contract_id: contract,
      instalment: 'final',
      clause: 'c',
      from_day: '2026-10-01',
      to_day: '2026-11-01',
    };
    await run();
    await told('stock.low', low);
    await told('stock.low', { ...low, left: 0 });
    await told('settlement.risk', { ...risk, metric: 'network', tier: 'b' });
    await told('settlement.risk', { ...risk, metric: 'equipment', tier: 'b' });
    await expect.poll(() => settled(db.pool), deadline).toBe(true);
    expect(await rows('select recipient, body from notification order by id')).toEqual([
      { recipient: PHONE, body: '【Uptally】澄迈县 备机不足：T-100 剩 1，最低 2。' },
      { recipient: PHONE, body: '【Uptally】合同 HN-1 10-01 至 10-31 结算期：按目前走势达不到全额，请查看资金风险。' },
    ]);
    const hours = await rows<{ hour: number }>(
      `select extract(hour from next_attempt_at at time zone 'Asia/Shanghai')::int as hour from notification`,
    );
    for (const { hour } of hours) expect(hour >= 8 && hour < 20).toBe(true);
  });
});
