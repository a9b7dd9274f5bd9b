import { existsSync, mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import type { PasswordHasher } from '../auth/passwords.ts';
import { Child } from '../supervisor/child.ts';
import { runToEnd } from '../supervisor/run.ts';
import { issueEnrolmentToken, issueLoaderKey } from './bootstrap.ts';
import type { Parts } from './parts.ts';

/** The agent needs little: no JIT and a small nursery keep it below what a terminal can spare. */
const AGENT_FLAGS = ['--jitless', '--max-semi-space-size=1'];

function launch({ log, stack }: Parts, name: string, args: readonly string[], env: Record<string, string> = {}): Child {
  const child = new Child({ name, args, env, log });
  child.start();
  stack.push(name, () => child.stop());
  process.once('exit', () => child.killNow());
  return child;
}

/** The alerts process, on our database. */
export function startAlerts(parts: Parts, databaseUrl: string, smsBaseUrl: string | null, consoleUrl: string): Child {
  return launch(parts, 'alerts', [join(parts.root, 'alerts/dist/main.js')], {
    DATABASE_URL: databaseUrl,
    UPTALLY_PUBLIC_URL: parts.config.publicUrl ?? consoleUrl,
    ...(smsBaseUrl === null
      ? {}
      : {
          TWILIO_ACCOUNT_SID: SANDBOX.accountSid,
          TWILIO_AUTH_TOKEN: SANDBOX.authToken,
          TWILIO_FROM: SANDBOX.from,
          TWILIO_BASE_URL: smsBaseUrl,
        }),
  });
}

/** Credentials of the local sandbox: it is reachable from this machine only and sends nothing anywhere. */
export const SANDBOX = {
  accountSid: `AC${'0'.repeat(32)}`,
  authToken: 'sandbox',
  from: '+15005550006',
} as const;

/** Enrols this machine at the first start, then keeps its agent running. */
export async function startSelfAgent(parts: Parts, apiUrl: string): Promise<Child> {
  const { config, root, pool, clock } = parts;
  const dir = join(config.dataDir, 'agent');
  const program = join(root, 'agent/dist/uptally-agent.js');
  const settings = join(dir, 'config.json');
  mkdirSync(dir, { recursive: true, mode: 0o700 });
  if (!existsSync(settings)) writeFileSync(settings, `${JSON.stringify({ data: dir }, null, 2)}\n`);
  if (!existsSync(join(dir, 'credentials.json'))) {
    const token = await issueEnrolmentToken(pool, 'this machine', 1, clock());
    await runToEnd([program, 'enroll', '--config', settings, '--server', apiUrl, '--token', token]);
  }
  return launch(parts, 'agent', [...AGENT_FLAGS, program, 'run', '--config', settings]);
}

/** The simulated fleet of the demo: it loads its registry through the API, then runs. */
export async function startDemo(parts: Parts, passwords: PasswordHasher, apiUrl: string): Promise<Child | null> {
  const { config, root, pool, clock } = parts;
  if (config.demo === null) return null;
  const { devices, historyDays, seed } = config.demo;
  const dir = join(config.dataDir, 'demo');
  mkdirSync(dir, { recursive: true, mode: 0o700 });
  const bootstrap = {
    api_key: await issueLoaderKey(pool, passwords, clock()),
    enrolment_token: await issueEnrolmentToken(pool, 'demo fleet', devices, clock()),
  };
  const file = join(dir, 'bootstrap.json');
  writeFileSync(file, JSON.stringify(bootstrap), { mode: 0o600 });
  return launch(parts, 'demo fleet', [
    join(root, 'sim/dist/main.js'), 'demo', '--server', apiUrl, '--token-file', file, '--data', dir,
    '--devices', String(devices), '--days', String(historyDays), '--seed', String(seed),
  ]); // biome-ignore format: flags beside their values
}
