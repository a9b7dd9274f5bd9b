import { trueNowMs } from '../device/clock.ts';
import { type Effect, isMomentary } from '../scenario/effects.ts';
import type { Occurrence } from '../scenario/plan.ts';

/** Something that effects act on. */
export interface Target {
  apply(id: string, effect: Effect): void;
  clear(id: string): void;
}

interface Action {
  readonly atMs: number;
  readonly run: string;
  readonly id: string;
  readonly device: number;
  /** `null` ends the effect. */
  readonly effect: Effect | null;
}

/** Longest sleep, ms: the clock is looked at again then. */
const NAP_MS = 60_000;

/** Makes planned occurrences happen: one timer for all. What began in the past and still lasts begins at once. */
export class Timeline {
  readonly #target: (device: number) => Target | undefined;
  #actions: Action[] = [];
  readonly #active: Map<string, Action & { readonly effect: Effect }> = new Map();
  #timer: NodeJS.Timeout | null = null;
  #stopped = false;

  constructor(target: (device: number) => Target | undefined) {
    this.#target = target;
  }

  /** Adds the occurrences of one run of a scenario; `run` names it for {@link cancel}. */
  add(run: string, occurrences: readonly Occurrence[], nowMs = trueNowMs()): void {
    for (const { id, device, effect, atMs, untilMs } of occurrences) {
      if (untilMs !== null && untilMs <= nowMs) continue;
      this.#actions.push({ atMs, run, id: `${run}/${id}`, device, effect });
      if (untilMs !== null) this.#actions.push({ atMs: untilMs, run, id: `${run}/${id}`, device, effect: null });
    }
    this.#actions.sort((a, b) => b.atMs - a.atMs);
    this.#work();
  }

  /** Ends what a run has begun and forgets what it was about to do. */
  cancel(run: string): void {
    this.#actions = this.#actions.filter((action) => action.run !== run);
    for (const [key, active] of [...this.#active]) if (active.run === run) this.#end(key);
  }

  /** Ends everything that acts on one device now. */
  release(device: number): void {
    for (const [key, active] of [...this.#active]) if (active.device === device) this.#end(key);
  }

  /** Lets everything that acts on a device now act on it: it was not there when that began. */
  greet(device: number): void {
    for (const active of this.#active.values()) {
      if (active.device === device) this.#target(device)?.apply(active.id, active.effect);
    }
  }

  /** Runs that still act or wait. */
  runs(): string[] {
    const waiting = this.#actions.map((action) => action.run);
    return [...new Set([...waiting, ...[...this.#active.values()].map((a) => a.run)])];
  }

  stop(): void {
    this.#stopped = true;
    if (this.#timer) clearTimeout(this.#timer);
  }

  #work(): void {
    if (this.#timer) clearTimeout(this.#timer);
    this.#timer = null;
    if (this.#stopped) return;
    for (;;) {
      const next = this.#actions.at(-1);
      if (next === undefined) return;
      const delayMs = next.atMs - trueNowMs();
      if (delayMs > 0) {
        this.#timer = setTimeout(() => this.#work(), Math.min(NAP_MS, delayMs));
        return;
      }
      this.#actions.pop();
      this.#act(next);
    }
  }

  #act(action: Action): void {
    const { id, device, effect } = action;
    const key = `${device} ${id}`;
    if (effect === null) {
      this.#end(key);
      return;
    }
    if (!isMomentary(effect)) this.#active.set(key, { ...action, effect });
    this.#target(device)?.apply(id, effect);
  }

  #end(key: string): void {
    const active = this.#active.get(key);
    if (active === undefined) return;
    this.#active.delete(key);
    this.#target(active.device)?.clear(active.id);
  }
}
