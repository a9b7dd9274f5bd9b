import type { Sink, UplinkMessage } from '@uptally/broker';

/** Messages on their way at most, and what it falls to before more are taken: enough for two flushes. */
const MOST = 24_000;
const ROOM = 16_000;

interface Line {
  /** Messages since the last birth or end that are not durable yet. */
  open: Promise<void>[];
  /** The birth or end under way. */
  gate: Promise<void> | null;
}

/**
 * Feeds a sink with messages of many devices at once. Those of one device go in order, and its births, wills and ends wait for what came
 * before and hold up what comes after, as they would hours apart.
 */
export class Lines {
  readonly #sink: Sink;
  readonly #lines = new Map<number, Line>();
  #waiting = 0;
  #failure: { readonly error: unknown } | null = null;
  #wake: (() => void)[] = [];

  constructor(sink: Sink) {
    this.#sink = sink;
  }

  /** Takes a message. Resolves when there is room for the next. @throws what made a message fail */
  push(message: UplinkMessage): Promise<void> | void {
    const key = message.device.deviceKey;
    let line = this.#lines.get(key);
    if (line === undefined) {
      line = { open: [], gate: null };
      this.#lines.set(key, line);
    }
    const { gate } = line;
    if (message.channel === 'status') {
      const before = [...line.open, gate];
      line.open = [];
      line.gate = this.#track(Promise.all(before).then(() => this.#sink.accept(message)));
    } else {
      const accepted = gate === null ? this.#sink.accept(message) : gate.then(() => this.#sink.accept(message));
      line.open.push(this.#track(accepted));
    }
    if (this.#failure !== null || this.#waiting >= MOST) return this.#until(() => this.#waiting < ROOM);
  }

  /** Resolves when everything taken is durable. @throws what made a message fail */
  async drain(): Promise<void> {
    await this.#until(() => this.#waiting === 0);
    this.#lines.clear();
  }

  #track(work: Promise<void>): Promise<void> {
    this.#waiting += 1;
    const settled = (): void => {
      this.#waiting -= 1;
      for (const wake of this.#wake.splice(0)) wake();
    };
    work.then(settled, (error: unknown) => {
      this.#failure ??= { error };
      settled();
    });
    return work;
  }

  async #until(done: () => boolean): Promise<void> {
    while (this.#failure === null && !done()) await new Promise<void>((resolve) => this.#wake.push(resolve));
    if (this.#failure !== null) throw this.#failure.error;
  }
}
