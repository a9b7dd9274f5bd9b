/**
 * Vocabulary of availability. All instants are integer Unix ms, all durations integer ms, all intervals half-open.
 */
import type { Interval } from '../intervals.ts';

export type Dimension = 'network' | 'equipment';

export type State = 'up' | 'down' | 'unknown';

/**
 * Why a state holds. up: `beat`. down: `silent` (network: no live beat within L), `ended` (network: a clean end of session),
 * `fault` (equipment: a required component reported faulty), `off` (equipment: silence that a boot ended and in which no record
 * is missing), `no_device` (nothing installed). unknown: `platform` (the platform was out), `missing` (equipment: records of that time
 * exist and have not arrived), `silent` (equipment: no evidence).
 */
export type Cause = 'beat' | 'silent' | 'ended' | 'fault' | 'off' | 'no_device' | 'platform' | 'missing';

/** A stretch of a timeline. */
export interface Segment extends Interval {
  readonly state: State;
  readonly cause: Cause;
  /** The faulty component where the cause is `fault`; of several, the first by name, so that no window tells another than the next. */
  readonly component?: string;
  readonly deviceKey?: number;
}

/** Partition of a window: no gaps, no overlap, neighbours differ. */
export type Timeline = readonly Segment[];

/**
 * Beats of one kind, no two neighbours further apart than `livenessMs`: alive on `[from, to + livenessMs)`. A single beat has
 * `from = to`. A live run has no clean end between its beats: `from < end < to` for none.
 */
export interface BeatRun {
  /** First and last beat. Unlike an interval's, `to` belongs to it. */
  readonly from: number;
  readonly to: number;
  readonly fromSeq: number;
  readonly toSeq: number;
  readonly livenessMs: number;
  readonly live: boolean;
}

/** One beat as stored. */
export interface Beat {
  readonly at: number;
  readonly seq: number;
  readonly live: boolean;
  readonly livenessMs: number;
}

/** What one health record says of one component. */
export interface ComponentReport {
  readonly at: number;
  readonly seq: number;
  readonly component: string;
  readonly state: 'ok' | 'warn' | 'fault' | 'absent' | 'unknown';
}

/** Components that a device must have from an instant on; empty: whatever it reports. */
export interface Requirement {
  readonly from: number;
  readonly components: readonly string[];
}

/** Half-open run of sequence numbers. */
export interface SeqRange {
  readonly lo: number;
  readonly hi: number;
}

/** Evidence of one device, enough to judge a window: see {@link Timeline}. Any order, repetitions allowed. */
export interface DeviceEvidence {
  /** Runs that reach into the window, and the nearest before and after it. */
  readonly runs: readonly BeatRun[];
  /** Ends of sessions by the device's own word or by revocation. */
  readonly cleanEnds: readonly number[];
  /** Instants at which boots began. */
  readonly boots: readonly number[];
  /** Reports inside the window, and for each component the newest before it. */
  readonly reports: readonly ComponentReport[];
  /** In force over the window. */
  readonly requirements: readonly Requirement[];
  /** Every sequence number ever received; sorted, not touching. */
  readonly received: readonly SeqRange[];
}

/** A device at a station. */
export interface Installation extends Interval {
  readonly deviceKey: number;
}

/** The five numbers and the split of unknown by its cause, ms: up + down + unknown + platform + excluded = required. */
export interface Tally {
  readonly required: number;
  readonly up: number;
  readonly down: number;
  /** Unknown for any cause but the platform. */
  readonly unknown: number;
  /** Unknown because the platform was out. */
  readonly platform: number;
  readonly excluded: number;
}

/** How a contract counts what is not known: as down, as up, or not at all. */
export type UnknownAs = 'down' | 'up' | 'excluded';
export interface CountingRule {
  readonly unknown: UnknownAs;
  readonly platform: UnknownAs;
}
/** By default silence counts against, the platform's own outages against nobody. */
export const DEFAULT_COUNTING: CountingRule = { unknown: 'down', platform: 'excluded' };

/** After the platform is back, a device has this long to be heard again before silence counts, ms: twice the agent's longest back-off and a beat. */
export const RECOVERY_MS = 5 * 60_000;
