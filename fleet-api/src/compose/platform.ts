import type { Logger } from 'pino';
import { collectDefaultMetrics, Registry } from 'prom-client';
import { createPasswordHasher, type PasswordHasher } from '../auth/passwords.ts';
import type { Config } from '../config.ts';
import { markDemo } from '../replay/index.ts';
import { ensureFirstAdmin } from '../setup/first-run.ts';
import type { Child } from '../supervisor/child.ts';
import { type ApiParts, startApi } from './api.ts';
import { banner } from './banner.ts';
import { openSms, startAlerts } from './children.ts';
import { openDatabase } from './database.ts';
import { type DemoAddresses, ensureDemoPeople, startDemo } from './demo.ts';
import { startDevices, startScheduler } from './devices.ts';
import { findRoot } from './files.ts';
import { addressesForDevices, type DeviceTransport } from './mqtt.ts';
import type { Parts } from './parts.ts';
import { startProbes } from './probes.ts';
import { writeRuntime } from './runtime.ts';
import { startSelfAgent } from './self-agent.ts';
import type { Stack } from './stack.ts';

/** Starts the roles that the configuration names. Returns once the process takes traffic; `stack` knows how to stop it. */
export async function startPlatform(config: Config, log: Logger, stack: Stack): Promise<void> {
  const database = await openDatabase(config, log, stack);
  if (config.demo !== null) await markDemo(database.pool, Date.now());
  const metrics = new Registry();
  collectDefaultMetrics({ register: metrics });
  const parts: Parts = { config, log, stack, pool: database.pool, metrics, clock: Date.now, root: findRoot() };
  const { roles } = config;
  const sms = roles.has('alerts') || roles.has('api') ? await openSms(parts) : null;
  const devices = roles.has('ingest') ? await startDevices(parts, database) : null;
  if (roles.has('scheduler')) await startScheduler(parts, database);
  let alerts: Child | null = null;
  const alertsMetrics = roles.has('alerts') ? () => alerts?.said?.url ?? null : null;
  const api = roles.has('api') ? await startConsole(parts, { devices, sms, alertsMetrics }) : null;
  const local = api === null ? null : `http://127.0.0.1:${api.port}`;
  if (roles.has('alerts') && sms !== null) alerts = await startAlerts(parts, database.url, sms, local);
  if (config.probes !== null) await startProbes(parts, config.probes, devices, alertsMetrics);
  const people = api === null ? null : await firstPeople(parts, api.passwords);
  const forget = writeRuntime(config.dataDir, {
    pid: process.pid,
    http: api?.port ?? null,
    mqtt: devices?.transport.ports ?? null,
    databaseUrl: database.url,
    databasePid: database.pid(),
    alertsPid: alerts?.pid ?? null,
    smsSandbox: sms?.sandbox === true ? sms.baseUrl : null,
  });
  stack.push('runtime file', forget);
  if (people !== null) {
    const address = config.publicUrl ?? `http://localhost:${api?.port}`;
    process.stdout.write(banner({ ...people, address, devices: devices?.transport ?? null, sms }));
  }
  if (local !== null) {
    await startGuests(parts, { api: local, database: database.url }, devices?.transport.ports ?? null);
  }
}

/** This machine's own agent, or the demo's fleet. The server is of use without them, so a failure is only told. */
async function startGuests(
  parts: Parts,
  urls: Omit<DemoAddresses, 'mqttPort'>,
  ports: DeviceTransport['ports'],
): Promise<void> {
  const { config, log, clock } = parts;
  try {
    if (config.demo !== null) {
      await startDemo(parts, createPasswordHasher(), { ...urls, mqttPort: ports?.tcp ?? null });
    } else if (config.selfAgent) {
      await startSelfAgent(parts, urls.api, await addressesForDevices(config, ports, clock()));
    }
  } catch (error) {
    log.error({ err: error }, 'the agent could not start');
  }
}

async function startConsole(parts: Parts, around: Omit<ApiParts, 'parts' | 'passwords'>) {
  const passwords = createPasswordHasher();
  return { port: await startApi({ parts, passwords, ...around }), passwords };
}

/** Creates them when nothing can fail any more, since their passwords are told once: by the banner. */
async function firstPeople({ pool, config }: Parts, passwords: PasswordHasher) {
  const oneTimePassword = await ensureFirstAdmin(pool, passwords);
  const demoLogins = config.demo === null ? [] : await ensureDemoPeople(pool, passwords);
  return { oneTimePassword, demoLogins };
}
