import type { Clock, Timer } from '@uptally/agent';

/** The agent rests this long between two batches of its backlog, ms: the delay by which its clock recognises that timer. */
export const PACE_MS = 997;
/** A batch whose answer does not come holds its place no longer than this, ms: the link is gone. */
const STALE_MS = 45_000;
const SWEEP_MS = 5_000;

/** One device at the gate. */
export interface Turn {
  /** It is its turn: it may send a whole batch. */
  holds(): boolean;
  /** The device's clock, whose pacing timer waits for its turn. */
  clock(clock: Clock): Clock;
}

interface Waiting {
  readonly owner: object;
  readonly run: () => void;
}

/**
 * Lets so many devices of a fleet send a batch of their past at a time, in turn. One device paces itself by time; thousands in one
 * process would keep the platform's queue full for minutes and the fleet's live beats behind it. So fast as it answers, so fast it gets.
 */
export class BacklogGate {
  #limit: number;
  readonly #now: () => number;
  readonly #granted: Map<object, number> = new Map();
  readonly #queue: Set<Waiting> = new Set();
  #sweep: NodeJS.Timeout | null = null;

  /** `limit` devices at a time; 0 keeps the gate shut until {@link open}. */
  constructor(limit: number, now: () => number = () => performance.now()) {
    this.#limit = limit;
    this.#now = now;
  }

  open(limit: number): void {
    this.#limit = limit;
    this.#admit();
  }

  /** A place in the queue for one device. `hasPast` says whether there is something to pace. */
  turn(hasPast: () => boolean): Turn {
    const owner = {};
    return {
      holds: () => this.#granted.has(owner),
      clock: (clock) => ({
        monoMs: () => clock.monoMs(),
        wallMs: () => clock.wallMs(),
        setTimer: (delayMs, run) => {
          if (delayMs !== PACE_MS) return clock.setTimer(delayMs, run);
          // It begins to rest, so its last batch has been answered.
          this.#granted.delete(owner);
          if (hasPast()) return this.#wait({ owner, run });
          this.#admit();
          return clock.setTimer(delayMs, run);
        },
      }),
    };
  }

  #wait(waiting: Waiting): Timer {
    this.#queue.add(waiting);
    this.#admit();
    return { cancel: () => this.#queue.delete(waiting) };
  }

  #admit(): void {
    for (const waiting of this.#queue) {
      if (this.#granted.size >= this.#limit) break;
      this.#queue.delete(waiting);
      this.#granted.set(waiting.owner, this.#now());
      setImmediate(waiting.run);
    }
    if (this.#queue.size > 0) this.#sweep ??= setTimeout(() => this.#expire(), SWEEP_MS);
  }

  #expire(): void {
    this.#sweep = null;
    const oldest = this.#now() - STALE_MS;
    for (const [owner, sinceMs] of this.#granted) if (sinceMs < oldest) this.#granted.delete(owner);
    this.#admit();
  }
}
