/** Numbers that rules go by. Durations in ms. */
export interface Policy {
  /** How long an outage gathers stations before people are told; the first SMS then speaks of all of them. */
  readonly offlineWaitMs: number;
  /** The same for component faults; 0 tells at once. */
  readonly faultWaitMs: number;
  /** After people were told, alerts of the same group join the incident for this long without another SMS. */
  readonly groupIntervalMs: number;
  /** An alert that comes back within this time of its end belongs to the old incident: no further SMS. */
  readonly flapMs: number;
  /** The same for an alert that has already come `flappingOpens` times within an hour. */
  readonly flappingMs: number;
  readonly flappingOpens: number;
  /** Share of the fleet, percent, that makes an outage one of the whole fleet; half of it makes counties wait and see. */
  readonly fleetPct: number;
  readonly fleetWindowMs: number;
  /** Below this many devices there is no fleet to speak of. */
  readonly fleetMinDevices: number;
  /** After an outage of the platform devices have this long to come back before their silence counts. */
  readonly platformGraceMs: number;
  /** A pause of the platform's journal shorter than this is no outage. */
  readonly platformSlackMs: number;
}

export const DEFAULT_POLICY: Policy = {
  offlineWaitMs: 30_000,
  faultWaitMs: 0,
  groupIntervalMs: 300_000,
  flapMs: 300_000,
  flappingMs: 1_800_000,
  flappingOpens: 3,
  fleetPct: 50,
  fleetWindowMs: 60_000,
  fleetMinDevices: 20,
  platformGraceMs: 180_000,
  platformSlackMs: 15_000,
};
