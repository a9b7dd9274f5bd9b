import type { Timer } from '@uptally/agent';

interface Entry {
  readonly atMs: number;
  readonly run: () => void;
  cancelled: boolean;
}

/**
 * Time of one device that passes as fast as it is worked off. Timers run in the order of their instants, those of the same instant in
 * the order in which they were set. Instants in true Unix ms.
 */
export class VirtualTime {
  /** Latest first: the next one is at the end. A device has few timers, so inserting by shifting is quickest. */
  readonly #entries: Entry[] = [];
  #nowMs: number;

  constructor(nowMs: number) {
    this.#nowMs = nowMs;
  }

  get nowMs(): number {
    return this.#nowMs;
  }

  readonly setTimer = (delayMs: number, run: () => void): Timer => this.at(this.#nowMs + Math.max(0, delayMs), run);

  /** Runs something at an instant, or at once if that is over. */
  at(atMs: number, run: () => void): Timer {
    const entry: Entry = { atMs: Math.max(atMs, this.#nowMs), run, cancelled: false };
    const entries = this.#entries;
    let i = entries.length;
    while (i > 0 && (entries[i - 1] as Entry).atMs <= entry.atMs) i--;
    entries.splice(i, 0, entry);
    return {
      cancel: () => {
        entry.cancelled = true;
      },
    };
  }

  /** Runs the next timer that is due before `untilMs`. False if there is none: then it is `untilMs`. */
  step(untilMs: number): boolean {
    for (;;) {
      const next = this.#entries.at(-1);
      if (next === undefined || next.atMs >= untilMs) {
        this.#nowMs = Math.max(this.#nowMs, untilMs);
        return false;
      }
      this.#entries.pop();
      if (next.cancelled) continue;
      this.#nowMs = next.atMs;
      next.run();
      return true;
    }
  }
}
