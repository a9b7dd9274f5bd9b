import { openPool } from '@uptally/fleet-api/db';
import { serveProbes } from '@uptally/fleet-api/metrics';
import { pino } from 'pino';
import manifest from '../package.json' with { type: 'json' };
import { createAlerts } from './alerts.ts';
import { readAlertsConfig } from './config.ts';
import { createTwilioNotifier } from './notify/twilio.ts';

/** The alerts process: reads the outbox, writes alerts, sends SMS. Ends on SIGTERM after what is in hand. */

/** Longest wait for the provider's answer, ms; below the worker's lease. */
const PROVIDER_TIMEOUT_MS = 10_000;

const config = readAlertsConfig(process.env);
const log = pino({ level: config.logLevel });
const pool = openPool({
  url: config.databaseUrl,
  max: 4,
  applicationName: 'uptally-alerts',
  onIdleError: (error) => log.warn({ err: error }, 'database connection lost'),
});
const notifier = createTwilioNotifier({
  ...config.twilio,
  statusCallback: config.statusCallback,
  timeoutMs: PROVIDER_TIMEOUT_MS,
});
const alerts = createAlerts({ pool, notifier, clock: Date.now, log, config });
const probes = await serveProbes({
  host: '127.0.0.1',
  port: config.metricsPort,
  version: manifest.version,
  checks: [{ name: 'database', check: async () => ({ ok: (await pool.query('select 1')).rowCount === 1 }) }],
  metrics: () => alerts.metrics.metrics(),
  metricsToken: null,
}).catch((error: NodeJS.ErrnoException) => {
  const taken = error.code === 'EADDRINUSE';
  log.fatal({ err: error }, taken ? `ALERTS_METRICS_PORT: port ${config.metricsPort} is taken` : 'no port for metrics');
  process.exit(1);
});

for (const signal of ['SIGINT', 'SIGTERM'] as const) {
  process.once(signal, () => {
    void alerts
      .stop()
      .then(() => probes.stop())
      .then(() => pool.end())
      .then(() => process.exit(0));
  });
}
await alerts.start();
log.info('alerts: following the outbox');
process.send?.({ ready: true, url: `http://127.0.0.1:${probes.port}/metrics` });
