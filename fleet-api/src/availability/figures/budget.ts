import { counted, errorBudget, type Fraction, parsePercent } from '@uptally/sla';
import { countingOf } from '../contracts/rules.ts';
import { type Asked, find, headOf } from './asked.ts';
import type { Budget, BudgetFigure, ScopeQuery } from './schemas.ts';
import { totalOf } from './service.ts';
import { addSums, EMPTY_SUMS } from './sums-sql.ts';
import { requiredToCome } from './to-come.ts';

/** How much more downtime the targets allow. Time-weighted, whatever the contract's aggregation. @throws ApiError as {@link find} */
export async function budgetOf(asked: Asked, query: ScopeQuery): Promise<Budget> {
  const found = await find(asked, query);
  const { rules } = found.contract;
  const { pair } = totalOf(found);
  const sums = found.stations.map((each) => each.sums).reduce(addSums, EMPTY_SUMS);
  const toComeMs = await requiredToCome(asked.db, found, asked.nowMs);
  const figure = (dimension: 'network' | 'equipment'): BudgetFigure => {
    const target = rules[dimension].target_percent;
    const soFar = counted(sums[dimension].tally, countingOf(rules, dimension));
    const input = { counted: soFar, toComeMs };
    const budget = errorBudget({ ...input, target: parsePercent(target ?? '0') });
    return {
      target_percent: target,
      percent: pair[dimension].percent,
      allowed_ms: target === null ? null : budget.allowedMs,
      used_ms: budget.usedMs,
      left_ms: target === null ? null : budget.leftMs,
      to_come_ms: toComeMs,
      elapsed: budget.elapsed,
      burn: target === null ? null : budget.burn,
      burn_rate: target === null || budget.burn === null ? null : showRate(budget.burn),
    };
  };
  return { ...headOf(found), network: figure('network'), equipment: figure('equipment') };
}

/** A ratio with two places, truncated. */
function showRate({ num, den }: Fraction): string {
  const hundredths = (BigInt(num) * 100n) / BigInt(den);
  return `${hundredths / 100n}.${String(hundredths % 100n).padStart(2, '0')}`;
}
