/**
 * Vocabulary of repair. All instants are integer Unix ms, all durations integer ms, all intervals half-open.
 */
import type { IntervalSet } from '../intervals.ts';

/** What a contract sets a time for, in the order in which work goes on. */
export const REPAIR_STAGES = ['respond', 'on_site', 'temporary_restoration', 'repair'] as const;
export type RepairStage = (typeof REPAIR_STAGES)[number];

/** Time that one side proposes to take off the clock. Without `to`: until further notice. */
export interface PauseSpan {
  readonly from: number;
  readonly to: number | null;
}

/** What every entry of a log has. */
interface Entry<Kind extends string> {
  readonly kind: Kind;
  /** When it happened or takes effect: for a click the click, for telemetry the true instant, for a correction what it reaches back to. */
  readonly at: number;
  /** Order of recording, unique within the case. Decides between entries of one instant, nothing else. */
  readonly seq: number;
}

type Opened = Entry<'opened'> & { readonly contract: string; readonly severity: string };
/** What has nothing to add: people's acts, telemetry's word (`recovered`), the site's (`confirmed`). */
export type PlainKind =
  | 'responded'
  | 'arrived'
  | 'temporarily_restored'
  | 'repaired'
  | 'recovered'
  | 'confirmed'
  | 'reopened'
  | 'cancelled';
type Plain = Entry<PlainKind>;
type SeverityChanged = Entry<'severity_changed'> & { readonly severity: string };
/** One side wants another severity from `since` on; it holds once the other side approves. */
type SeverityProposed = Entry<'severity_proposed'> & {
  /** Its name within the case. */
  readonly proposal: string;
  /** The organisation that proposes it. */
  readonly org: string;
  readonly severity: string;
  readonly since: number;
};
/** The other side's word; the proposer's own (`severity_withdrawn`) says that it is not wanted any more. */
type SeverityDecided = Entry<'severity_approved' | 'severity_rejected' | 'severity_withdrawn'> & {
  readonly proposal: string;
  readonly org: string;
};
/** Another contract or another set of its targets, with the severity that the fault has there if it is another. */
type ContractChanged = Entry<'contract_changed'> & { readonly contract: string; readonly severity?: string };
type PauseProposed = Entry<'pause_proposed'> &
  PauseSpan & {
    /** Its name within the case. */
    readonly pause: string;
    /** The organisation that proposes it. */
    readonly org: string;
    readonly reason: string;
  };
/** By the other organisation, for all that was proposed or for the part that `span` names. */
type PauseApproved = Entry<'pause_approved'> & {
  readonly pause: string;
  readonly org: string;
  readonly span?: PauseSpan;
};
type PauseRejected = Entry<'pause_rejected'> & { readonly pause: string; readonly org: string };
/** The cause is gone: the pause goes no further than `at`. */
type PauseEnded = Entry<'pause_ended'> & { readonly pause: string };

/** One entry of a case's log. `recovered` is telemetry's word that the fault is gone, `repaired` a person's. */
export type CaseEvent =
  | Opened
  | Plain
  | SeverityChanged
  | SeverityProposed
  | SeverityDecided
  | ContractChanged
  | PauseProposed
  | PauseApproved
  | PauseRejected
  | PauseEnded;

/** An instant at which so much of the limit is used up. Over 100 it lies behind the due instant: for escalation. */
export interface ClockMark {
  readonly percent: number;
  readonly at: number;
}

/** A clock that has begun. */
export interface BegunClock {
  readonly stage: RepairStage;
  /**
   * `running`: open, not beyond its due instant. `met`: stopped at or before it. `breached`: stopped behind it, or open (`stoppedAt`
   * null) and it has passed.
   */
  readonly state: 'running' | 'met' | 'breached';
  readonly beganAt: number;
  readonly limitMs: number;
  /** The instant at which the limit is used up; null while a pause without end stands before it. */
  readonly dueAt: number | null;
  /** Working time used, without pauses, ms: to the stop, or to now. */
  readonly elapsedMs: number;
  /** Of the limit, ms; negative by as much as it is overrun. */
  readonly leftMs: number;
  readonly stoppedAt: number | null;
  readonly stoppedBy: CaseEvent['kind'] | null;
  /** True while open and inside an approved pause. */
  readonly paused: boolean;
  /** By `warnAtPercent` of the targets; those never reached while a pause without end lasts are left out. */
  readonly marks: readonly ClockMark[];
}

export type StageClock =
  | BegunClock
  /** Waits for the stage after which it is to begin. */
  | { readonly stage: RepairStage; readonly state: 'pending'; readonly limitMs: number }
  /** The contract sets no time for it at this severity, or the case is cancelled. */
  | { readonly stage: RepairStage; readonly state: 'not_applicable' };

/** What a log says as of an instant. */
export interface RepairClocks {
  readonly openedAt: number;
  readonly status: 'open' | 'repaired' | 'confirmed' | 'cancelled';
  /** When the fault was gone; null unless `repaired` or `confirmed`. */
  readonly endedAt: number | null;
  readonly contract: string;
  readonly severity: string;
  /** Agreed by both sides; the last may be without end (`to` {@link UNTIL_FURTHER_NOTICE}). */
  readonly pauses: IntervalSet;
  readonly stages: Readonly<Record<RepairStage, StageClock>>;
}

/** End of a pause that has none. */
export const UNTIL_FURTHER_NOTICE = Number.MAX_SAFE_INTEGER;
