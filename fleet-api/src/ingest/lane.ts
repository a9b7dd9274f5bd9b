import { setTimeout as sleep } from 'node:timers/promises';
import { backoffMs, type Failure } from './failures.ts';

/**
 * Groups items into flushes: at once when idle, and while a flush is under way everything that arrives goes with the next. An item's
 * promise settles when the flush that carried it has committed.
 */

export interface LaneOptions<T> {
  /** Makes items durable, all or none. May be called again with the same items. */
  readonly flush: (items: readonly T[]) => Promise<void>;
  readonly judge: (error: unknown, attempt: number) => Failure;
  /** Called for an item that fails by itself with a data error. */
  readonly poison: (item: T, error: unknown) => Promise<void>;
  readonly weigh?: (item: T) => number;
  /** Items with the same key never share a flush. */
  readonly alone?: (item: T) => number;
  /** Weight of a flush at most. */
  readonly maxWeight: number;
  /** Flushes under way at most; a further one begins only when `groupWeight` is waiting. */
  readonly maxInflight?: number;
  readonly groupWeight?: number;
  readonly onRetry?: (error: unknown, attempt: number, delayMs: number) => void;
}

interface Entry<T> {
  readonly item: T;
  readonly weight: number;
  readonly resolve: () => void;
  readonly reject: (error: unknown) => void;
}

/** The lane was stopped before the item was durable. Whoever sent it will send it again. */
export class LaneStopped extends Error {
  override readonly name = 'LaneStopped';
}

export class Lane<T> {
  readonly #options: LaneOptions<T>;
  readonly #maxInflight: number;
  readonly #groupWeight: number;
  #queue: Entry<T>[] = [];
  #head = 0;
  #weight = 0;
  #inflight = 0;
  #inflightWeight = 0;
  #scheduled = false;
  #stopping = false;
  #abort = new AbortController();
  #idle: (() => void)[] = [];
  flushes = 0;
  retries = 0;

  constructor(options: LaneOptions<T>) {
    this.#options = options;
    this.#maxInflight = options.maxInflight ?? 1;
    this.#groupWeight = options.groupWeight ?? 1;
  }

  /** Weight waiting, not counting what is being flushed. */
  get queued(): number {
    return this.#weight;
  }

  /** Weight being flushed. */
  get inflight(): number {
    return this.#inflightWeight;
  }

  /** Resolves when the item is durable. Rejects with {@link LaneStopped}, or with what `poison` throws. */
  push(item: T): Promise<void> {
    if (this.#stopping) return Promise.reject(new LaneStopped('ingest is stopping'));
    return new Promise((resolve, reject) => {
      const weight = this.#options.weigh?.(item) ?? 1;
      this.#queue.push({ item, weight, resolve, reject });
      this.#weight += weight;
      this.#schedule();
    });
  }

  /** Flushes what is there; what is not durable by the deadline is rejected. Idempotent. */
  async stop(drainMs: number): Promise<void> {
    this.#stopping = true;
    const deadline = setTimeout(() => {
      this.#abort.abort();
      this.#rejectQueued();
    }, drainMs);
    if (this.#inflight > 0 || this.#weight > 0) await new Promise<void>((resolve) => this.#idle.push(resolve));
    clearTimeout(deadline);
  }

  /** One turn of the event loop later, so that all that arrived in this one goes together. */
  #schedule(): void {
    if (this.#scheduled) return;
    this.#scheduled = true;
    setImmediate(() => {
      this.#scheduled = false;
      this.#begin();
    });
  }

  #begin(): void {
    while (this.#weight > 0 && this.#inflight < this.#maxInflight) {
      if (this.#inflight > 0 && this.#weight < this.#groupWeight) return;
      const entries = this.#take();
      const weight = entries.reduce((sum, entry) => sum + entry.weight, 0);
      this.#inflight += 1;
      this.#inflightWeight += weight;
      void this.#settle(entries).finally(() => {
        this.#inflight -= 1;
        this.#inflightWeight -= weight;
        if (this.#weight > 0) this.#begin();
        if (this.#inflight === 0 && this.#weight === 0) for (const done of this.#idle.splice(0)) done();
      });
    }
  }

  #take(): Entry<T>[] {
    const { alone, maxWeight } = this.#options;
    const taken: Entry<T>[] = [];
    const left: Entry<T>[] = [];
    const keys = new Set<number>();
    let weight = 0;
    for (; this.#head < this.#queue.length && weight < maxWeight; this.#head += 1) {
      const entry = this.#queue[this.#head] as Entry<T>;
      const key = alone?.(entry.item);
      if (key !== undefined && keys.has(key)) {
        left.push(entry);
        continue;
      }
      if (key !== undefined) keys.add(key);
      taken.push(entry);
      weight += entry.weight;
    }
    this.#weight -= weight;
    if (left.length > 0 || this.#head > 4096 || this.#head === this.#queue.length) {
      this.#queue = [...left, ...this.#queue.slice(this.#head)];
      this.#head = 0;
    }
    return taken;
  }

  async #settle(entries: readonly Entry<T>[]): Promise<void> {
    try {
      await this.#attempt(entries.map((entry) => entry.item));
      for (const entry of entries) entry.resolve();
    } catch (error) {
      if (error instanceof DataError && entries.length > 1) {
        const half = entries.length >> 1;
        await this.#settle(entries.slice(0, half));
        await this.#settle(entries.slice(half));
        return;
      }
      const [entry] = entries;
      if (!(error instanceof DataError) || entry === undefined) {
        for (const { reject } of entries) reject(error);
        return;
      }
      await this.#options.poison(entry.item, error.cause).then(entry.resolve, entry.reject);
    }
  }

  /** Flushes until it works, the data is to blame, or the lane gives up. */
  async #attempt(items: readonly T[]): Promise<void> {
    for (let attempt = 1; ; attempt += 1) {
      try {
        await this.#options.flush(items);
        this.flushes += 1;
        return;
      } catch (error) {
        if (this.#options.judge(error, attempt) === 'data') throw new DataError(error);
        if (this.#abort.signal.aborted) throw new LaneStopped('ingest stopped before commit', { cause: error });
        this.retries += 1;
        const delayMs = backoffMs(attempt);
        this.#options.onRetry?.(error, attempt, delayMs);
        await sleep(delayMs, undefined, { signal: this.#abort.signal }).catch(() => undefined);
      }
    }
  }

  #rejectQueued(): void {
    const queued = this.#queue.slice(this.#head);
    this.#queue = [];
    this.#head = 0;
    this.#weight = 0;
    for (const { reject } of queued) reject(new LaneStopped('ingest stopped before commit'));
    if (this.#inflight === 0) for (const done of this.#idle.splice(0)) done();
  }
}

/** A failure that the data is to blame for. */
class DataError extends Error {
  constructor(cause: unknown) {
    super('the database refused a value', { cause });
  }
}
