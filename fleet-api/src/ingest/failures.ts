import { sqlState } from '../db/index.ts';

/** What a failed statement calls for. */
export type Failure =
  /** Try the same again: the database is away, busy, or of another schema for the moment. */
  | 'transient'
  /** Some value in it is at fault: find it. */
  | 'data';

/**
 * Judges an error by its SQLSTATE class. 22 (data exception) and 23 (integrity) blame a value; internal errors (XX) may do so, and
 * are treated like them after a few attempts. Everything else, also what no value can cause (42: schema), is worth waiting for.
 */
export function judge(error: unknown, attempt: number): Failure {
  const state = sqlState(error);
  if (state === null) return 'transient';
  const kind = state.slice(0, 2);
  if (kind === '22' || kind === '23' || state === '54000') return 'data';
  return kind === 'XX' && attempt >= 4 ? 'data' : 'transient';
}

/** Time before attempt `attempt` (1, 2, ...), ms: doubling from 50 ms to 5 s, half of it random. */
export function backoffMs(attempt: number, random: () => number = Math.random): number {
  const full = Math.min(5_000, 50 * 2 ** Math.min(attempt - 1, 10));
  return full / 2 + (random() * full) / 2;
}
