import type { Pool } from '../db/index.ts';

/** A policy of TimescaleDB: compression, refresh of an aggregate. */
export interface Policy {
  readonly job_id: number;
  readonly name: string;
  readonly every_ms: number;
  /** The aggregate that it refreshes, quoted for SQL; null for another kind of policy. */
  readonly aggregate: string | null;
  /** Days back from now that a refresh reaches. */
  readonly reach_days: number;
}

/** A policy runs at most this often, ms: the embedded database executes one statement at a time, and ingest waits meanwhile. */
const PACE_MS = 10 * 60_000;
/** Rest between two parts of a policy, ms: what waits for the database goes first. */
const REST_MS = 100;
const DAY_MS = 86_400_000;

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
    const { rows } = await this.#pool.query<Policy>(POLICIES);
    const due = rows
      .map((policy) => ({ policy, ranAtMs: this.#ranAtMs.get(policy.job_id) ?? 0 }))
      .filter(({ policy, ranAtMs }) => nowMs - ranAtMs >= Math.max(policy.every_ms, PACE_MS))
      .sort((a, b) => a.ranAtMs - b.ranAtMs);
    const next = due[0]?.policy;
    if (next === undefined) return null;
    this.#ranAtMs.set(next.job_id, nowMs);
    if (next.aggregate === null) await this.#runOnce(next.job_id);
    else await this.#refresh(next.aggregate, nowMs, next.reach_days);
    return next;
  }

  /** Compression takes one chunk a run: a chunk is a second or two during which nothing else is answered. */
  async #runOnce(jobId: number): Promise<void> {
    await this.#pool.query(
      `select alter_job(job_id, config => config || '{"maxchunks_to_compress": 1}')
       from timescaledb_information.jobs where job_id = $1 and proc_name = 'policy_compression' and not config ? 'maxchunks_to_compress'`,
      [jobId],
    );
    await this.#pool.query(`call run_job(${Math.trunc(jobId)})`);
  }

  /** Refreshes day by day, newest first, as the policy would in one go; days without changes cost a millisecond. */
  async #refresh(aggregate: string, nowMs: number, reachDays: number): Promise<void> {
    const midnightMs = Math.floor(nowMs / DAY_MS) * DAY_MS;
    for (let day = 0; day <= reachDays; day++) {
      const from = new Date(midnightMs - day * DAY_MS).toISOString();
      const to = new Date(Math.min(midnightMs - (day - 1) * DAY_MS, nowMs)).toISOString();
      await this.#pool.query(`call refresh_continuous_aggregate('${aggregate}', '${from}', '${to}')`);
      await new Promise((resolve) => setTimeout(resolve, REST_MS));
    }
  }
}

const POLICIES = `
  select j.job_id, j.proc_name || coalesce(' on ' || coalesce(a.view_name, j.hypertable_name), '') as name,
    (extract(epoch from j.schedule_interval) * 1000)::int8 as every_ms,
    case when a.view_name is not null then format('%I.%I', a.view_schema, a.view_name) end as aggregate,
    ceil(extract(epoch from coalesce((j.config->>'start_offset')::interval, '0')) / 86400)::int as reach_days
  from timescaledb_information.jobs j
  left join timescaledb_information.continuous_aggregates a
    on j.proc_name = 'policy_refresh_continuous_aggregate' and a.materialization_hypertable_name = j.hypertable_name
  where j.scheduled and j.proc_name like 'policy_%' order by j.job_id`;
