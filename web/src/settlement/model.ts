import type { Contract, MetricValue, MoneyAtRisk, OtherReading, Statement, StatementDifference } from '@uptally/sla';
import type { Answer, Item } from '../api/client.ts';

/** The core's own forms pass through the API as they are; its document only says that they are JSON. */
export type {
  MetricValue,
  MoneyAtRisk,
  OtherReading,
  Statement,
  StatementDifference,
  StatementLine,
} from '@uptally/sla';
export type StatementRow = Item<'/api/v1/statements'>;
type Wire = Answer<'/api/v1/statements/{id}'>;
type WireMetric = Wire['metrics'][number];
type WireRestatement = Wire['restatements'][number];

export type StatementMetric = Omit<WireMetric, 'value'> & { readonly value: MetricValue };
export type Restatement = Omit<WireRestatement, 'content'> & { readonly content: RestatementContent };
export interface RestatementContent {
  readonly metrics: readonly { readonly metric: string; readonly before: MetricValue; readonly after: MetricValue }[];
  readonly ms: Readonly<Record<string, Readonly<Record<string, number>>>>;
  readonly statement: Statement;
  readonly difference: StatementDifference;
}
export type StatementDetail = Omit<Wire, 'statement' | 'readings' | 'metrics' | 'restatements'> & {
  readonly statement: Statement;
  readonly readings: readonly OtherReading[];
  readonly metrics: readonly StatementMetric[];
  readonly restatements: readonly Restatement[];
};
export type Dispute = Wire['disputes'][number];
export type StatementState = StatementRow['state'];
export type StatementAct = Wire['actions'][number];
export type SchedulePeriod = Answer<'/api/v1/contracts/{id}/statement-periods'>['items'][number];
export type MetricInput = Answer<'/api/v1/contracts/{id}/metric-inputs'>['items'][number];

type WireRisk = Answer<'/api/v1/money-at-risk'>['items'][number];
export type RiskItem = Omit<WireRisk, 'risk'> & { readonly risk: MoneyAtRisk | null };
export type { Contract as ContractDocument };

/** States in the one language of state. */
export const STATE_MARKS = {
  draft: 'never',
  closed: 'maintenance',
  submitted: 'unknown',
  disputed: 'faulty',
  agreed: 'online',
  signed: 'online',
  archived: 'excluded',
} as const satisfies Record<StatementState, string>;
export const STATES = Object.keys(STATE_MARKS) as StatementState[];
