import { EMPTY, type Interval, type IntervalSet, intersect, merge, subtract } from '../intervals.ts';

/** What decides when a contract wants a station to work. */
export interface RequiredInput {
  /** Term of the contract. */
  readonly term: Interval;
  /** From commissioning to decommissioning; null: never commissioned, nothing is required. */
  readonly commissioned: Interval | null;
  readonly suspensions: readonly Interval[];
  readonly serviceHours: IntervalSet;
}

/** The time inside the window in which the station must work: in term, commissioned, not suspended, within service hours. */
export function requiredTime(input: RequiredInput, window: Interval): IntervalSet {
  const { term, commissioned, suspensions, serviceHours } = input;
  if (commissioned === null) return EMPTY;
  const from = Math.max(term.from, commissioned.from, window.from);
  const to = Math.min(term.to, commissioned.to, window.to);
  const suspended = suspensions.map((each) => ({ from: Math.max(each.from, from), to: Math.min(each.to, to) }));
  return subtract(intersect(merge([{ from, to }]), serviceHours), merge(suspended));
}
