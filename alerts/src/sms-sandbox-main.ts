import { pino } from 'pino';
import { readSandboxConfig } from './config.ts';
import { SmsSandbox } from './sms-sandbox/server.ts';

/** The local SMS server as a process: starts, tells its address (log line and, to a parent, a message), ends on SIGTERM. */
const config = readSandboxConfig(process.env);
const log = pino({ level: config.logLevel });
const sandbox = new SmsSandbox({ ...config, log });
for (const signal of ['SIGINT', 'SIGTERM'] as const) {
  process.once(signal, () => {
    void sandbox.stop().then(() => process.exit(0));
  });
}
try {
  await sandbox.start();
  log.info({ url: sandbox.url }, `SMS sandbox: ${sandbox.url}`);
  process.send?.({ ready: true, url: sandbox.url });
} catch (error) {
  const taken = (error as NodeJS.ErrnoException).code === 'EADDRINUSE';
  log.fatal({ err: error }, taken ? `SMS_SANDBOX_PORT: port ${config.port} is taken` : 'SMS sandbox can not start');
  process.exitCode = 1;
}
