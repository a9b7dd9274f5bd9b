import { once } from 'node:events';
import { ListenError } from '@uptally/broker';
import { pino } from 'pino';
import { createPasswordHasher } from './auth/passwords.ts';
import { openDatabase, withDatabase } from './compose/database.ts';
import { startPlatform } from './compose/platform.ts';
import { Stack } from './compose/stack.ts';
import { type Config, ConfigError, readConfig } from './config.ts';
import type { Pool } from './db/index.ts';
import { verifyFigures } from './evidence/verify/server.ts';
import { replayInput } from './replay/command.ts';
import { NotADemo, ReplayError } from './replay/index.ts';
import { resetFirstAdmin } from './setup/first-run.ts';

const USAGE = `usage: main.js [command]
  serve                 run the roles that UPTALLY_ROLES names (default)
  migrate               bring the database's schema up to date and end
  reset-admin           give the first administrator a new one-time password
  verify                recompute availability from the records and compare (npm run verify)
  replay                store the past that comes by standard input; for the database of a demo only
`;

/** Exit code of a replay that may not be. */
const REFUSED = 3;

/** Raised by listeners that can't have their port; the setting that chose it is named for the operator. */
function explain(error: unknown, config: Config | null): string {
  if (error instanceof ConfigError || error instanceof NotADemo || error instanceof ReplayError) return error.message;
  const { code, port } = error as NodeJS.ErrnoException & { port?: number };
  if (error instanceof ListenError || code === 'EADDRINUSE' || code === 'EACCES') {
    const setting = config === null || port === undefined ? null : settingOf(config, port);
    const name =
      error instanceof ListenError
        ? `MQTT_${error.listener === 'tcp' ? '' : `${error.listener.toUpperCase()}_`}PORT`
        : setting;
    const why = code === 'EACCES' ? 'may not be opened by this user' : 'is taken by another program';
    return `${name ?? 'a port'}: port ${port ?? ''} ${why}. Set ${name ?? 'it'} to another one (0 takes any free port).`;
  }
  return error instanceof Error ? (error.stack ?? error.message) : String(error);
}

function settingOf(config: Config, port: number): string | null {
  if (config.http.port === port) return 'HTTP_PORT';
  if (config.smsSandboxPort === port) return 'SMS_SANDBOX_PORT';
  return null;
}

function createLog(config: Config) {
  const pretty = process.stdout.isTTY === true;
  return pino(
    { level: config.logLevel, base: null },
    pretty ? pino.transport({ target: 'pino-pretty', options: { ignore: 'pid,hostname' } }) : pino.destination(1),
  );
}

async function serve(config: Config): Promise<void> {
  const log = createLog(config);
  const stack = new Stack(log);
  try {
    await startPlatform(config, log, stack);
  } catch (error) {
    await stack.stop();
    throw error;
  }
  const [signal] = (await Promise.race([once(process, 'SIGINT'), once(process, 'SIGTERM')])) as [string];
  log.info(`${signal}: stopping`);
  const insist = setTimeout(() => process.exit(1), 30_000);
  insist.unref();
  await stack.stop();
}

async function migrateOnly(config: Config): Promise<void> {
  const log = createLog(config);
  const stack = new Stack(log);
  await openDatabase(config, log, stack).finally(() => stack.stop());
}

/** For an operator who lost the first administrator's password; needs access to the machine, not to the console. */
async function resetAdmin(config: Config): Promise<void> {
  const reset = (pool: Pool): Promise<string> => resetFirstAdmin(pool, createPasswordHasher(), new Date());
  const password = await withDatabase(config, createLog(config), reset);
  process.stdout.write(`\n  Sign in as:         admin\n  One-time password:  ${password}\n\n`);
}

async function run(command: string, config: Config): Promise<void> {
  if (command === 'serve') return serve(config);
  if (command === 'migrate') return migrateOnly(config);
  if (command === 'reset-admin') return resetAdmin(config);
  if (command === 'replay') return replayInput(config, createLog(config));
  if (command === 'verify') {
    process.exitCode = await verifyFigures(config, createLog(config), process.argv.slice(3));
    return;
  }
  process.stderr.write(USAGE);
  process.exitCode = 2;
}

let config: Config | null = null;
try {
  config = readConfig(process.env);
  await run(process.argv[2] ?? 'serve', config);
  process.exit();
} catch (error) {
  process.stderr.write(`${explain(error, config)}\n`);
  process.exit(error instanceof NotADemo || error instanceof ReplayError ? REFUSED : 1);
}
