import { compareFractions, type Fraction } from '../rates.ts';

/** States that are looked at; between them lie 20 possible changes. */
const STATES = 21;
const CHANGES = STATES - 1;

/**
 * How restless the last 21 states are, oldest first: the weighted share of changes, after Nagios' flap detection. The newest change
 * weighs 1.25, the oldest 0.75, those between in equal steps; all together 20. So the change at place x of 1..20 weighs
 * (55 + 2x) / 76, and 20 changes make 1520 / 1520. States before the first known one are taken to equal it.
 */
export function flapRate<State>(states: readonly State[]): Fraction {
  const recent = states.slice(-STATES);
  let num = 0;
  recent.forEach((state, i) => {
    if (i > 0 && state !== recent[i - 1]) num += 55 + 2 * (i + STATES - recent.length);
  });
  return { num, den: CHANGES * 76 };
}

/** Shares of change between which nothing is decided, so that flapping itself does not flap. */
export interface FlapThresholds {
  readonly low: Fraction;
  readonly high: Fraction;
}

/** True while it flaps: from `high` on, until the rate is down to `low`. */
export function isFlapping(before: boolean, rate: Fraction, { low, high }: FlapThresholds): boolean {
  if (compareFractions(rate, high) >= 0) return true;
  return before && compareFractions(rate, low) > 0;
}
