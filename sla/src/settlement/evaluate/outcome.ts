import type { Exact } from '../exact.ts';
import type { Lack, Reading } from './values.ts';
import type { Step } from './words.ts';

/** Why a clause comes to nothing though all is known. */
export type NotApplicable = 'count_below' | 'points_enough' | 'within_cap';

/** What a clause comes to, before it is written as a line. */
export interface Outcome {
  readonly state: 'applied' | 'not_applicable' | 'missing';
  readonly lacks: readonly Lack[];
  readonly notApplicable?: NotApplicable;
  readonly readings: readonly Reading[];
  readonly steps: readonly Step[];
  /** Fen of which a share is taken. */
  readonly base?: bigint;
  /** The share, exact, signed like the amount. */
  readonly fraction?: Exact;
  /** Fen, rounded: positive is paid, negative deducted. */
  readonly amount: bigint;
  readonly points?: Exact;
  readonly items?: readonly ItemOutcome[];
  readonly tier?: string;
  readonly grade?: string;
  readonly delayMonths?: number;
  readonly mayEnd?: boolean;
  /** Fields of the clause on whose reading the result depended. */
  readonly decidedBy: readonly string[];
}

export interface ItemOutcome {
  readonly id: string;
  readonly points: Exact;
}

/** What a form computes. What it leaves out is the same for all. */
export type Computed = Partial<Outcome> & Pick<Outcome, 'steps'>;
