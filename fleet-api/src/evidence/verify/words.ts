import { DEFAULT_COUNTING, rateOf, showPercent } from '@uptally/sla';
import type { DayFigures } from '../case/types.ts';
import { type Difference, totalOf } from './compare.ts';

const DIMENSIONS = ['network', 'equipment'] as const;
const COLUMNS = ['up', 'down', 'unknown', 'platform', 'excluded', 'required'] as const;

/** Heading of the lines that {@link figureLines} makes. */
export function heading(): string {
  return `${'station'.padEnd(20)} ${'dimension'.padEnd(10)}${COLUMNS.map((name) => `${name} ms`.padStart(15)).join('')}${'rate %'.padStart(9)}`;
}

/** A station's five numbers over a period, one line a dimension; the rate counts silence as down and leaves the platform's outages out. */
export function figureLines(code: string, days: readonly DayFigures[]): string[] {
  return DIMENSIONS.map((dimension) => {
    const total = totalOf(days, dimension);
    const rate = rateOf(total, DEFAULT_COUNTING);
    const numbers = COLUMNS.map((name) => String(total[name]).padStart(15)).join('');
    return `${code.padEnd(20)} ${dimension.padEnd(10)}${numbers}${(rate === null ? '-' : showPercent(rate)).padStart(9)}`;
  });
}

/** One difference in words. */
export function differenceLine(code: string, { day, number, kept, recomputed }: Difference): string {
  const by = recomputed - kept;
  return `DIFFERENCE ${code} ${day} ${number}: kept ${kept} ms, recomputed ${recomputed} ms (${by > 0 ? '+' : ''}${by})`;
}
