import { type ChildProcess, fork } from 'node:child_process';
import { readFileSync } from 'node:fs';

/**
 * Every part of a benchmark runs in its own process, so that load and loaded don't share an event loop and memory can be told
 * apart. A part is this same program with `--part <name> <json>`; it answers requests over IPC.
 */
export type PartHandlers = Readonly<Record<string, (argument: never) => unknown>>;

interface Request {
  readonly id: number;
  readonly method: string;
  readonly argument: unknown;
}

type Answer = { readonly id: number; readonly value: unknown } | { readonly id: number; readonly error: string };

/** In the child: serves requests until the parent goes. */
export function servePart(handlers: PartHandlers): void {
  process.on('disconnect', () => process.exit(0));
  process.on('message', (message: Request) => {
    answer(handlers, message).then(
      (value) => process.send?.({ id: message.id, value }),
      (error: unknown) =>
        process.send?.({
          id: message.id,
          error: error instanceof Error ? (error.stack ?? error.message) : String(error),
        }),
    );
  });
  process.send?.({ id: 0, value: null });
}

async function answer(handlers: PartHandlers, { method, argument }: Request): Promise<unknown> {
  const handler = handlers[method];
  if (handler === undefined) throw new Error(`no such request: ${method}`);
  return handler(argument as never);
}

/** In the parent: a part that runs. */
export class Part {
  readonly #child: ChildProcess;
  readonly #waiting = new Map<number, { resolve(value: unknown): void; reject(error: Error): void }>();
  #next = 1;

  private constructor(child: ChildProcess) {
    this.#child = child;
    child.on('message', (message: Answer) => {
      const waiting = this.#waiting.get(message.id);
      this.#waiting.delete(message.id);
      if ('error' in message) waiting?.reject(new Error(message.error));
      else waiting?.resolve(message.value);
    });
    child.on('exit', (code, signal) => {
      for (const { reject } of this.#waiting.values()) reject(new Error(`part ended: ${signal ?? code}`));
      this.#waiting.clear();
    });
  }

  static async start(name: string, nodeOptions: readonly string[] = []): Promise<Part> {
    const child = fork(process.argv[1] ?? '', ['--part', name], { execArgv: [...nodeOptions], stdio: 'inherit' });
    const part = new Part(child);
    await new Promise((resolve, reject) => part.#waiting.set(0, { resolve, reject }));
    return part;
  }

  get pid(): number {
    return this.#child.pid ?? 0;
  }

  /** Resident memory, bytes. */
  rssBytes(): number {
    return rssBytes(this.pid);
  }

  /** CPU time used so far, ms. */
  cpuMs(): number {
    return cpuMs(this.pid);
  }

  async ask<T>(method: string, argument: unknown = null): Promise<T> {
    const id = this.#next;
    this.#next += 1;
    const answered = new Promise<unknown>((resolve, reject) => this.#waiting.set(id, { resolve, reject }));
    this.#child.send({ id, method, argument });
    return (await answered) as T;
  }

  async stop(): Promise<void> {
    if (this.#child.exitCode !== null || this.#child.signalCode !== null) return;
    const gone = new Promise((resolve) => this.#child.once('exit', resolve));
    if (this.#child.connected) this.#child.disconnect();
    await gone;
  }
}

const PAGE_BYTES = 4096;
const TICK_MS = 10;

export function rssBytes(pid: number): number {
  return Number(readFileSync(`/proc/${pid}/statm`, 'utf8').split(' ')[1]) * PAGE_BYTES;
}

export function cpuMs(pid: number): number {
  const stat = readFileSync(`/proc/${pid}/stat`, 'utf8');
  const fields = stat.slice(stat.lastIndexOf(')') + 2).split(' ');
  return (Number(fields[11]) + Number(fields[12])) * TICK_MS;
}
