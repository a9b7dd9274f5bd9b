import { type Exact, type Quantity, quantity } from '../exact.ts';
import type { Clause } from '../language/clauses.ts';
import type { Contract, Instalment } from '../language/contract.ts';
import { capitalRmb, fenNumber } from '../money.ts';
import { clauseById, metricById } from '../references.ts';
import { outcomeOf } from './clause.ts';
import type { Context } from './context.ts';
import type { Outcome } from './outcome.ts';
import {
  type AppliedInterpretation,
  applied,
  type Digits,
  isDecisive,
  type LineInput,
  type Statement,
  type StatementLine,
} from './statement.ts';
import { isLack, type Lack, type MetricValue, type Reading, readMetric } from './values.ts';

/** What a statement is about, and what was found. */
export interface EvaluationInput {
  /** Of the contract's schedule. */
  readonly instalment: string;
  /** Days `[from, to)` for which the metrics were taken; not read, only written down. */
  readonly period: { readonly from: string; readonly to: string };
  /** Of the contract's sub-periods: prices count by its part. Null or left out: the whole. */
  readonly sub_period?: string | null;
  readonly metrics: Readonly<Record<string, MetricValue>>;
  /** Values of the periods just before, oldest first, by metric or scorecard: what `consecutive` looks at. */
  readonly history?: Readonly<Record<string, readonly Quantity[]>>;
}

/** An input that does not belong to the contract: an unknown instalment, sub-period or metric. */
export class EvaluationError extends Error {
  readonly code: 'unknown_instalment' | 'unknown_sub_period' | 'unknown_metric';
  constructor(code: EvaluationError['code'], message: string) {
    super(message);
    this.name = 'EvaluationError';
    this.code = code;
  }
}

/**
 * The statement of an instalment. The contract has to be one that `checkContract` finds no flaw in. The order of its clauses changes
 * nothing: each is computed when another needs its result. @throws EvaluationError, MetricValueError
 */
export function evaluate(contract: Contract, input: EvaluationInput): Statement {
  const instalment = instalmentOf(contract, input);
  const sub = subPeriodOf(contract, input);
  const outcomes = outcomesOf(contract, input, sub?.id ?? null);
  const lines = instalment.clauses.map((id) => {
    const clause = clauseNamed(contract, id);
    return lineOf(contract, clause, outcomes(id), sub !== null);
  });
  const total = lines.reduce((sum, { amount_fen }) => sum + BigInt(amount_fen), 0n);
  return {
    format: 1,
    contract: contract.code,
    instalment: instalment.id,
    sub_period: sub?.id ?? null,
    contractor: sub?.contractor ?? contract.parties.find(({ role }) => role === 'contractor')?.id ?? null,
    from: input.period.from,
    to: input.period.to,
    currency: contract.currency,
    lines,
    total_fen: fenNumber(total),
    total_words: capitalRmb(total),
    is_complete: lines.every(({ state }) => state !== 'missing'),
    delay_months: Math.max(0, ...lines.map(({ delay_months }) => delay_months)),
    may_end: lines.some(({ may_end }) => may_end),
  };
}

function instalmentOf({ schedule }: Contract, { instalment: id }: EvaluationInput): Instalment {
  const instalment = schedule.find((one) => one.id === id);
  if (instalment === undefined) throw new EvaluationError('unknown_instalment', `the schedule has no ${id}`);
  return instalment;
}

function subPeriodOf({ sub_periods }: Contract, { sub_period: id = null }: EvaluationInput) {
  if (id === null) return null;
  const sub = sub_periods.find((one) => one.id === id);
  if (sub === undefined) throw new EvaluationError('unknown_sub_period', `the contract has no sub-period ${id}`);
  return sub;
}

function clauseNamed(contract: Contract, id: string): Clause {
  const clause = clauseById(contract, id);
  if (clause === undefined) throw new RangeError(`the contract has no clause ${id}`);
  return clause;
}

/** Computes each clause once, when it is first asked for. A contract without flaws has no cycles. */
function outcomesOf(contract: Contract, input: EvaluationInput, subPeriod: string | null): (id: string) => Outcome {
  const stranger = Object.keys(input.metrics).find((id) => metricById(contract, id) === undefined);
  if (stranger !== undefined) throw new EvaluationError('unknown_metric', `the contract has no metric ${stranger}`);
  const read = cached((id) => {
    const metric = metricById(contract, id);
    if (metric === undefined) throw new RangeError(`the contract has no metric ${id}`);
    return readMetric(metric, input.metrics[id]);
  });
  const outcome: (id: string) => Outcome = cached((id) =>
    outcomeOf(clauseNamed(contract, id), { read, outcome }, context),
  );
  const context: Context = {
    contract,
    subPeriod,
    reading: (id) => present(read(id)),
    outcome,
    history: (id) => (input.history?.[id] ?? []).map(quantity),
  };
  return outcome;
}

function present(reading: Reading | Lack): Reading {
  if (isLack(reading)) throw new RangeError(`${reading.of} has no value`);
  return reading;
}

function cached<T>(make: (id: string) => T): (id: string) => T {
  const known = new Map<string, T>();
  return (id) => {
    const found = known.get(id);
    if (found !== undefined) return found;
    const made = make(id);
    known.set(id, made);
    return made;
  };
}

function lineOf(contract: Contract, clause: Clause, outcome: Outcome, isPart: boolean): StatementLine {
  const { base, fraction, points } = outcome;
  return {
    clause: clause.id,
    form: clause.form,
    title: clause.title,
    source: clause.source,
    state: outcome.state,
    lacks: outcome.lacks,
    not_applicable: outcome.notApplicable ?? null,
    inputs: outcome.readings.map(inputOf),
    steps: outcome.steps,
    base_fen: base === undefined ? null : fenNumber(base),
    fraction: fraction === undefined ? null : digits(fraction),
    amount_fen: fenNumber(outcome.amount),
    points: points === undefined ? null : digits(points),
    items: (outcome.items ?? []).map((item) => ({ id: item.id, points: digits(item.points) })),
    tier: outcome.tier ?? null,
    grade: outcome.grade ?? null,
    delay_months: outcome.delayMonths ?? 0,
    may_end: outcome.mayEnd ?? false,
    interpretations: outcome.state === 'missing' ? [] : interpretationsOf(contract, clause, outcome, isPart),
  };
}

function inputOf(reading: Reading): LineInput {
  const { id: metric, name } = reading.metric;
  switch (reading.measure) {
    case 'rate':
      return { metric, name, value: { rate: digits(reading.rate), nothing_due: reading.isNothingDue } };
    case 'count':
      return { metric, name, value: { count: String(reading.count) } };
    case 'rating':
      return { metric, name, value: { points: digits(reading.points) } };
    case 'list':
      return { metric, name, value: { list: reading.list.map(digits) } };
    case 'choice':
      return { metric, name, value: { choice: reading.choice } };
  }
}

function interpretationsOf(
  contract: Contract,
  clause: Clause,
  outcome: Outcome,
  isPart: boolean,
): AppliedInterpretation[] {
  const own = (clause.interpretations ?? []).filter((one) => isDecisive(one, outcome.decidedBy));
  const metrics = outcome.readings.flatMap((reading) => {
    const decidedBy = reading.measure === 'rate' && reading.isNothingDue ? ['when_none'] : ['aggregation'];
    return (reading.metric.interpretations ?? [])
      .filter((one) => isDecisive(one, decidedBy))
      .map((one) => applied({ metric: reading.metric.id }, one));
  });
  const parts =
    isPart && outcome.base !== undefined ? contract.interpretations.filter(({ field }) => field === 'sub_periods') : [];
  return [
    ...own.map((one) => applied({ clause: clause.id }, one)),
    ...metrics,
    ...parts.map((one) => applied('contract', one)),
  ];
}

const digits = ({ num, den }: Exact): Digits => ({ num: String(num), den: String(den) });
