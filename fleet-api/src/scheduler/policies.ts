import type { Pool } from '../db/index.ts';

/** A policy of TimescaleDB: compression, refresh of an aggregate. */
export interface Policy {
  readonly job_id: number;
  readonly name: string;
  readonly every_ms: number;
}

/** A policy runs at most this often, ms: the embedded database executes one statement at a time, and ingest waits meanwhile. */
const PACE_MS = 10 * 60_000;

/**
 * Runs TimescaleDB's policies where it has no background workers, one at a time and the longest waiting first. A server runs them by
 * itself: there this must not be used.
 */
export class PolicyRunner {
  readonly #pool: Pool;
  readonly #clock: () => number;
  readonly #ranAtMs = new Map<number, number>();

  constructor(pool: Pool, clock: () => number) {
    this.#pool = pool;
    this.#clock = clock;
  }

  /** Runs the policy that is due the longest. Returns it, or null if none is due. Throws what the policy throws. */
  async runNext(): Promise<Policy | null> {
    const nowMs = this.#clock();
    const { rows } = await this.#pool.query<Policy>(
      `select job_id, proc_name || coalesce(' on ' || hypertable_name, '') as name,
         (extract(epoch from schedule_interval) * 1000)::int8 as every_ms
       from timescaledb_information.jobs where scheduled and proc_name like 'policy_%' order by job_id`,
    );
    const due = rows
      .map((policy) => ({ policy, ranAtMs: this.#ranAtMs.get(policy.job_id) ?? 0 }))
      .filter(({ policy, ranAtMs }) => nowMs - ranAtMs >= Math.max(policy.every_ms, PACE_MS))
      .sort((a, b) => a.ranAtMs - b.ranAtMs);
    const next = due[0]?.policy;
    if (next === undefined) return null;
    this.#ranAtMs.set(next.job_id, nowMs);
    await this.#pool.query(`call run_job(${Math.trunc(next.job_id)})`);
    return next;
  }
}
