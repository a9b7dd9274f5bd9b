import type { FlapThresholds } from '@uptally/sla';
import type { Queryable } from '../db/index.ts';

/** Numbers that faults of telemetry go by; those that a person can set are in `setting` row `fault_rules`. Durations in ms. */
export interface FaultPolicy {
  /** A silence this long is a fault. */
  readonly offlineMs: number;
  /** So is a report of a part that lasts this long. */
  readonly componentMs: number;
  /** From so many stations of a county on, one cause is one incident. */
  readonly groupStations: number;
  /** They have to begin within this time of each other. */
  readonly groupMs: number;
  /** What comes back within this time of its end is the same fault, reopened. */
  readonly reopenMs: number;
  /** Time over which restlessness is looked at. */
  readonly flapMs: number;
  readonly flap: FlapThresholds;
  /** Time that devices get after an outage of the platform to tell what happened meanwhile. */
  readonly graceMs: number;
  /** A pause of the platform's journal shorter than this is no outage. */
  readonly slackMs: number;
  /** End of a demo's past that was replayed, Unix ms; null: nothing was. */
  readonly replayedToMs: number | null;
  /** What was over by then has to have lasted this long: a fortnight of an invented fleet would fill the list with spent paper. */
  readonly replayedMs: number;
}

export const DEFAULT_POLICY: FaultPolicy = {
  offlineMs: 900_000,
  componentMs: 120_000,
  groupStations: 5,
  groupMs: 600_000,
  reopenMs: 900_000,
  flapMs: 7_200_000,
  flap: { low: { num: 1, den: 5 }, high: { num: 3, den: 10 } },
  graceMs: 300_000,
  slackMs: 15_000,
  replayedToMs: null,
  replayedMs: 7_200_000,
};

/**
 * How long a cause has to last. An open door is news at once: it is closed again before anybody waits. `untilMs`: when it was over, if
 * it is.
 */
export function debounceMs(policy: FaultPolicy, cause: string, untilMs: number | null = null): number {
  const { replayedToMs } = policy;
  if (untilMs !== null && replayedToMs !== null && untilMs <= replayedToMs) return policy.replayedMs;
  if (cause === 'offline') return policy.offlineMs;
  return cause === 'door' ? 0 : policy.componentMs;
}

/** What a person can set. */
export interface FaultRules {
  readonly offline_minutes: number;
  readonly component_seconds: number;
  readonly group_stations: number;
  readonly group_minutes: number;
}

/** The policy as it is set now. */
export async function readPolicy(db: Queryable, base: FaultPolicy = DEFAULT_POLICY): Promise<FaultPolicy> {
  const { rows } = await db.query<{ set: Partial<FaultRules> | null; replayed_to: string | null }>(
    `select (select value from setting where key = 'fault_rules') as set,
       (select value -> 'replayed' ->> 'to' from setting where key = 'demo') as replayed_to`,
  );
  const set = rows[0]?.set ?? {};
  const replayedTo = rows[0]?.replayed_to ?? null;
  return {
    ...base,
    ...(replayedTo !== null && { replayedToMs: Date.parse(replayedTo) }),
    ...(set.offline_minutes !== undefined && { offlineMs: set.offline_minutes * 60_000 }),
    ...(set.component_seconds !== undefined && { componentMs: set.component_seconds * 1000 }),
    ...(set.group_stations !== undefined && { groupStations: set.group_stations }),
    ...(set.group_minutes !== undefined && { groupMs: set.group_minutes * 60_000 }),
  };
}

/** What is set, of a policy. */
export function rulesOf(policy: FaultPolicy): FaultRules {
  return {
    offline_minutes: policy.offlineMs / 60_000,
    component_seconds: policy.componentMs / 1000,
    group_stations: policy.groupStations,
    group_minutes: policy.groupMs / 60_000,
  };
}

/** Stores what a person set. */
export async function storeRules(db: Queryable, rules: FaultRules): Promise<void> {
  await db.query(
    `insert into setting (key, value) values ('fault_rules', $1)
     on conflict (key) do update set value = excluded.value, version = setting.version + 1`,
    [JSON.stringify(rules)],
  );
}
