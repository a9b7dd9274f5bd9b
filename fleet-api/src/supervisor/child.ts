import { type ChildProcess, spawn } from 'node:child_process';
import { createInterface } from 'node:readline';
import type { Logger } from 'pino';

export interface ChildOptions {
  /** For logs. */
  readonly name: string;
  /** Arguments of this Node. */
  readonly args: readonly string[];
  readonly env?: Readonly<Record<string, string>>;
  readonly log: Logger;
  /** First delay before a restart, doubled up to a minute while the child keeps failing at once, ms. */
  readonly restartDelayMs?: number;
  /** Exit code 0 means the work is done: no restart. */
  readonly once?: boolean;
}

const MAX_DELAY_MS = 60_000;
/** A child that ran this long is considered healthy: the next restart is quick again. */
const HEALTHY_MS = 30_000;
const STOP_GRACE_MS = 10_000;

/** What a program of ours tells its parent once it works. */
export interface ReadyMessage {
  readonly ready: true;
  readonly url?: string;
}

/** Loaded before the program: it ends when this process is gone, however that came about, instead of running on unwatched. */
const END_WITH_PARENT = `data:text/javascript,${encodeURIComponent(
  "process.on('disconnect',()=>process.kill(process.pid,'SIGTERM'));process.channel?.unref()",
)}`;

/** A program of ours kept running beside this process. Its output lines go to our log; it ends when we end. */
export class Child {
  readonly #options: ChildOptions;
  #process: ChildProcess | null = null;
  #timer: NodeJS.Timeout | undefined;
  #stopping = false;
  #delayMs: number;
  #lastLine = '';
  #said: ReadyMessage | null = null;
  #settle: { resolve: (message: ReadyMessage) => void; reject: (error: Error) => void } | null = null;

  constructor(options: ChildOptions) {
    this.#options = options;
    this.#delayMs = options.restartDelayMs ?? 500;
  }

  /** Process id, or null while it is down. */
  get pid(): number | null {
    return this.#process?.pid ?? null;
  }

  /** What the program said when it became ready; null while it is not. */
  get said(): ReadyMessage | null {
    return this.#said;
  }

  /** Starts the program and waits until it says that it is ready. Rejects, and gives up, if it ends before. */
  startReady(): Promise<ReadyMessage> {
    return new Promise((resolve, reject) => {
      this.#settle = { resolve, reject };
      this.start();
    });
  }

  /** Starts the program; restarts follow by themselves. */
  start(): void {
    if (this.#stopping) return;
    const { name, args, env, log, once } = this.#options;
    const startedMs = Date.now();
    const child = spawn(process.execPath, ['--import', END_WITH_PARENT, ...args], {
      stdio: ['ignore', 'pipe', 'pipe', 'ipc'],
      env: { ...process.env, ...env },
      detached: true, // an interrupt at the terminal is ours to pass on, in order
    });
    this.#process = child;
    for (const stream of [child.stdout, child.stderr]) {
      if (stream !== null) createInterface({ input: stream }).on('line', (line) => this.#heard(line));
    }
    child.on('error', (error) => log.error({ err: error }, `${name} could not be started`));
    child.on('message', (message) => {
      this.#said = message as ReadyMessage;
      this.#settle?.resolve(this.#said);
      this.#settle = null;
    });
    // Its last words may come after its end; they say why.
    child.on('close', () => {
      this.#settle?.reject(new Error(`${name} did not start: ${this.#lastLine}`));
    });
    child.on('exit', (code, signal) => {
      this.#process = null;
      this.#said = null;
      if (this.#settle !== null) this.#stopping = true;
      if (this.#stopping || (once === true && code === 0)) return;
      if (Date.now() - startedMs > HEALTHY_MS) this.#delayMs = this.#options.restartDelayMs ?? 500;
      log.warn(`${name} ended (${signal ?? `code ${code}`}); restarting in ${this.#delayMs} ms`);
      this.#timer = setTimeout(() => this.start(), this.#delayMs);
      this.#delayMs = Math.min(this.#delayMs * 2, MAX_DELAY_MS);
    });
  }

  /** Asks the program to end, insists after ten seconds. Idempotent. */
  async stop(): Promise<void> {
    this.#stopping = true;
    clearTimeout(this.#timer);
    const child = this.#process;
    if (child === null || child.exitCode !== null) return;
    const exited = new Promise<void>((resolve) => child.once('exit', () => resolve()));
    child.kill('SIGTERM');
    const insist = setTimeout(() => child.kill('SIGKILL'), STOP_GRACE_MS);
    await exited;
    clearTimeout(insist);
  }

  #heard(line: string): void {
    const { log, name } = this.#options;
    this.#lastLine = forward(log, name, line) ?? this.#lastLine;
  }

  /** Last resort when this process ends without having stopped in order. */
  killNow(): void {
    this.#stopping = true;
    this.#process?.kill('SIGKILL');
  }
}

/** A child that logs in pino's JSON keeps its level and message; anything else is taken as information. Returns the text. */
function forward(log: Logger, name: string, line: string): string | null {
  if (line.startsWith('{')) {
    try {
      const {
        level,
        msg,
        time: _time,
        pid: _pid,
        hostname: _hostname,
        ...fields
      } = JSON.parse(line) as Record<string, unknown>;
      const write =
        typeof level === 'number' && level >= 50 ? 'error' : level === 40 ? 'warn' : level === 20 ? 'debug' : 'info';
      log[write]({ ...fields, part: name }, typeof msg === 'string' ? msg : line);
      return typeof msg === 'string' ? msg : line;
    } catch {
      // not JSON after all
    }
  }
  if (line.trim() === '') return null;
  log.info({ part: name }, line);
  return line;
}
