import type { Clock, RecordBody } from './ports.ts';

/** A step of the wall clock against the monotonic one beyond this, ms, is reported. */
const JUMP_MS = 2_000;

/** Watches the wall clock for steps. Slow drift below the limit between two looks is no news. */
export class WallClock {
  readonly #clock: Clock;
  #offsetMs: number | null = null;

  constructor(clock: Clock) {
    this.#clock = clock;
  }

  /** A `clock_jump` event if the clock was set since the last look. */
  news(): RecordBody[] {
    const offsetMs = Math.round(this.#clock.wallMs() - this.#clock.monoMs());
    const byMs = this.#offsetMs === null ? 0 : offsetMs - this.#offsetMs;
    this.#offsetMs = offsetMs;
    return Math.abs(byMs) > JUMP_MS ? [{ k: 'event', code: 'clock_jump', sev: 'warn', d: { by_ms: byMs } }] : [];
  }
}
