import { existsSync } from 'node:fs';
import { join } from 'node:path';
import type { Logger } from 'pino';
import { collectDefaultMetrics, Registry } from 'prom-client';
import { createPasswordHasher } from '../auth/passwords.ts';
import type { Config } from '../config.ts';
import { createIngest } from '../ingest/index.ts';
import { ensureFirstAdmin } from '../setup/first-run.ts';
import { startApi } from './api.ts';
import { banner } from './banner.ts';
import { startDemo, startSelfAgent } from './children.ts';
import { type Database, openDatabase } from './database.ts';
import { findRoot } from './files.ts';
import { type DeviceTransport, startTransport } from './mqtt.ts';
import type { Parts } from './parts.ts';
import { writeRuntime } from './runtime.ts';
import type { Stack } from './stack.ts';

/** Starts the roles that the configuration names. Returns once the process takes traffic; `stack` knows how to stop it. */
export async function startPlatform(config: Config, log: Logger, stack: Stack): Promise<void> {
  const database = await openDatabase(config, log, stack);
  const metrics = new Registry();
  collectDefaultMetrics({ register: metrics });
  const parts: Parts = { config, log, stack, pool: database.pool, metrics, clock: Date.now, root: findRoot() };
  const transport = config.roles.has('ingest') ? await startIngest(parts, database) : null;
  const http = config.roles.has('api') ? await startConsole(parts, transport) : null;
  stack.push(
    'runtime file',
    writeRuntime(config.dataDir, {
      pid: process.pid,
      http,
      mqtt: transport?.ports ?? null,
      databaseUrl: database.url,
      databasePid: database.pid(),
      alertsPid: null,
      smsSandbox: null,
    }),
  );
}

async function startIngest(parts: Parts, database: Database): Promise<DeviceTransport> {
  const { pool, log, stack, metrics, clock, config } = parts;
  const ingest = createIngest({
    pool,
    clock,
    log,
    metrics,
    timeZone: config.timeZone,
    maxInflight: database.embedded ? 1 : 2,
  });
  await ingest.start();
  stack.push('ingest', () => ingest.stop());
  return startTransport(parts, ingest.sink);
}

async function startConsole(parts: Parts, transport: DeviceTransport | null): Promise<number> {
  const { config, log, pool, root } = parts;
  const passwords = createPasswordHasher();
  const oneTimePassword = await ensureFirstAdmin(pool, passwords);
  const webRoot = join(root, 'web/dist');
  const port = await startApi(parts, passwords, transport, existsSync(webRoot) ? webRoot : null);
  const local = `http://127.0.0.1:${port}`;
  if (config.selfAgent && config.demo === null) {
    await startSelfAgent(parts, local).catch((error: unknown) =>
      log.error({ err: error }, 'the agent could not start'),
    );
  }
  await startDemo(parts, passwords, local);
  process.stdout.write(banner({ address: config.publicUrl ?? `http://localhost:${port}`, oneTimePassword, transport }));
  return port;
}
