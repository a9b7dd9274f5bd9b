import type { DayFigures, FiveNumbers } from '../case/types.ts';

export const NUMBERS = [
  'up',
  'down',
  'unknown',
  'platform',
  'excluded',
] as const satisfies readonly (keyof FiveNumbers)[];

/** One number of one day that two computations do not agree on, ms. */
export interface Difference {
  readonly day: string;
  readonly number: 'required' | `${'network' | 'equipment'}.${keyof FiveNumbers}`;
  readonly kept: number;
  readonly recomputed: number;
}

/** Every ms of difference between the figures that are kept and those recomputed, day by day. A day without figures counts as zeros. */
export function compareDays(kept: readonly DayFigures[], recomputed: readonly DayFigures[]): Difference[] {
  const byDay = new Map(kept.map((figures) => [figures.day, figures]));
  return recomputed.flatMap((ours) => {
    const theirs = byDay.get(ours.day);
    return numbersOf(ours).flatMap(([number, value], i) => {
      const before = theirs === undefined ? 0 : (numbersOf(theirs)[i]?.[1] ?? 0);
      return before === value ? [] : [{ day: ours.day, number, kept: before, recomputed: value }];
    });
  });
}

function numbersOf(figures: DayFigures): [Difference['number'], number][] {
  return [
    ['required', figures.required],
    ...NUMBERS.map((name): [Difference['number'], number] => [`network.${name}`, figures.network[name]]),
    ...NUMBERS.map((name): [Difference['number'], number] => [`equipment.${name}`, figures.equipment[name]]),
  ];
}

/** Sums over days. */
export function totalOf(
  days: readonly DayFigures[],
  dimension: 'network' | 'equipment',
): FiveNumbers & { required: number } {
  const total = { required: 0, up: 0, down: 0, unknown: 0, platform: 0, excluded: 0 };
  for (const day of days) {
    total.required += day.required;
    for (const name of NUMBERS) total[name] += day[dimension][name];
  }
  return total;
}
