import { inTransaction, type Pool, writeOutbox } from '@uptally/fleet-api/db';
import { pino } from 'pino';
import { type Alerts, type AlertsOptions, createAlerts } from '../../src/alerts.ts';
import { createTwilioNotifier } from '../../src/notify/twilio.ts';
import { type SandboxOptions, SmsSandbox } from '../../src/sms-sandbox/server.ts';

/** A small province in the database, and what ingest would write of its devices. */

export const ACCOUNT = `AC${'0'.repeat(32)}`;
export const TOKEN = 'sandbox-token';
export const FROM = '+15005550006';
export const log = pino({ level: process.env.TEST_LOG_LEVEL ?? 'silent' });

export interface County {
  readonly id: number;
  /** Device keys. */
  readonly devices: readonly number[];
}

/** One province and its counties, each with so many stations in service and online. */
export async function seedFleet(pool: Pool, counties: Readonly<Record<string, number>>): Promise<County[]> {
  const province = await insertRegion(pool, null, 'province', '海南省');
  const made: County[] = [];
  for (const [name, size] of Object.entries(counties)) {
    const id = await insertRegion(pool, province, 'county', name);
    const { rows } = await pool.query<{ device_key: number }>(
      `with s as (
         insert into site (region_id, code, name) select $1, $2 || n, $2 || '卫生院' || n from generate_series(1, $3::int) n returning id, code
       ), st as (
         insert into station (site_id, code, name) select id, code || '-1', '1号终端' from s returning id, code
       ), d as (
         insert into device (device_id, serial, region_id, lifecycle, enrolled_at)
         select 'dev-' || $1 || '-' || id, 'SN-' || id, $1, 'in_service', now() from st order by id returning device_key, device_id
       ), i as (
         insert into installation (device_key, station_id, from_at)
         select d.device_key, st.id, now() - interval '30 days' from d join st on 'dev-' || $1 || '-' || st.id = d.device_id
       ), l as (
         insert into device_live (device_key, online, connected, last_live_at) select device_key, true, true, now() from d
       )
       select device_key from d order by device_key`,
      [id, name, size],
    );
    made.push({ id, devices: rows.map((row) => row.device_key) });
  }
  return made;
}

async function insertRegion(pool: Pool, parentId: number | null, kind: string, name: string): Promise<number> {
  const { rows } = await pool.query<{ id: number }>(
    'insert into region (parent_id, kind, code, name) values ($1, $2, $3, $3) returning id',
    [parentId, kind, name],
  );
  return rows[0]?.id ?? 0;
}

export async function putOnCall(pool: Pool, phone: string, regionId: number | null = null, lang = 'zh-CN') {
  await pool.query('insert into oncall (name, phone, region_id, lang) values ($1, $1, $2, $3)', [
    phone,
    regionId,
    lang,
  ]);
}

/** Devices fall silent or come back, in one transaction as presence and ingest do it. */
export async function setOnline(pool: Pool, keys: readonly number[], online: boolean, reason = 'silent') {
  await inTransaction(pool, async (client) => {
    await client.query('update device_live set online = $2, changed_at = now() where device_key = any ($1)', [
      keys,
      online,
    ]);
    const at = new Date().toISOString();
    await writeOutbox(
      client,
      keys.map((deviceKey) => ({
        kind: online ? 'device.online' : 'device.offline',
        deviceKey,
        payload: online ? { at } : { at, reason },
      })),
    );
  });
}

/** A component fails (`reason`) or is well again (null). */
export async function setComponent(pool: Pool, deviceKey: number, component: string, reason: string | null) {
  await inTransaction(pool, async (client) => {
    const at = new Date().toISOString();
    const state = { s: reason === null ? 'ok' : 'fault', ...(reason === null ? {} : { r: reason }), since: at };
    await client.query('update device_live set components = components || $2 where device_key = $1', [
      deviceKey,
      JSON.stringify({ [component]: state }),
    ]);
    const kind = reason === null ? 'component.ok' : 'component.fault';
    await writeOutbox(client, [{ kind, deviceKey, payload: { component, reason, at } }]);
  });
}

export async function startSandbox(options: Partial<SandboxOptions> = {}): Promise<SmsSandbox> {
  const sandbox = new SmsSandbox({
    host: '127.0.0.1',
    port: 0,
    accountSid: ACCOUNT,
    authToken: TOKEN,
    file: null,
    timeZone: 'Asia/Shanghai',
    log,
    stepMs: 20,
    ...options,
  });
  await sandbox.start();
  return sandbox;
}

/** Alerting on this pool with the real SDK towards `baseUrl`, fast enough for tests. */
export function alertsOn(pool: Pool, baseUrl: string, config: Partial<AlertsOptions['config']> = {}): Alerts {
  const notifier = createTwilioNotifier({
    accountSid: ACCOUNT,
    authToken: TOKEN,
    from: FROM,
    baseUrl,
    statusCallback: null,
    timeoutMs: 1_000,
  });
  const { policy, worker, ...rest } = config;
  return createAlerts({
    pool,
    notifier,
    clock: Date.now,
    log,
    config: {
      signature: 'Uptally',
      timeZone: 'Asia/Shanghai',
      pollMs: 50,
      ...rest,
      policy: { offlineWaitMs: 600, ...policy },
      worker: { pollMs: 50, leaseMs: 1_500, silentMs: 300, ...worker },
    },
  });
}

/** Resolves once the engine has read everything in the outbox. */
export async function settled(pool: Pool): Promise<boolean> {
  const { rows } = await pool.query<{ behind: boolean }>(
    `select exists (select from outbox o left join outbox_cursor c on c.reader = 'alerts'
       where o.id > coalesce(c.id, 0) and o.kind not in ('incident.changed', 'alert.changed')) as behind`,
  );
  return rows[0]?.behind === false;
}
