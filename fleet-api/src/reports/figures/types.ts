import type {
  BilingualText,
  Day,
  DocumentFigures,
  Fraction,
  InspectionFigures,
  RepairStage,
  StageClock,
  Timeliness,
} from '@uptally/sla';
import type { Pair, PeriodRef } from '../../availability/figures/schemas.ts';
import type { ComplaintCounts } from '../../duties/figures.ts';
import type { LedgerState } from '../../repair-ledger/figures.ts';
import type { ReportKind } from '../kinds.ts';

/** All that a report says, as data: kept with it, so that a release says what its draft said. Instants are Unix ms. */
export interface ReportFigures {
  /** Form of this record. */
  readonly v: 1;
  readonly kind: ReportKind;
  readonly fromDay: Day;
  /** The day after the last. */
  readonly toDay: Day;
  readonly madeAtMs: number;
  readonly contract: {
    readonly id: number;
    readonly code: string;
    readonly name: string;
    readonly timeZone: string;
    readonly agency: string | null;
    readonly contractor: string | null;
    readonly isBaseline: boolean;
  };
  /** The county that it is about; null: all of the contract. */
  readonly region: { readonly id: number; readonly name: string } | null;
  readonly availability: AvailabilityPart;
  readonly faults: FaultPart;
  readonly inspections: InspectionPart;
  /** Null in a report about a county: what is owed by the contract as a whole. */
  readonly duties: DutyPart | null;
  readonly stock: StockPart;
  readonly network: NetworkPart;
  readonly sim: SimPart;
  readonly exclusions: readonly ExclusionLine[];
  readonly outages: readonly { readonly from: number; readonly to: number }[];
  readonly analyses: readonly AnalysisLine[];
}

export interface AvailabilityPart {
  readonly period: Pick<PeriodRef, 'days_missing' | 'closed'> & { readonly asOfMs: number | null };
  readonly stations: number;
  readonly total: Pair;
  readonly days: readonly ({ readonly day: Day; readonly final: boolean } & Pair)[];
  readonly areas: readonly ({ readonly name: string; readonly stations: number } & Pair)[];
  /** Most counted downtime of both dimensions first; at most 20. */
  readonly worst: readonly StationLine[];
  /** Every station, by place; empty where the kind of report has no such annex. */
  readonly all: readonly StationLine[];
}

export interface StationLine extends Pair {
  readonly code: string;
  readonly name: string;
  readonly site: string;
  readonly county: string | null;
}

export type ClockOf = Readonly<Record<RepairStage, StageClock['state']>>;

export interface FaultLine {
  readonly number: string;
  readonly order: string | null;
  readonly county: string | null;
  readonly site: string;
  readonly station: string | null;
  readonly cause: string;
  readonly reason: string | null;
  readonly severity: string;
  readonly openedAt: number;
  readonly endedAt: number | null;
  readonly status: 'open' | 'repaired' | 'confirmed' | 'cancelled';
  readonly verdict: 'on_time' | 'late' | 'pending' | 'cancelled' | 'not_owed';
  readonly stages: ClockOf;
}

/** Faults by a mark that they share. */
export interface FaultGroup {
  readonly key: string;
  readonly total: number;
  readonly onTime: number;
  readonly late: number;
  readonly pending: number;
}

export interface FaultPart {
  readonly total: number;
  readonly timeliness: Timeliness;
  readonly stages: readonly {
    readonly stage: RepairStage;
    readonly met: number;
    readonly breached: number;
    readonly running: number;
  }[];
  readonly byCause: readonly FaultGroup[];
  readonly byCounty: readonly FaultGroup[];
  readonly bySeverity: readonly FaultGroup[];
  /** What the contract calls the severities that are its own; older reports lack it. */
  readonly severityNames?: Readonly<Record<string, BilingualText>>;
  /** Within 30 days at the same place for the same cause (R-ZJ-1); null in a report about a county. */
  readonly recurrences: number | null;
  /** From opening to its end, of those that ended, ms. */
  readonly meanRepairMs: number | null;
  /** Open when the period was over, whenever they were opened. */
  readonly openAtEnd: number;
  /** In order of opening; at most {@link MAX_LINES}. */
  readonly lines: readonly FaultLine[];
}

/** Longest list in a report; what is left out is said. */
export const MAX_LINES = 500;

export interface InspectionPart {
  readonly figures: InspectionFigures;
  readonly byCounty: readonly ({ readonly county: string | null } & InspectionFigures)[];
}

export interface DutyPart {
  readonly documents: DocumentFigures;
  readonly late: readonly { readonly name: string; readonly dueAt: number; readonly doneAt: number | null }[];
  readonly complaints: ComplaintCounts;
  readonly ratings: readonly { readonly month: string; readonly score: Fraction }[];
  readonly ledger: LedgerState;
}

export interface StockPart {
  readonly stores: readonly {
    readonly store: string;
    readonly model: string;
    readonly inStock: number;
    readonly inRepair: number;
    readonly minimum: number;
  }[];
  readonly movements: Readonly<Record<string, number>>;
  /** Parts that were taken in the period. */
  readonly partsUsed: readonly { readonly name: string; readonly quantity: number }[];
  readonly repairs: {
    readonly sent: number;
    readonly returned: number;
    readonly atCentre: number;
    readonly repairFen: number;
    readonly logisticsFen: number;
  };
}

/** Limits of R-HN-7. */
export const NETWORK_LIMITS = { latencyMs: 400, jitterMs: 50, lossPerMillion: 1_000, errorPerMillion: 100 } as const;

/** Network quality as the devices measured it: over all, and how many keep each limit on their own. */
export interface NetworkPart {
  /** Devices with measurements. */
  readonly devices: number;
  readonly latencyMs: number | null;
  readonly jitterMs: number | null;
  readonly sent: number;
  readonly lost: number;
  readonly packets: number;
  readonly packetErrors: number;
  readonly within: {
    readonly latency: readonly [kept: number, of: number];
    readonly jitter: readonly [kept: number, of: number];
    readonly loss: readonly [kept: number, of: number];
    readonly error: readonly [kept: number, of: number];
  };
}

export interface SimPart {
  /** Devices with traffic in the period. */
  readonly cards: number;
  readonly bytes: number;
  /** Allowance of the cards in service over the months of the period; null for periods that are no whole months. */
  readonly poolBytes: number | null;
  readonly overQuota: number | null;
  readonly top: readonly { readonly device: string; readonly station: string | null; readonly bytes: number }[];
}

export interface ExclusionLine {
  readonly id: number;
  readonly kind: string;
  readonly dimension: string;
  readonly target: string;
  readonly from: number;
  readonly to: number;
  readonly reason: string;
}

export interface AnalysisLine {
  readonly order: string;
  readonly place: string;
  readonly cause: string;
  readonly causeKind: string | null;
  readonly analysis: string;
  readonly advice: string;
  readonly costFen: number;
  readonly warranty: string | null;
}
