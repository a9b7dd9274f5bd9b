import { spawn, spawnSync } from 'node:child_process';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { onFreePort } from '../../../test/support/free-port.ts';

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
  const settings = [
    'allow_anonymous true',
    'persistence false',
    'log_dest none',
    'set_tcp_nodelay true',
    'max_inflight_messages 0',
    'max_queued_messages 0',
  ];
  const { port, child } = await onFreePort((wanted) => {
    const lines = [`listener ${wanted} 127.0.0.1`, ...settings, ''];
    writeFileSync(join(dir, 'mosquitto.conf'), lines.join('\n'));
    return spawn('mosquitto', ['-c', join(dir, 'mosquitto.conf')], { stdio: 'ignore' });
  });
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
