import { type ChildProcess, spawn, spawnSync } from 'node:child_process';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { type AddressInfo, connect, createServer } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

/** Mosquitto as a peer: anybody may do anything, nothing is kept. */
export interface Mosquitto {
  readonly version: string;
  readonly port: number;
  readonly pid: number;
  stop(): Promise<void>;
}

/** Starts it; null where it is not installed. */
export async function startMosquitto(): Promise<Mosquitto | null> {
  const help = spawnSync('mosquitto', ['-h'], { encoding: 'utf8' });
  if (help.error !== undefined) return null;
  const dir = mkdtempSync(join(tmpdir(), 'uptally-bench-mosquitto-'));
  const port = await freePort();
  const settings = [
    `listener ${port} 127.0.0.1`,
    'allow_anonymous true',
    'persistence false',
    'log_dest none',
    'set_tcp_nodelay true',
    'max_inflight_messages 0',
    'max_queued_messages 0',
  ];
  writeFileSync(join(dir, 'mosquitto.conf'), `${settings.join('\n')}\n`);
  const child = spawn('mosquitto', ['-c', join(dir, 'mosquitto.conf')], { stdio: 'ignore' });
  await untilListening(port, child);
  return {
    version: /version ([\d.]+)/.exec(help.stdout)?.[1] ?? '?',
    port,
    pid: child.pid ?? 0,
    stop: async () => {
      const gone = new Promise((resolve) => child.once('exit', resolve));
      child.kill();
      await gone;
      rmSync(dir, { recursive: true, force: true });
    },
  };
}

async function freePort(): Promise<number> {
  const server = createServer().listen(0, '127.0.0.1');
  await new Promise((resolve) => server.once('listening', resolve));
  const { port } = server.address() as AddressInfo;
  await new Promise((resolve) => server.close(resolve));
  return port;
}

async function untilListening(port: number, child: ChildProcess): Promise<void> {
  for (let tries = 0; tries < 200; tries += 1) {
    if (child.exitCode !== null) throw new Error(`mosquitto ended with ${child.exitCode}`);
    const open = await new Promise<boolean>((resolve) => {
      const socket = connect(port, '127.0.0.1', () => resolve(true));
      socket.once('error', () => resolve(false));
      socket.once('connect', () => socket.destroy());
    });
    if (open) return;
    await new Promise((resolve) => setTimeout(resolve, 25));
  }
  throw new Error('mosquitto does not listen');
}
