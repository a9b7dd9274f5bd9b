import { execFile } from 'node:child_process';
import { once } from 'node:events';
import { cpSync, existsSync, mkdirSync, mkdtempSync, readFileSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { type AgentFile, readAgentFiles } from '../../src/enrolment/agent-files.ts';

const PACKAGE = join(import.meta.dirname, '../../../agent');
const run = promisify(execFile);
let dir: string;
let files: ReadonlyMap<string, AgentFile>;

beforeAll(async () => {
  dir = mkdtempSync(join(tmpdir(), 'uptally-agent-'));
  mkdirSync(join(dir, 'dist'));
  writeFileSync(join(dir, 'dist/uptally-agent.js'), 'console.log(1)\n');
  for (const name of ['install.sh', 'uptally-agent.service']) cpSync(join(PACKAGE, name), join(dir, name));
  files = (await readAgentFiles(dir)) ?? new Map();
});
afterAll(() => rmSync(dir, { recursive: true, force: true }));

/** Runs the installer as a terminal would, from a server that may damage what it sends. */
async function install(root: string, damage = (_name: string, content: Buffer) => content): Promise<void> {
  const server = createServer((request, response) => {
    const name = request.url?.split('/').at(-1) ?? '';
    const content = files.get(name)?.content;
    response.writeHead(content === undefined ? 404 : 200).end(content && damage(name, content));
  }).listen(0, '127.0.0.1');
  await once(server, 'listening');
  const url = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
  const script = join(dir, 'fetched.sh');
  writeFileSync(script, files.get('install.sh')?.content ?? '');
  try {
    await run('sh', [script, url, 'token'], { env: { ...process.env, DESTDIR: root } });
  } finally {
    server.close();
  }
}

it('a terminal gets the agent that the server was built with', async () => {
  const root = join(dir, 'root');
  await install(root);
  const program = join(root, 'usr/local/lib/uptally-agent/uptally-agent.js');
  expect(readFileSync(program, 'utf8')).toBe('console.log(1)\n');
  expect(statSync(program).mode & 0o777).toBe(0o755);
  expect(existsSync(join(root, 'etc/systemd/system/uptally-agent.service'))).toBe(true);
});

it('what was damaged on the way is not installed', async () => {
  const root = join(dir, 'damaged');
  const cut = (name: string, content: Buffer) => (name.endsWith('.js') ? content.subarray(1) : content);
  await expect(install(root, cut)).rejects.toThrow('did not arrive as it was sent');
  expect(existsSync(join(root, 'usr/local/lib/uptally-agent/uptally-agent.js'))).toBe(false);
});

it('there is none where it was not built', async () => {
  expect(await readAgentFiles(join(dir, 'nowhere'))).toBeNull();
});
