import type { Logger } from 'pino';

/** What was started, stopped in the reverse order. One that fails to stop does not keep the others from stopping. */
export class Stack {
  readonly #log: Logger;
  readonly #parts: { readonly name: string; readonly stop: () => Promise<void> | void }[] = [];
  #stopped: Promise<void> | null = null;

  constructor(log: Logger) {
    this.#log = log;
  }

  /** Remembers how to stop a part that runs now. */
  push(name: string, stop: () => Promise<void> | void): void {
    this.#parts.push({ name, stop });
  }

  /** Stops everything. Idempotent: later calls wait for the first. */
  stop(): Promise<void> {
    this.#stopped ??= this.#stopAll();
    return this.#stopped;
  }

  async #stopAll(): Promise<void> {
    for (let part = this.#parts.pop(); part !== undefined; part = this.#parts.pop()) {
      try {
        await part.stop();
      } catch (error) {
        this.#log.error({ err: error }, `${part.name} did not stop in order`);
      }
    }
  }
}
