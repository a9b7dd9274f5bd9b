import type { Clock, Timer } from '@uptally/agent';

/** Longest delay of a Node timer, ms. */
const MAX_DELAY_MS = 2 ** 31 - 1;

/** Our own time, Unix ms, that never jumps whatever happens to the host's wall clock. */
export function trueNowMs(): number {
  return performance.timeOrigin + performance.now();
}

export interface ClockTraits {
  /** How fast the oscillator runs, parts per million. */
  readonly driftPpm: number;
  /** Wall clock minus true time, ms. */
  readonly wallErrorMs: number;
}

/** Monotonic time of a boot that began at `bootAtMs`, on an oscillator with a drift. */
export function monoAt(bootAtMs: number, atMs: number, traits: ClockTraits): number {
  return (atMs - bootAtMs) * (1 + traits.driftPpm / 1e6);
}

function setRealTimer(delayMs: number, run: () => void): Timer {
  const timer = setTimeout(run, Math.min(MAX_DELAY_MS, Math.max(0, delayMs)));
  return { cancel: () => clearTimeout(timer) };
}

/** The clocks of one device over one boot. Both run on its oscillator; the wall clock can be set wrong and can jump. */
export class VirtualClock implements Clock {
  readonly #bootAtMs: number;
  readonly #traits: ClockTraits;
  readonly #now: () => number;
  readonly #setTimer: Clock['setTimer'];
  #jumpedMs = 0;

  /** `now` and `setTimer` are of true time; that of the process if missing. */
  constructor(
    bootAtMs: number,
    traits: ClockTraits,
    now: () => number = trueNowMs,
    setTimer: Clock['setTimer'] = setRealTimer,
  ) {
    this.#bootAtMs = bootAtMs;
    this.#traits = traits;
    this.#now = now;
    this.#setTimer = setTimer;
  }

  monoMs(): number {
    return monoAt(this.#bootAtMs, this.#now(), this.#traits);
  }

  wallMs(): number {
    return this.#now() + this.#traits.wallErrorMs + this.#jumpedMs;
  }

  setTimer(delayMs: number, run: () => void): Timer {
    return this.#setTimer(delayMs, run);
  }

  /** Someone sets the wall clock, or it loses its battery. */
  jump(byMs: number): void {
    this.#jumpedMs += byMs;
  }

  /** How wrong the wall clock is by now, ms: goes into the next boot, if the clock has a battery. */
  wallErrorMs(): number {
    return this.#traits.wallErrorMs + this.#jumpedMs;
  }
}
