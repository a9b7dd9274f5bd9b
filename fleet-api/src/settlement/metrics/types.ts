import type { CaseLog, Contract, DueItem, Interval, MetricValue, TimelinessRule } from '@uptally/sla';
import type { Contract as ContractRow } from '../../availability/contracts/schemas.ts';
import type { DayRange } from '../../availability/figures/period.ts';
import type { Queryable } from '../../db/index.ts';

/** Where the value of a metric comes from. `agreed`: what one side said and the other agreed to; `none`: nothing says it. */
export const METRIC_SOURCES = [
  'figures',
  'repair',
  'inspections',
  'documents',
  'complaints',
  'ratings',
  'agreed',
  'none',
] as const;
export type MetricSource = (typeof METRIC_SOURCES)[number];

/** A value with what it rests on. */
export interface FoundValue {
  readonly metric: string;
  readonly source: MetricSource;
  readonly value: MetricValue;
  /** Of the evidence that it was computed from; null if there is none. */
  readonly sha256: string | null;
  /** What people want to see beside the value: counts, closings, who agreed. */
  readonly detail: Readonly<Record<string, unknown>>;
}

/** A period of whole days of the contract's zone, with its instants. */
export type MetricPeriod = DayRange & Interval;

export interface GatherAsked {
  readonly db: Queryable;
  readonly contract: ContractRow;
  readonly document: Contract;
  readonly instalment: string;
  readonly period: MetricPeriod;
  /** As of when logs and lists are read, Unix ms. */
  readonly nowMs: number;
  /** `frozen` takes closed days as they were closed, `running` what evidence says now. */
  readonly figures: 'frozen' | 'running';
}

/** A fault as evidence: its whole log, from which its clocks are read. */
export interface CaseEvidence {
  readonly fault: number;
  readonly place: string;
  readonly cause: string;
  readonly log: CaseLog;
}

export interface TermsEvidence {
  readonly targets: unknown;
  readonly timeliness: Readonly<Record<string, TimelinessRule>>;
  readonly time_zone: string;
}

export interface ComplaintEvidence {
  readonly id: number;
  readonly received_at: number;
  readonly class: 'serious' | 'ordinary';
  readonly is_resolved: boolean;
}

export interface RatingEvidence {
  readonly month: string;
  readonly items: Readonly<Record<string, number>>;
}

export interface AgreedEvidence {
  readonly input: number;
  readonly value: MetricValue;
  readonly source: string;
  readonly proposed_by: string;
  readonly proposed_org: string;
  readonly agreed_by: string;
  readonly agreed_org: string;
}

/**
 * Everything but the figures that values rest on, as plain data: what a statement is closed with, and what the offline verifier
 * computes from. Instants in Unix ms.
 */
export interface Evidence {
  /** As of when it was read. */
  readonly as_of: number;
  readonly cases: readonly CaseEvidence[];
  readonly repair_terms: Readonly<Record<string, TermsEvidence>>;
  /** Public holidays and make-up workdays, for clocks on service hours. */
  readonly holidays: readonly string[];
  readonly workdays: readonly string[];
  readonly inspections: Readonly<Record<string, readonly DueItem[]>>;
  readonly documents: Readonly<Record<string, readonly DueItem[]>>;
  readonly complaints: readonly ComplaintEvidence[];
  readonly ratings: readonly RatingEvidence[];
  readonly agreed: Readonly<Record<string, AgreedEvidence>>;
}
