import { percent } from '../format/number.ts';
import type { State } from '../ui/state/states.ts';
import { AGGREGATIONS, type Aggregation, type Budget, type CountingRule, type Figure, type Fraction } from './model.ts';

export const DIMENSIONS = ['network', 'equipment'] as const;
export type Dimension = (typeof DIMENSIONS)[number];

/** The five numbers, in the order of the bar. They add up to the required time. */
export const PARTS = ['up', 'down', 'unknown', 'platform', 'excluded'] as const;
export type Part = (typeof PARTS)[number];

/** The numbers in the console's language for state. */
export const PART_STATES = {
  up: 'online',
  down: 'offline',
  unknown: 'unknown',
  platform: 'platform',
  excluded: 'excluded',
} as const satisfies Record<Part, State>;

export function msOf(figure: Figure, part: Part): number {
  return figure[`${part}_ms`];
}

/**
 * A rate as the server cut it: it stays text from the wire to the screen, so that nothing can round 94.9996 up to a threshold.
 * No counted time, no rate.
 */
export function rateText(percentText: string | null | undefined): string {
  return percentText == null ? '–' : `${percentText}%`;
}

/** Share of the required time, cut to two places; a trace is told from nothing. */
export function shareText(ms: number, requiredMs: number): string {
  if (requiredMs <= 0) return '–';
  const text = percent(ms, requiredMs, 2);
  return ms > 0 && text === '0.00%' ? '<0.01%' : text;
}

/** Of a rate's fraction: which of the five numbers stand above the line and which below. */
export function formulaOf(rule: CountingRule): { readonly over: readonly Part[]; readonly under: readonly Part[] } {
  const over: Part[] = ['up'];
  const against: Part[] = ['down'];
  for (const part of ['unknown', 'platform'] as const) {
    if (rule[part] === 'up') over.push(part);
    if (rule[part] === 'down') against.push(part);
  }
  return { over, under: [...over, ...against] };
}

/** Where a chart draws a rate. Drawing only: words come from the text. */
export function position(percentText: string | null | undefined): number | null {
  return percentText == null ? null : Number(percentText);
}

export interface Reading {
  readonly kind: Aggregation;
  /** Cut, with its percent sign. */
  readonly text: string;
}

/** The three habits of making one rate of many stations, the contract's own first. */
export function readingsOf(figure: Figure, own: Aggregation): Reading[] {
  const { rate } = figure;
  const texts: Record<Aggregation, string> = {
    time_weighted: rate === null ? '–' : percent(rate.num, rate.den, 2),
    mean_of_stations: rateText(figure.mean_percent),
    daily_count: rateText(figure.daily?.percent),
  };
  return [own, ...AGGREGATIONS.filter((a) => a !== own)].map((kind) => ({ kind, text: texts[kind] }));
}

export type BudgetMood = 'none' | 'spent' | 'fast' | 'fine' | 'over';

/**
 * How an error budget stands: `spent` is gone for good, `fast` is used up before the period's end at this pace. `over`: the period is past,
 * nothing is left to be decided.
 */
export function budgetMood(budget: Budget, past: boolean): BudgetMood {
  if (budget.target_percent === null || budget.allowed_ms === null || budget.left_ms === null) return 'none';
  if (budget.left_ms < 0) return 'spent';
  if (past) return 'over';
  return isAboveOne(budget.burn) ? 'fast' : 'fine';
}

export const BUDGET_MARKS = {
  none: 'unknown',
  spent: 'offline',
  fast: 'faulty',
  fine: 'online',
  over: 'online',
} as const satisfies Record<BudgetMood, State>;

export function isAboveOne(fraction: Fraction | null): boolean {
  return fraction !== null && fraction.num > fraction.den;
}

/**
 * When what is left of a budget is gone if the time to come loses as much as the time so far. An estimate, so plain numbers do; null where
 * nothing has been lost yet or no time is to come.
 */
export function exhaustedAtMs(budget: Budget, asOfMs: number, endMs: number): number | null {
  const { used_ms, left_ms, to_come_ms, elapsed } = budget;
  if (left_ms === null || elapsed === null || used_ms <= 0 || to_come_ms <= 0) return null;
  const lastsMs = (left_ms / used_ms) * elapsed.num;
  return Math.round(asOfMs + (endMs - asOfMs) * Math.min(1, lastsMs / to_come_ms));
}

/** A change as the server cut it, with the sign that it is shown with. */
export function changeText(
  change: string | null | undefined,
  from?: string | null,
  to?: string | null,
): { readonly text: string; readonly sign: -1 | 0 | 1 } {
  if (change == null) return { text: '–', sign: 0 };
  const bare = change.replace(/^[+-]/, '');
  if (/^0*(\.0*)?$/.test(bare)) {
    // Both are cut: rates that are shown a hundredth apart may differ by less.
    if (from == null || to == null || from === to) return { text: '0.00', sign: 0 };
    return { text: '<0.01', sign: Number(to) < Number(from) ? -1 : 1 };
  }
  return change.startsWith('-') ? { text: `−${bare}`, sign: -1 } : { text: `+${bare}`, sign: 1 };
}
