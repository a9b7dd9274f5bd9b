import { duration, type IntervalSet, intersect, subtract } from '../intervals.ts';
import type { Fraction } from '../rates.ts';
import type { CountingRule, Tally, Timeline, UnknownAs } from './types.ts';

export const EMPTY_TALLY: Tally = { required: 0, up: 0, down: 0, unknown: 0, platform: 0, excluded: 0 };

/**
 * Splits required time into the five numbers. What is excluded counts as nothing else, whatever the state; the rest goes by the
 * timeline. Throws a RangeError if required time lies outside the timeline: nothing may be lost silently.
 */
export function tally(required: IntervalSet, excluded: IntervalSet, timeline: Timeline): Tally {
  const sums = { up: 0, down: 0, unknown: 0, platform: 0 };
  const counted = subtract(required, excluded);
  let i = 0;
  for (const { from, to, state, cause } of timeline) {
    const bucket = state === 'unknown' && cause === 'platform' ? 'platform' : state;
    for (let next = counted[i]; next !== undefined && next.from < to; next = counted[i]) {
      sums[bucket] += Math.max(0, Math.min(next.to, to) - Math.max(next.from, from));
      if (next.to > to) break;
      i++;
    }
  }
  const excludedMs = duration(intersect(required, excluded));
  const countedMs = duration(counted);
  if (sums.up + sums.down + sums.unknown + sums.platform !== countedMs) {
    throw new RangeError('required time lies outside the timeline');
  }
  return { required: countedMs + excludedMs, ...sums, excluded: excludedMs };
}

/** Sum of any number of tallies. */
export function addTallies(tallies: Iterable<Tally>): Tally {
  const sum = { ...EMPTY_TALLY } as { -readonly [Key in keyof Tally]: number };
  for (const { required, up, down, unknown, platform, excluded } of tallies) {
    sum.required += required;
    sum.up += up;
    sum.down += down;
    sum.unknown += unknown;
    sum.platform += platform;
    sum.excluded += excluded;
  }
  return sum;
}

/** Time that a contract counts, ms. */
export interface Counted {
  readonly up: number;
  readonly down: number;
}

/** What counts for and against, once the contract has said how unknown counts. */
export function counted(tally: Tally, rule: CountingRule): Counted {
  const share = (as: UnknownAs) =>
    (rule.unknown === as ? tally.unknown : 0) + (rule.platform === as ? tally.platform : 0);
  return { up: tally.up + share('up'), down: tally.down + share('down') };
}

/** up / (up + down) as counted; null where nothing counts: no figure, neither good nor bad. */
export function rateOf(tally: Tally, rule: CountingRule): Fraction | null {
  const { up, down } = counted(tally, rule);
  return up + down === 0 ? null : { num: up, den: up + down };
}
