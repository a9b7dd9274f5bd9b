import type { Interval } from '../intervals.ts';
import type { Fraction } from '../rates.ts';
import type { RepairClocks, RepairStage, StageClock } from './types.ts';

/** Which stages a contract asks for: every one of them, or one is enough ("repaired, else replaced by a spare": R-DG-7). */
export interface TimelinessRule {
  readonly stages: readonly RepairStage[];
  readonly need: 'all' | 'any';
}

export const REPAIRED_IN_TIME: TimelinessRule = { stages: ['repair'], need: 'all' };

/** `pending`: open and within its limits, it may still go either way. `not_owed`: the contract sets no limit for it. */
export type RepairVerdict = 'on_time' | 'late' | 'pending' | 'cancelled' | 'not_owed';

/** What a fault counts as. Open beyond its limit is late already; waiting for its begin is pending. */
export function verdictOf({ status, stages }: RepairClocks, rule: TimelinessRule): RepairVerdict {
  if (status === 'cancelled') return 'cancelled';
  const owed = rule.stages.map((stage) => stages[stage]).filter(({ state }) => state !== 'not_applicable');
  if (owed.length === 0) return 'not_owed';
  const some = (...states: readonly StageClock['state'][]) => owed.some(({ state }) => states.includes(state));
  const isOpen = some('running', 'pending');
  if (rule.need === 'any') return some('met') ? 'on_time' : isOpen ? 'pending' : 'late';
  return some('breached') ? 'late' : isOpen ? 'pending' : 'on_time';
}

/** Faults of a period by what they count as. */
export interface Timeliness {
  readonly onTime: number;
  readonly late: number;
  readonly pending: number;
  readonly cancelled: number;
  readonly notOwed: number;
  /** onTime / (onTime + late); null if there is none of either. */
  readonly rate: Fraction | null;
}

/**
 * Fault-repair timeliness 故障修复及时率 of a period (R-DG-9). A fault counts in the period in which it was opened, whenever it is
 * repaired; pending and cancelled ones count neither way. Read all clocks as of the same instant.
 */
export function timeliness(
  cases: Iterable<RepairClocks>,
  period: Interval,
  rule: TimelinessRule = REPAIRED_IN_TIME,
): Timeliness {
  const counts: Record<RepairVerdict, number> = { on_time: 0, late: 0, pending: 0, cancelled: 0, not_owed: 0 };
  for (const each of cases) {
    if (period.from <= each.openedAt && each.openedAt < period.to) counts[verdictOf(each, rule)]++;
  }
  const { on_time: onTime, late, pending, cancelled, not_owed: notOwed } = counts;
  return { onTime, late, pending, cancelled, notOwed, rate: rateOfCounts(onTime, late) };
}

/** good / (good + bad); null if there is neither. */
export function rateOfCounts(good: number, bad: number): Fraction | null {
  return good + bad === 0 ? null : { num: good, den: good + bad };
}
