import { type ChildProcess, spawn } from 'node:child_process';
import { existsSync, mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

/** What a running server writes about itself into its data directory. */
export interface Runtime {
  readonly pid: number;
  readonly http: number | null;
  readonly mqtt: { readonly tcp: number | null; readonly tls: number | null; readonly ws: number | null } | null;
  readonly databaseUrl: string;
  readonly databasePid: number | null;
  readonly alertsPid: number | null;
  readonly smsSandbox: string | null;
}

const SERVER = 'fleet-api/dist/main.js';
const START_TIMEOUT_MS = 240_000;
const BANNER = 'Uptally is ready.';

/** The built all-in-one server as a process of its own, on free ports and a data directory of its own. */
export class TestPlatform {
  readonly dataDir = mkdtempSync(join(tmpdir(), 'uptally-system-'));
  readonly #env: Record<string, string>;
  #process: ChildProcess | null = null;
  #output = '';
  #oneTimePassword: string | null = null;

  constructor(env: Record<string, string> = {}) {
    this.#env = {
      HTTP_HOST: '127.0.0.1',
      HTTP_PORT: '0',
      MQTT_HOST: '127.0.0.1',
      MQTT_PORT: '0',
      MQTT_TLS_PORT: '0',
      MQTT_WS_PORT: 'off',
      SMS_SANDBOX_PORT: '0',
      UPTALLY_SELF_AGENT: '0',
      UPTALLY_DATA: this.dataDir,
      LOG_LEVEL: 'warn',
      ...env,
    };
  }

  /** Starts, or starts again, and waits until it takes traffic. */
  async start(): Promise<Runtime> {
    const runtime = join(this.dataDir, 'runtime.json');
    rmSync(runtime, { force: true });
    const heard = this.#output.length;
    const child = spawn(process.execPath, [SERVER, 'serve'], {
      env: { ...process.env, ...this.#env },
      stdio: ['ignore', 'pipe', 'pipe'],
    });
    this.#process = child;
    for (const stream of [child.stdout, child.stderr]) stream.on('data', (chunk: Buffer) => this.#take(String(chunk)));
    const deadline = Date.now() + START_TIMEOUT_MS;
    // The banner comes last, and with it the first administrator's password.
    while (!existsSync(runtime) || !this.#output.slice(heard).includes(BANNER)) {
      if (child.exitCode !== null || Date.now() > deadline)
        throw new Error(`the server did not start:\n${this.#output}`);
      await new Promise((resolve) => setTimeout(resolve, 50));
    }
    return this.runtime();
  }

  runtime(): Runtime {
    return JSON.parse(readFileSync(join(this.dataDir, 'runtime.json'), 'utf8')) as Runtime;
  }

  /** As the server printed it at its first start; null once used by {@link admin}. */
  get oneTimePassword(): string | null {
    return this.#oneTimePassword;
  }

  /** Everything the server has printed so far. */
  get output(): string {
    return this.#output;
  }

  /** Kills the server without warning and waits for its end. Its database child ends by itself. */
  async kill(): Promise<void> {
    await this.#end('SIGKILL');
  }

  /** Stops in order. */
  async stop(): Promise<void> {
    await this.#end('SIGTERM');
  }

  /** Stops and removes the data. */
  async remove(): Promise<void> {
    await this.stop();
    rmSync(this.dataDir, { recursive: true, force: true });
  }

  async #end(signal: NodeJS.Signals): Promise<void> {
    const child = this.#process;
    if (child === null || child.exitCode !== null || child.signalCode !== null) return;
    const exited = new Promise<void>((resolve) => child.once('exit', () => resolve()));
    child.kill(signal);
    await exited;
  }

  #take(text: string): void {
    this.#output += text;
    this.#oneTimePassword ??= /one-time password\D*:\s*(\S+)/i.exec(this.#output)?.[1] ?? null;
  }

  /** An API session of the first administrator, who sets the password of these tests at the first call. */
  async admin(): Promise<ApiClient> {
    const { http } = this.runtime();
    const api = new ApiClient(`http://127.0.0.1:${http}`);
    if (this.#oneTimePassword !== null) {
      await api.post('/session', { login: 'admin', password: this.#oneTimePassword });
      await api.post('/setup', { org_name: 'Test', new_password: ADMIN_PASSWORD });
      this.#oneTimePassword = null;
    }
    await api.post('/session', { login: 'admin', password: ADMIN_PASSWORD });
    return api;
  }
}

export const ADMIN_PASSWORD = 'correct horse battery 9';

/** Calls the API as a browser would: cookie, origin, JSON. Throws on an error answer, with its text. */
export class ApiClient {
  readonly #base: string;
  #cookie = '';
  constructor(base: string) {
    this.#base = base;
  }

  get origin(): string {
    return this.#base;
  }

  get cookie(): string {
    return this.#cookie;
  }

  get<T = Record<string, unknown>>(path: string): Promise<T> {
    return this.#call('GET', path);
  }

  post<T = Record<string, unknown>>(path: string, body: unknown): Promise<T> {
    return this.#call('POST', path, body);
  }

  async #call<T>(method: string, path: string, body?: unknown): Promise<T> {
    const response = await fetch(`${this.#base}/api/v1${path}`, {
      method,
      headers: {
        origin: this.#base,
        cookie: this.#cookie,
        ...(body === undefined ? {} : { 'content-type': typeof body === 'string' ? 'text/csv' : 'application/json' }),
      },
      ...(body === undefined ? {} : { body: typeof body === 'string' ? body : JSON.stringify(body) }),
    });
    const text = await response.text();
    if (!response.ok) throw new Error(`${method} ${path}: ${response.status} ${text}`);
    const cookie = response.headers.getSetCookie()[0]?.split(';')[0];
    if (cookie !== undefined) this.#cookie = cookie;
    return (text === '' ? {} : JSON.parse(text)) as T;
  }
}
