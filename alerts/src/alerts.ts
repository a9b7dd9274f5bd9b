import type { Pool } from '@uptally/fleet-api/db';
import type { Logger } from 'pino';
import type { Registry } from 'prom-client';
import { Engine, READER } from './engine/engine.ts';
import { DEFAULT_POLICY, type Policy } from './engine/policy.ts';
import { AlertMetrics } from './metrics.ts';
import type { Notifier } from './notify/notifier.ts';
import { DEFAULT_WORKER, Worker, type WorkerSettings } from './notify/worker.ts';

export interface AlertsOptions {
  readonly pool: Pool;
  readonly notifier: Notifier;
  /** Unix ms. */
  readonly clock: () => number;
  readonly log: Logger;
  readonly config: {
    readonly signature: string;
    readonly timeZone: string;
    readonly policy?: Partial<Policy>;
    readonly worker?: Partial<WorkerSettings>;
    /** Time between looks at the outbox when no hint arrives, ms. */
    readonly pollMs?: number;
  };
}

export interface Alerts {
  /** Figures of this process; they read the database when they are asked for. */
  readonly metrics: Registry;
  start(): Promise<void>;
  /** Ends after what is in hand. Idempotent. */
  stop(): Promise<void>;
}

/** Rules, grouping and sending together. Any number of processes may run one; the database makes them take turns. */
export function createAlerts({ pool, notifier, clock, log, config }: AlertsOptions): Alerts {
  const metrics = new AlertMetrics(pool, clock, READER);
  const settings = { ...DEFAULT_WORKER, ...config.worker };
  const worker = new Worker({ pool, notifier, clock, log, metrics, settings });
  const engine = new Engine({
    pool,
    clock,
    log,
    policy: { ...DEFAULT_POLICY, ...config.policy },
    signature: config.signature,
    timeZone: config.timeZone,
    pollMs: config.pollMs ?? 250,
    onQueued: () => worker.wake(),
    onAlert: () => {
      notifier.warm().catch((error: unknown) => log.error({ err: error }, 'the SMS library can not be loaded'));
    },
  });
  return {
    metrics: metrics.registry,
    async start() {
      await engine.start();
      worker.start();
    },
    async stop() {
      await engine.stop();
      await worker.stop();
    },
  };
}
