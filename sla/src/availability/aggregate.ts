import type { BigFraction, Fraction } from '../rates.ts';
import { addTallies, counted, rateOf } from './tally.ts';
import type { CountingRule, Tally } from './types.ts';

/** Counted up time over counted time of all together: a station weighs as much as it was required. */
export function timeWeighted(tallies: Iterable<Tally>, rule: CountingRule): Fraction | null {
  return rateOf(addTallies(tallies), rule);
}

/**
 * Mean of the stations' own rates, exact and not reduced; stations without a figure are left out. Null if none has one.
 * Rates of equal denominators are added first: most stations are required for the same time, so few denominators remain.
 */
export function meanOfStations(tallies: Iterable<Tally>, rule: CountingRule): BigFraction | null {
  const numByDen = new Map<number, bigint>();
  let stations = 0n;
  for (const station of tallies) {
    const rate = rateOf(station, rule);
    if (rate === null) continue;
    stations++;
    numByDen.set(rate.den, (numByDen.get(rate.den) ?? 0n) + BigInt(rate.num));
  }
  if (stations === 0n) return null;
  const { num, den } = sumOf([...numByDen].map(([den, num]) => ({ num, den: BigInt(den) })));
  return { num, den: den * stations };
}

/** Adds halves of the list, so that the factors of each product are of like size. */
function sumOf(fractions: readonly BigFraction[]): BigFraction {
  const [only] = fractions;
  if (only === undefined) return { num: 0n, den: 1n };
  if (fractions.length === 1) return only;
  const half = fractions.length >> 1;
  const [a, b] = [sumOf(fractions.slice(0, half)), sumOf(fractions.slice(half))];
  return { num: a.num * b.den + b.num * a.den, den: a.den * b.den };
}

/**
 * The share of intact station-days: one tally a station and day. A day counts if any of it is counted, and is intact if at most
 * `maxDownMs` of that are down. Null if no day counts.
 */
export function dailyCount(days: Iterable<Tally>, rule: CountingRule, maxDownMs = 0): Fraction | null {
  let intactDays = 0;
  let countedDays = 0;
  for (const day of days) {
    const { up, down } = counted(day, rule);
    if (up + down === 0) continue;
    countedDays++;
    if (down <= maxDownMs) intactDays++;
  }
  return countedDays === 0 ? null : { num: intactDays, den: countedDays };
}
