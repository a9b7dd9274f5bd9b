import { randomBytes } from 'node:crypto';
import { join } from 'node:path';
import { newSecret } from '../auth/credentials.ts';
import { Child } from '../supervisor/child.ts';
import type { Parts } from './parts.ts';

/** For programs that call others: `fetch` does not work without WebAssembly. */
const FRUGAL_FLAGS = ['--max-semi-space-size=2', '--optimize-for-size'];

/** Starts a program of ours that is kept running until we end. */
export function launch(
  parts: Parts,
  name: string,
  args: readonly string[],
  env: Readonly<Record<string, string>> = {},
): Child {
  const child = prepare(parts, name, args, env);
  child.start();
  return child;
}

function prepare(
  { log, stack }: Parts,
  name: string,
  args: readonly string[],
  env: Readonly<Record<string, string>>,
): Child {
  const child = new Child({ name, args, env, log });
  stack.push(name, () => child.stop());
  process.once('exit', () => child.killNow());
  return child;
}

/** Where SMS go: credentials as the SDK wants them, and the address of its API if that is not Twilio's own. */
export interface SmsAccount {
  readonly accountSid: string;
  readonly authToken: string;
  readonly from: string;
  readonly baseUrl: string | null;
}

/** The configured account or, without one, the local sandbox with credentials of this run: nobody else needs to know them. */
export async function openSms(parts: Parts): Promise<SmsAccount & { readonly sandbox: boolean }> {
  const { accountSid, authToken, from, baseUrl } = parts.config.twilio;
  const isDemo = parts.config.demo !== null; // invented incidents must not reach anybody's phone
  if (!isDemo && accountSid !== null && authToken !== null && from !== null) {
    return { accountSid, authToken, from, baseUrl, sandbox: false };
  }
  const account = { accountSid: `AC${randomBytes(16).toString('hex')}`, authToken: newSecret(), from: '+15005550006' };
  const child = prepare(parts, 'sms sandbox', [...FRUGAL_FLAGS, join(parts.root, 'alerts/dist/sms-sandbox.js')], {
    TWILIO_ACCOUNT_SID: account.accountSid,
    TWILIO_AUTH_TOKEN: account.authToken,
    SMS_SANDBOX_PORT: String(parts.config.smsSandboxPort),
    SMS_SANDBOX_FILE: join(parts.config.dataDir, 'sms.jsonl'),
  });
  const { url } = await child.startReady();
  return { ...account, baseUrl: url ?? null, sandbox: true };
}

/** The alerts process, on our database. `consoleUrl` is where the provider reports what became of a message. */
export async function startAlerts(
  parts: Parts,
  databaseUrl: string,
  sms: SmsAccount,
  consoleUrl: string | null,
): Promise<Child> {
  const publicUrl = parts.config.publicUrl ?? consoleUrl;
  const child = prepare(parts, 'alerts', [...FRUGAL_FLAGS, join(parts.root, 'alerts/dist/main.js')], {
    DATABASE_URL: databaseUrl,
    TWILIO_ACCOUNT_SID: sms.accountSid,
    TWILIO_AUTH_TOKEN: sms.authToken,
    TWILIO_FROM: sms.from,
    TWILIO_BASE_URL: sms.baseUrl ?? '',
    UPTALLY_PUBLIC_URL: publicUrl ?? '',
    ALERTS_METRICS_PORT: '0',
  });
  await child.startReady();
  return child;
}
