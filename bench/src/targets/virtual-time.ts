import type { Clock, Timer } from '@uptally/agent';

interface Waiting {
  readonly atMs: number;
  readonly run: () => void;
  cancelled: boolean;
}

/** A clock that jumps from timer to timer, and only when `idle` says that nothing real is under way. */
export class JumpingClock implements Clock {
  readonly #startWallMs: number;
  readonly #idle: () => Promise<void>;
  readonly #timers: Waiting[] = [];
  #nowMs = 0;

  constructor(startWallMs: number, idle: () => Promise<void>) {
    this.#startWallMs = startWallMs;
    this.#idle = idle;
  }

  monoMs(): number {
    return this.#nowMs;
  }

  wallMs(): number {
    return this.#startWallMs + this.#nowMs;
  }

  setTimer(delayMs: number, run: () => void): Timer {
    const timer = { atMs: this.#nowMs + Math.max(0, delayMs), run, cancelled: false };
    this.#timers.push(timer);
    return {
      cancel: () => {
        timer.cancelled = true;
      },
    };
  }

  /** Lives through `ms`. */
  async advance(ms: number): Promise<void> {
    const untilMs = this.#nowMs + ms;
    for (;;) {
      await this.#idle();
      const next = this.#take(untilMs);
      if (next === null) break;
      this.#nowMs = Math.max(this.#nowMs, next.atMs);
      next.run();
    }
    this.#nowMs = untilMs;
  }

  /** The earliest timer due until then; there are never many. */
  #take(untilMs: number): Waiting | null {
    for (let i = this.#timers.length - 1; i >= 0; i -= 1) if (this.#timers[i]?.cancelled) this.#timers.splice(i, 1);
    let earliest = -1;
    this.#timers.forEach((timer, i) => {
      if (earliest < 0 || timer.atMs < (this.#timers[earliest]?.atMs ?? 0)) earliest = i;
    });
    const found = this.#timers[earliest];
    if (found === undefined || found.atMs > untilMs) return null;
    this.#timers.splice(earliest, 1);
    return found;
  }
}
