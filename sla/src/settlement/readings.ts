import { type EvaluationInput, evaluate } from './evaluate/evaluate.ts';
import type { Statement } from './evaluate/statement.ts';
import type { Clause } from './language/clauses.ts';
import type { Contract } from './language/contract.ts';
import type { Metric } from './language/metrics.ts';
import type { Text } from './language/parts.ts';
import { isSameJson } from './same.ts';
import { checkContract } from './validate/index.ts';

/** What a statement would be if the text were read in another way. */
export interface OtherReading {
  readonly of: { readonly clause: string } | { readonly metric: string };
  readonly interpretation: string;
  readonly option: Text;
  readonly statement: Statement;
  readonly difference: StatementDifference;
}

/** From one statement to another of the same instalment: a restatement, a dry run of a changed clause, another reading. */
export interface StatementDifference {
  readonly total_fen: number;
  /** Lines that changed in amount, state, points or grade; null where a statement has no such line. */
  readonly lines: readonly LineDifference[];
}

export interface LineDifference {
  readonly clause: string;
  readonly before_fen: number | null;
  readonly after_fen: number | null;
  /** After less before; a line that is not there counts as nothing. */
  readonly difference_fen: number;
}

/** What the second statement has more than the first, line by line. */
export function compareStatements(before: Statement, after: Statement): StatementDifference {
  const old = new Map(before.lines.map((line) => [line.clause, line]));
  const now = new Map(after.lines.map((line) => [line.clause, line]));
  const ids = [...new Set([...old.keys(), ...now.keys()])];
  return {
    total_fen: after.total_fen - before.total_fen,
    lines: ids.flatMap((clause) => {
      const [a, b] = [old.get(clause), now.get(clause)];
      if (isSameJson(resultOf(a), resultOf(b))) return [];
      const [before_fen, after_fen] = [a?.amount_fen ?? null, b?.amount_fen ?? null];
      return [{ clause, before_fen, after_fen, difference_fen: (after_fen ?? 0) - (before_fen ?? 0) }];
    }),
  };
}

/** What a line comes to. Compared as JSON: a statement that was stored has its keys in another order. */
function resultOf(line: Statement['lines'][number] | undefined): unknown {
  if (line === undefined) return null;
  const { state, amount_fen, points, items, tier, grade, delay_months, may_end } = line;
  return { state, amount_fen, points, items, tier, grade, delay_months, may_end };
}

/**
 * The statement under every other reading that the contract's interpretations offer, one change at a time; those that change nothing
 * are left out, and so are those that would make the contract one with flaws. @throws EvaluationError, MetricValueError
 */
export function otherReadings(contract: Contract, input: EvaluationInput): OtherReading[] {
  const own = evaluate(contract, input);
  const holders = [
    ...contract.clauses.map((clause) => ({ of: { clause: clause.id }, holder: clause })),
    ...contract.metrics.map((metric) => ({ of: { metric: metric.id }, holder: metric })),
  ];
  return holders.flatMap(({ of, holder }) =>
    changesOf(holder).flatMap(({ interpretation, option, changed }): OtherReading[] => {
      const other = replaced(contract, holder, changed);
      if (checkContract(other).length > 0) return [];
      const statement = evaluate(other, input);
      const difference = compareStatements(own, statement);
      return difference.lines.length === 0 ? [] : [{ of, interpretation, option, statement, difference }];
    }),
  );
}

function changesOf(holder: Clause | Metric) {
  return (holder.interpretations ?? []).flatMap(({ id: interpretation, field, options = [] }) => {
    if (field === undefined) return [];
    const chosen: unknown = holder[field as keyof typeof holder];
    return options
      .filter(({ value }) => !isSameJson(value, chosen))
      .map(({ value, text }) => ({ interpretation, option: text, changed: { ...holder, [field]: value } }));
  });
}

function replaced(contract: Contract, holder: Clause | Metric, changed: Clause | Metric): Contract {
  const swap = <T>(list: readonly T[]): T[] => list.map((one) => ((one as unknown) === holder ? (changed as T) : one));
  return { ...contract, clauses: swap(contract.clauses), metrics: swap(contract.metrics) };
}
