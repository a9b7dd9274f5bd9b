import { mkdtempSync, readFileSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { followBroker } from '../../src/compose/self-agent.ts';

const ENROLLED = { device_id: 'dev-1', secret: 's', host: '127.0.0.1', port: 8883, ca_pem: 'PEM', enrolled_ms: 1 };
const BROKER = { host: null, port: 1883, tlsPort: 8883, wsPort: null, caPem: 'PEM' };
let dir: string;
let file: string;
beforeEach(() => {
  dir = mkdtempSync(join(tmpdir(), 'uptally-self-agent-'));
  file = join(dir, 'credentials.json');
  writeFileSync(file, JSON.stringify(ENROLLED), { mode: 0o600 });
});
afterEach(() => rmSync(dir, { recursive: true }));

const read = (): unknown => JSON.parse(readFileSync(file, 'utf8'));

test('the agent of this machine follows the broker to another port, other certificates, and away from TLS', () => {
  followBroker(file, { ...BROKER, tlsPort: 9883, caPem: 'NEW' });
  expect(read()).toEqual({ ...ENROLLED, port: 9883, ca_pem: 'NEW' });
  expect(statSync(file).mode & 0o777).toBe(0o600);
  followBroker(file, { ...BROKER, tlsPort: null, caPem: null });
  expect(read()).toEqual({ ...ENROLLED, port: 1883, ca_pem: null });
});

test('what is right, or can not be known, stays', () => {
  const { mtimeMs, ino } = statSync(file);
  followBroker(file, BROKER);
  followBroker(file, { ...BROKER, port: null, tlsPort: null });
  expect(statSync(file)).toMatchObject({ mtimeMs, ino });
});
