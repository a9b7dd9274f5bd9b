import { type ChildProcess, fork } from 'node:child_process';
import { randomBytes } from 'node:crypto';
import { existsSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import type { ChildReply, ChildStart } from './child.ts';

export interface EmbeddedOptions {
  /** Directory of the database files; null keeps everything in memory. */
  readonly dataDir: string | null;
  /** Loopback port; 0 takes a free one, which a restarted child then keeps. */
  readonly port?: number;
  /** Built child program; found beside the running bundle if not given. */
  readonly childPath?: string;
  readonly log?: (level: 'info' | 'warn' | 'error', message: string) => void;
}

export interface EmbeddedDatabase {
  /** For `pg`: `postgres://uptally:...@127.0.0.1:port/uptally`. Stays the same over restarts of the child. */
  readonly url: string;
  /** Process id of the running child, for supervision and tests; null while it restarts. */
  pid(): number | null;
  /** Stops the child in order. Idempotent. */
  stop(): Promise<void>;
}

const RESTART_DELAY_MS = 250;
const MAX_RESTART_DELAY_MS = 10_000;

/**
 * The engine's own memory is one WebAssembly block; JavaScript around it only passes messages on. Compiling the engine on several
 * threads leaves glibc with an arena for each that it never gives back, 60 MB in all.
 */
const ENGINE_FLAGS = ['--max-semi-space-size=2', '--optimize-for-size'];
const ENGINE_ENV = { MALLOC_ARENA_MAX: '1' };

/**
 * Starts TimescaleDB (PostgreSQL 17 in WebAssembly) in a child process behind a loopback socket and keeps it running: if it
 * dies it is restarted on the same port, and clients reconnect. Rejects if the first start fails.
 */
export async function openEmbedded(options: EmbeddedOptions): Promise<EmbeddedDatabase> {
  const log = options.log ?? (() => undefined);
  const password = randomBytes(24).toString('base64url');
  const childPath = options.childPath ?? findChild();
  let port = options.port ?? 0;
  let child: ChildProcess | null = null;
  let stopping = false;
  let delayMs = RESTART_DELAY_MS;

  const launch = async (): Promise<void> => {
    const started = await startChild(childPath, { dataDir: options.dataDir, port, password });
    child = started.child;
    port = started.port;
    delayMs = RESTART_DELAY_MS;
    child.once('exit', (code, signal) => {
      child = null;
      if (stopping) return;
      log('error', `embedded database ended (${signal ?? `code ${code}`}); restarting`);
      relaunch();
    });
  };
  const relaunch = (): void => {
    setTimeout(() => {
      if (stopping) return;
      launch().then(
        () => log('info', 'embedded database is back'),
        (error: unknown) => {
          log('error', `embedded database does not start: ${error instanceof Error ? error.message : String(error)}`);
          relaunch();
        },
      );
    }, delayMs);
    delayMs = Math.min(delayMs * 2, MAX_RESTART_DELAY_MS);
  };

  await launch();
  return {
    url: `postgres://uptally:${password}@127.0.0.1:${port}/uptally`,
    pid: () => child?.pid ?? null,
    stop: async () => {
      stopping = true;
      await stopChild(child);
    },
  };
}

/** From the bundle (`dist/main.js`) the child lies beside it; from the sources it must have been built. */
function findChild(): string {
  for (let dir = dirname(fileURLToPath(import.meta.url)); dirname(dir) !== dir; dir = dirname(dir)) {
    for (const path of [join(dir, 'embedded-child.js'), join(dir, 'dist', 'embedded-child.js')]) {
      if (existsSync(path)) return path;
    }
  }
  throw new Error('embedded-child.js is not built: run "npm run build"');
}

async function startChild(path: string, start: ChildStart): Promise<{ child: ChildProcess; port: number }> {
  const child = fork(path, [], {
    stdio: ['ignore', 'ignore', 'inherit', 'ipc'],
    execArgv: [...ENGINE_FLAGS],
    env: { ...process.env, ...ENGINE_ENV },
  });
  const reply = await new Promise<ChildReply>((resolve, reject) => {
    child.once('message', (message) => resolve(message as ChildReply));
    child.once('error', reject);
    child.once('exit', (code, signal) => reject(new Error(`embedded database ended at start (${signal ?? code})`)));
    child.send(start);
  });
  if ('failed' in reply) throw new Error(reply.failed);
  child.removeAllListeners('exit');
  return { child, port: reply.ready.port };
}

async function stopChild(child: ChildProcess | null): Promise<void> {
  if (child === null || child.exitCode !== null) return;
  const exited = new Promise<void>((resolve) => child.once('exit', () => resolve()));
  const timer = setTimeout(() => child.kill('SIGKILL'), 15_000);
  child.disconnect();
  await exited;
  clearTimeout(timer);
}
