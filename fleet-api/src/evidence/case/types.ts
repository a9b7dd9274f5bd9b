import type { Beat, Calendar, ComponentReport, Dimension, Interval, Requirement, SeqRange } from '@uptally/sla';

/**
 * A case: everything that a recomputation of availability may rest on, as plain data. Read from the database it is what `verify`
 * judges; written to files it is the evidence bundle. Instants in Unix ms, days as `YYYY-MM-DD` in the contract's zone.
 */

/** A beat as stored, with what only a reader of the records wants to know. */
export interface RawBeat extends Beat {
  readonly receivedAt: number;
  /** The sample time is an estimate: its boot never connected. */
  readonly estimated: boolean;
}

export interface RawReport extends ComponentReport {
  readonly receivedAt: number;
  readonly reason: string | null;
}

export interface DeviceCase {
  readonly deviceKey: number;
  readonly deviceId: string;
  readonly serial: string;
  /** Beats of the window, and as far around it as they bear on it. */
  readonly beats: readonly RawBeat[];
  readonly reports: readonly RawReport[];
  readonly cleanEnds: readonly number[];
  readonly boots: readonly number[];
  readonly requirements: readonly Requirement[];
  readonly received: readonly SeqRange[];
}

export interface StationCase {
  readonly id: number;
  readonly code: string;
  readonly name: string;
  readonly site: { readonly id: number; readonly code: string; readonly name: string };
  /** From the province down. */
  readonly regions: readonly { readonly id: number; readonly name: string }[];
  readonly commissionedAt: number | null;
  readonly decommissionedAt: number | null;
  readonly suspensions: readonly { readonly from: number; readonly to: number | null; readonly reason: string }[];
  readonly installations: readonly {
    readonly deviceKey: number;
    readonly deviceId: string;
    readonly from: number;
    readonly to: number | null;
  }[];
}

/** An approved exclusion. */
export interface ExclusionCase extends Interval {
  readonly id: number;
  readonly kind: string;
  readonly dimension: Dimension | 'both';
  readonly target: { readonly kind: 'region' | 'site' | 'station'; readonly id: number };
  readonly reason: string;
  readonly proposedBy: string;
  readonly decidedBy: string;
}

/** What holds for all stations of a case. */
export interface ContractCase {
  /** Moment of reading: nothing later is known. */
  readonly asOf: number;
  readonly id: number;
  readonly code: string;
  readonly name: string;
  readonly timeZone: string;
  /** First day, and the day after the last; null: open. */
  readonly termFrom: string;
  readonly termTo: string | null;
  readonly calendar: Calendar;
  readonly holidays: readonly string[];
  readonly workdays: readonly string[];
  /** When the platform was able to receive; outages are what lies between, and all before the first. */
  readonly platformSpans: readonly Interval[];
  readonly exclusions: readonly ExclusionCase[];
}

/** The period of a case: whole days of the contract's zone. */
export interface PeriodCase extends Interval {
  readonly name: string;
  readonly fromDay: string;
  /** Exclusive. */
  readonly toDay: string;
}

/** The ten numbers of a station's day as the platform keeps them. */
export interface DayFigures {
  readonly day: string;
  /** What the figures cover ends here: the end of the day, unless it is under way. */
  readonly computedTo: number;
  readonly required: number;
  readonly network: FiveNumbers;
  readonly equipment: FiveNumbers;
}
export interface FiveNumbers {
  readonly up: number;
  readonly down: number;
  readonly unknown: number;
  readonly platform: number;
  readonly excluded: number;
}
