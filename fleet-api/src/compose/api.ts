import { existsSync } from 'node:fs';
import { join } from 'node:path';
import type { PasswordHasher } from '../auth/passwords.ts';
import { createSealer, sealingKey, sealSecrets } from '../auth/sealing.ts';
import type { AppContext } from '../context.ts';
import { DocumentWorker } from '../documents/index.ts';
import { BundleMaker } from '../evidence/bundle/maker.ts';
import { buildApp } from '../http/app.ts';
import { stopPrinting } from '../print/index.ts';
import { startRealtime } from '../realtime/index.ts';
import type { SmsAccount } from './children.ts';
import type { Devices } from './devices.ts';
import { documentDir, evidencePaths, readVersion } from './files.ts';
import { addressesForDevices } from './mqtt.ts';
import type { Parts } from './parts.ts';
import { schemaCheck } from './readiness.ts';

export interface ApiParts {
  readonly parts: Parts;
  readonly passwords: PasswordHasher;
  readonly devices: Devices | null;
  readonly sms: SmsAccount | null;
  /** Address of the alerts program's metrics, if this process keeps it. */
  readonly alertsMetrics: (() => string | null) | null;
}

/** Builds the HTTP side and listens. Returns the port. */
export async function startApi({ parts, passwords, devices, sms, alertsMetrics }: ApiParts): Promise<number> {
  const { config, log, pool, clock, root, stack } = parts;
  const webRoot = join(root, 'web/dist');
  const addresses = await addressesForDevices(config, devices?.transport.ports ?? null, clock());
  const sealer = createSealer(sealingKey(evidencePaths(config.dataDir).keyDir, config.secretKey));
  await sealSecrets(pool, sealer);
  const ctx: AppContext = {
    pool,
    log,
    clock,
    passwords,
    sealer,
    metrics: parts.metrics,
    ...(alertsMetrics !== null && { alertsMetrics }),
    mqtt: () => addresses,
    readiness: [schemaCheck(pool), ...(devices === null ? [] : [devices.readiness])],
    settings: {
      version: readVersion(root),
      publicUrl: config.publicUrl === null ? null : new URL(config.publicUrl).origin,
      webRoot: existsSync(webRoot) ? webRoot : null,
      smsAuthToken: sms?.authToken ?? null,
      trustProxy: config.trustedProxies.length === 0 ? false : [...config.trustedProxies],
      metricsToken: config.metricsToken,
      timeZone: config.timeZone,
      ...evidencePaths(config.dataDir),
      documentDir: documentDir(config.dataDir),
      agentDir: join(root, 'agent'),
    },
  };
  const maker = new BundleMaker({ pool, log, clock, dir: ctx.settings.bundleDir, keyDir: ctx.settings.keyDir });
  await maker.start();
  stack.push('evidence bundles', () => maker.stop());
  const { timeZone } = config;
  const documents = new DocumentWorker({ pool, log, clock, timeZone, dir: ctx.settings.documentDir });
  await documents.start();
  stack.push('printing', stopPrinting);
  stack.push('documents', () => documents.stop());
  const app = await buildApp(ctx);
  stack.push('http', () => app.close());
  const realtime = await startRealtime(app, ctx);
  stack.push('live updates', () => realtime.stop());
  await app.listen({ host: config.http.host, port: config.http.port });
  const address = app.server.address();
  return typeof address === 'object' && address !== null ? address.port : config.http.port;
}
