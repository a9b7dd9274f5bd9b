import { exposition } from '../metrics/exposition.ts';
import { serveProbes } from '../metrics/index.ts';
import type { Devices } from './devices.ts';
import { readVersion } from './files.ts';
import type { Parts } from './parts.ts';
import { databaseCheck, schemaCheck } from './readiness.ts';

/** Lets a process without an API tell how it is, as the one with an API does. */
export async function startProbes(
  { config, pool, metrics, stack, root, log }: Parts,
  { host, port }: { readonly host: string; readonly port: number },
  devices: Devices | null,
  alertsMetrics: (() => string | null) | null,
): Promise<void> {
  const probes = await serveProbes({
    host,
    port,
    version: readVersion(root),
    checks: [databaseCheck(pool), schemaCheck(pool), ...(devices === null ? [] : [devices.readiness])],
    metrics: () => exposition(metrics, alertsMetrics ?? undefined),
    metricsToken: config.metricsToken,
  });
  stack.push('probes', () => probes.stop());
  log.info(`health and metrics on port ${probes.port}`);
}
