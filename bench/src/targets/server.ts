import { type ChildProcess, spawn } from 'node:child_process';
import { existsSync, mkdtempSync, readdirSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { ROOT } from '../database.ts';
import { cpuMs, rssBytes } from '../process.ts';

const START_TIMEOUT_MS = 180_000;

interface Runtime {
  readonly http: number;
  readonly mqtt: { readonly tcp: number; readonly tls: number };
  readonly databaseUrl: string;
}

/** A process below the server, by what it runs. */
export interface ServerProcess {
  readonly pid: number;
  readonly name: string;
  readonly rssBytes: number;
  readonly cpuMs: number;
}

/** The built all-in-one server on free ports and a data directory of its own. */
export class BenchServer {
  readonly dataDir = mkdtempSync(join(tmpdir(), 'uptally-bench-server-'));
  readonly #child: ChildProcess;
  #output = '';

  private constructor(env: Record<string, string>) {
    this.#child = spawn(process.execPath, [join(ROOT, 'fleet-api/dist/main.js'), 'serve'], {
      env: {
        ...process.env,
        DATABASE_URL: '', HTTP_HOST: '127.0.0.1', HTTP_PORT: '0', MQTT_HOST: '127.0.0.1', MQTT_PORT: '0', MQTT_TLS_PORT: '0',
        MQTT_WS_PORT: 'off', SMS_SANDBOX_PORT: '0', UPTALLY_SELF_AGENT: '0', UPTALLY_DATA: this.dataDir, LOG_LEVEL: 'warn',
        ...env,
      },
      stdio: ['ignore', 'pipe', 'pipe'],
    }); // biome-ignore format: settings in lines
    for (const stream of [this.#child.stdout, this.#child.stderr]) {
      stream?.on('data', (chunk: Buffer) => {
        this.#output = (this.#output + String(chunk)).slice(-10_000);
      });
    }
  }

  static async start(env: Record<string, string> = {}): Promise<BenchServer> {
    const server = new BenchServer(env);
    const deadlineMs = performance.now() + START_TIMEOUT_MS;
    while (!existsSync(join(server.dataDir, 'runtime.json'))) {
      if (server.#child.exitCode !== null || performance.now() > deadlineMs) {
        await server.stop();
        throw new Error(`the server did not start:\n${server.#output}`);
      }
      await new Promise((resolve) => setTimeout(resolve, 100));
    }
    return server;
  }

  get runtime(): Runtime {
    return JSON.parse(readFileSync(join(this.dataDir, 'runtime.json'), 'utf8')) as Runtime;
  }

  /** The last it printed. */
  get output(): string {
    return this.#output;
  }

  /** The server and everything below it. */
  processes(): ServerProcess[] {
    const parents = new Map<number, number>();
    for (const entry of readdirSync('/proc')) {
      const pid = Number(entry);
      const parent = Number.isInteger(pid) ? parentOf(pid) : null;
      if (parent !== null) parents.set(pid, parent);
    }
    const root = this.#child.pid ?? 0;
    const below = (pid: number): boolean => {
      for (let at: number | undefined = pid; at !== undefined && at > 1; at = parents.get(at))
        if (at === root) return true;
      return false;
    };
    return [...parents.keys()].filter(below).flatMap((pid) => {
      try {
        return [{ pid, name: nameOf(pid), rssBytes: rssBytes(pid), cpuMs: cpuMs(pid) }];
      } catch {
        return []; // ended meanwhile
      }
    });
  }

  async stop(): Promise<void> {
    if (this.#child.exitCode === null && this.#child.signalCode === null) {
      const gone = new Promise((resolve) => this.#child.once('exit', resolve));
      this.#child.kill('SIGTERM');
      await gone;
    }
    rmSync(this.dataDir, { recursive: true, force: true });
  }
}

function parentOf(pid: number): number | null {
  try {
    const stat = readFileSync(`/proc/${pid}/stat`, 'utf8');
    return Number(stat.slice(stat.lastIndexOf(')') + 2).split(' ')[1]);
  } catch {
    return null;
  }
}

/** The script that a Node process runs, as package/file. */
function nameOf(pid: number): string {
  const args = readFileSync(`/proc/${pid}/cmdline`, 'utf8').split('\0');
  const script = args.find((arg) => arg.endsWith('.js')) ?? args[0] ?? '?';
  return script.split('/').slice(-3).join('/').replace('/dist/', '/');
}
