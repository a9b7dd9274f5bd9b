import { existsSync, mkdirSync, readFileSync, renameSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import type { MqttAddresses } from '../context.ts';
import type { Child } from '../supervisor/child.ts';
import { runToEnd } from '../supervisor/run.ts';
import { issueEnrolmentToken } from './bootstrap.ts';
import { launch } from './children.ts';
import type { Parts } from './parts.ts';

/** For programs that do little: no JIT and a small nursery. So the agent stays below what a terminal can spare. */
const LIGHT_FLAGS = ['--jitless', '--no-expose-wasm', '--max-semi-space-size=1'];

/** Enrols this machine at the first start, then keeps its agent running. */
export async function startSelfAgent(parts: Parts, apiUrl: string, mqtt: MqttAddresses): Promise<Child> {
  const { config, root, pool, clock } = parts;
  const dir = join(config.dataDir, 'agent');
  const program = join(root, 'agent/dist/uptally-agent.js');
  const settings = join(dir, 'config.json');
  const credentials = join(dir, 'credentials.json');
  mkdirSync(dir, { recursive: true, mode: 0o700 });
  if (!existsSync(settings)) writeFileSync(settings, `${JSON.stringify({ data: dir }, null, 2)}\n`);
  if (existsSync(credentials)) followBroker(credentials, mqtt);
  else {
    const token = await issueEnrolmentToken(pool, 'this machine', 1, clock());
    await runToEnd([program, 'enroll', '--config', settings, '--server', apiUrl, '--token', token]);
  }
  return launch(parts, 'agent', [...LIGHT_FLAGS, program, 'run', '--config', settings]);
}

/**
 * Tells an enrolled agent of this machine where the broker is now: its port may have been set anew, or its certificates made anew, since
 * the agent was enrolled. The file is replaced whole.
 */
export function followBroker(credentialsFile: string, { host, port, tlsPort, caPem }: MqttAddresses): void {
  const known = JSON.parse(readFileSync(credentialsFile, 'utf8')) as Record<string, unknown>;
  const present =
    tlsPort === null
      ? { host: host ?? '127.0.0.1', port, ca_pem: null }
      : { host: host ?? '127.0.0.1', port: tlsPort, ca_pem: caPem ?? '' };
  if (present.port === null || Object.entries(present).every(([name, value]) => known[name] === value)) return;
  writeFileSync(`${credentialsFile}.new`, `${JSON.stringify({ ...known, ...present }, null, 2)}\n`, { mode: 0o600 });
  renameSync(`${credentialsFile}.new`, credentialsFile);
}
