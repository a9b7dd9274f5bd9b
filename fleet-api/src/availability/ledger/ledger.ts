import { setTimeout as sleep } from 'node:timers/promises';
import type { Logger } from 'pino';
import type { Registry } from 'prom-client';
import type { Pool } from '../../db/index.ts';
import { LedgerCounters, registerLedgerMetrics } from './stats.ts';
import { SWEEP_MS, sweep } from './sweep.ts';
import { countStep, type Step, spreadStep } from './worker.ts';

/** A step should take about this long, ms: the embedded database answers nobody else meanwhile. */
const STEP_MS = 100;
/** Stations of a step, at least and at most. */
const FEW = 4;
const MANY = 300;
/** Pause when there is nothing to do, and after a failure, ms. */
const IDLE_MS = 2_000;
const FAILED_MS = 10_000;

export interface LedgerOptions {
  readonly pool: Pool;
  /** Unix ms. */
  readonly clock: () => number;
  readonly log: Logger;
  readonly metrics?: Registry;
  /** While this holds nothing is counted: evidence is being replayed, and all of it will be counted once it is there. */
  readonly isHeld?: () => Promise<boolean>;
}

/**
 * Keeps the figures: makes again what marks say, and the present every few minutes. Any number of processes may run one; a lock lets
 * one work at a time, and what it has not finished stays marked.
 */
export class Ledger {
  readonly #options: LedgerOptions;
  readonly #counters = new LedgerCounters();
  #abort: AbortController | undefined;
  #running: Promise<void> = Promise.resolve();
  #stations = 32;
  #sweptMs = Number.NEGATIVE_INFINITY;

  constructor(options: LedgerOptions) {
    this.#options = options;
    if (options.metrics !== undefined) registerLedgerMetrics(options.metrics, options.pool, this.#counters);
  }

  async start(): Promise<void> {
    if (this.#abort !== undefined) return;
    const abort = new AbortController();
    this.#abort = abort;
    this.#running = this.#run(abort.signal);
  }

  /** Ends after the step under way. Idempotent. */
  async stop(): Promise<void> {
    this.#abort?.abort();
    this.#abort = undefined;
    await this.#running;
  }

  async #run(signal: AbortSignal): Promise<void> {
    while (!signal.aborted) {
      const pauseMs = await this.#step().catch((error: unknown) => {
        this.#options.log.error({ err: error }, 'ledger: step failed; it is repeated');
        return FAILED_MS;
      });
      await sleep(pauseMs, undefined, { signal }).catch(() => undefined);
    }
  }

  /** Does a little. Returns how long to rest, ms: half the time goes to others. */
  async #step(): Promise<number> {
    const { pool, clock, isHeld } = this.#options;
    const began = performance.now();
    if ((await isHeld?.()) === true) return IDLE_MS;
    const nowMs = clock();
    if (Math.abs(nowMs - this.#sweptMs) >= SWEEP_MS) {
      if ((await sweep(pool, nowMs)) === null) return IDLE_MS;
      this.#sweptMs = nowMs;
    }
    const spread = await spreadStep(pool, nowMs);
    if (spread === null) return IDLE_MS;
    this.#counters.add(spread);
    if (spread.marks === 0) {
      const counted = await this.#count(nowMs);
      if (counted === null || counted.stations === 0) return IDLE_MS;
    }
    return Math.max(5, performance.now() - began);
  }

  async #count(nowMs: number): Promise<Step | null> {
    const { pool, log } = this.#options;
    const began = performance.now();
    const step = await countStep(pool, nowMs, this.#stations);
    if (step === null) return null;
    this.#counters.add(step);
    for (const { stationId, error } of step.failed) log.error({ err: error, stationId }, 'ledger: no figures');
    const pace = STEP_MS / Math.max(1, performance.now() - began);
    const full = step.stations + step.failed.length >= this.#stations;
    if (full || pace < 1) this.#stations = clamp(this.#stations * Math.min(2, Math.max(0.5, pace)));
    return step;
  }
}

function clamp(stations: number): number {
  return Math.round(Math.min(MANY, Math.max(FEW, stations)));
}
