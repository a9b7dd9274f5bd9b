export interface RoundsOptions {
  /** One round; gives the wait until the next, ms. */
  readonly run: () => Promise<number>;
  /** A round failed; the next follows after `retryMs`. */
  readonly onError: (error: unknown) => void;
  readonly retryMs: number;
}

/** Work in the background that is done again and again, one round after the other. */
export class Rounds {
  readonly #options: RoundsOptions;
  #timer: NodeJS.Timeout | undefined;
  #running: Promise<void> = Promise.resolve();
  #stopped = false;

  constructor(options: RoundsOptions) {
    this.#options = options;
  }

  /** True from {@link stop} on: a long round may end early. */
  get isStopped(): boolean {
    return this.#stopped;
  }

  /** The first round begins after `delayMs`. */
  start(delayMs: number): void {
    this.#stopped = false;
    this.#schedule(delayMs);
  }

  /** Ends after the round in hand. Idempotent. */
  async stop(): Promise<void> {
    this.#stopped = true;
    clearTimeout(this.#timer);
    await this.#running;
  }

  #schedule(delayMs: number): void {
    if (this.#stopped) return;
    this.#timer = setTimeout(() => {
      this.#running = this.#round().then((waitMs) => this.#schedule(waitMs));
    }, delayMs);
  }

  async #round(): Promise<number> {
    try {
      return await this.#options.run();
    } catch (error) {
      this.#options.onError(error);
      return this.#options.retryMs;
    }
  }
}
