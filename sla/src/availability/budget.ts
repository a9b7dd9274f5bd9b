import type { Fraction } from '../rates.ts';
import type { Counted } from './tally.ts';

export interface BudgetInput {
  /** Counted time of the period so far. */
  readonly counted: Counted;
  /** Required time of the period still to come, ms; all of it is taken to count. */
  readonly toComeMs: number;
  /** Least rate that the contract wants. */
  readonly target: Fraction;
}

/** How much more downtime a target allows, ms. */
export interface ErrorBudget {
  /** Downtime that the whole period may have. */
  readonly allowedMs: number;
  readonly usedMs: number;
  /** Negative once the target is out of reach. */
  readonly leftMs: number;
  /** Share of the period's counted time that has passed; null if the period has none. */
  readonly elapsed: Fraction | null;
  /** Downtime that would have been allowed if the period ended now. */
  readonly allowedSoFarMs: number;
  /** Burn rate, used / allowed so far: above 1 the target is missed if it goes on like this. Null while nothing is allowed. */
  readonly burn: Fraction | null;
}

/**
 * The error budget of a target over a period. A period's final rate reaches the target exactly if `leftMs` ends at zero or more:
 * up / n >= T is down <= (1 - T) n, and down is a whole number.
 */
export function errorBudget({ counted: { up, down }, toComeMs, target }: BudgetInput): ErrorBudget {
  const soFarMs = up + down;
  const wholeMs = soFarMs + toComeMs;
  const allowedMs = allowance(wholeMs, target);
  const allowedSoFarMs = allowance(soFarMs, target);
  return {
    allowedMs,
    usedMs: down,
    leftMs: allowedMs - down,
    elapsed: wholeMs === 0 ? null : { num: soFarMs, den: wholeMs },
    allowedSoFarMs,
    burn: allowedSoFarMs === 0 ? null : { num: down, den: allowedSoFarMs },
  };
}

/** floor((1 - target) * ms). */
function allowance(ms: number, { num, den }: Fraction): number {
  return Number((BigInt(ms) * BigInt(den - num)) / BigInt(den));
}
