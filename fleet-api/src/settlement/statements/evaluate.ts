import {
  type Contract,
  type EvaluationInput,
  evaluate,
  type MetricValue,
  MetricValueError,
  periodOf,
  RULES_VERSION,
  type Statement,
} from '@uptally/sla';
import type { Contract as ContractRow } from '../../availability/contracts/schemas.ts';
import type { Queryable } from '../../db/index.ts';
import { apiError } from '../../http/errors.ts';
import { type Gathered, gather, valuesOf } from '../metrics/gather.ts';
import type { FoundValue, MetricPeriod } from '../metrics/types.ts';

/** What to evaluate: an instalment of a contract document over days. */
export interface EvaluateAsked {
  readonly db: Queryable;
  readonly contract: ContractRow;
  readonly document: Contract;
  readonly instalment: string;
  readonly subPeriod: string | null;
  readonly fromDay: string;
  readonly toDay: string;
  readonly nowMs: number;
  readonly figures: 'frozen' | 'running';
  /** Values to take instead of those found. */
  readonly instead?: Readonly<Record<string, MetricValue>>;
}

export interface Evaluated extends Gathered {
  readonly input: EvaluationInput;
  readonly statement: Statement;
}

/** What a statement was closed with, as its canonical JSON tells it. */
export interface FrozenContent {
  readonly format: 1;
  readonly rules_version: string;
  readonly contract: { readonly id: number; readonly code: string; readonly name: string };
  readonly parties: { readonly agency: string | null; readonly contractor: string | null };
  readonly document: { readonly number: number; readonly sha256: string; readonly content: Contract };
  readonly input: EvaluationInput;
  readonly metrics: readonly FoundValue[];
  readonly evidence_sha256: string;
  /** RFC 3339. */
  readonly closed_at: string;
  readonly statement: Statement;
}

export { RULES_VERSION };

/** Finds the values and evaluates. @throws ApiError `invalid_request` for values that are not those of their metric */
export async function evaluateNow(asked: EvaluateAsked): Promise<Evaluated> {
  const { document, instalment, subPeriod, fromDay, toDay } = asked;
  const gathered = await gather({ ...asked, period: periodIn(document, fromDay, toDay) });
  const input: EvaluationInput = {
    instalment,
    period: { from: fromDay, to: toDay },
    sub_period: subPeriod,
    metrics: { ...valuesOf(gathered.found), ...asked.instead },
    history: gathered.history,
  };
  return { ...gathered, input, statement: evaluated(document, input) };
}

export function periodIn({ time_zone }: Pick<Contract, 'time_zone'>, fromDay: string, toDay: string): MetricPeriod {
  return periodOf({ from: fromDay, to: toDay }, time_zone);
}

/** @throws ApiError `invalid_request` */
export function evaluated(document: Contract, input: EvaluationInput): Statement {
  try {
    return evaluate(document, input);
  } catch (cause) {
    const isValue = cause instanceof MetricValueError;
    if (!isValue && !(cause instanceof Error && cause.name === 'EvaluationError')) throw cause;
    const path = isValue ? `/body/metrics/${cause.metric}` : '/body';
    throw apiError('invalid_request', { detail: cause.message, errors: [{ path, message: cause.message }], cause });
  }
}
