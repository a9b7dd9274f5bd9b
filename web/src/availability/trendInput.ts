import type { LineChartInput, Point } from '../charts/lineOption.ts';
import { fromLocalInput } from '../format/time.ts';
import { addDays } from '../format/zones.ts';
import { DIMENSIONS, type Dimension, position } from './figures.ts';
import type { Figure, TrendDay } from './model.ts';
import { lastDay, type Period } from './period.ts';

/** What of a day is drawn: its rate, or the share of stations that were intact all day. */
export const READINGS = ['rate', 'daily'] as const;
export type Reading = (typeof READINGS)[number];

const DAY_MS = 86_400_000;

export function dayMs(day: string): number {
  return Date.parse(fromLocalInput(`${day}T00:00`));
}

/** Every day of a period up to `lastShown`. */
function daysUpTo(period: Period, lastShown: string): string[] {
  const days: string[] = [];
  for (let day = period.fromDay; day < period.toDay && day <= lastShown; day = addDays(day, 1)) days.push(day);
  return days;
}

function shownOf(figure: Figure | undefined, reading: Reading): number | null {
  return position(reading === 'rate' ? figure?.percent : figure?.daily?.percent);
}

/** Bottoms of the scale up to 100 and the steps that divide it evenly. */
const SCALES = [
  [99.5, 0.1],
  [99, 0.2],
  [98, 0.5],
  [95, 1],
  [90, 2],
  [80, 5],
  [60, 10],
  [0, 25],
] as const;

/** The narrowest scale with everything that is drawn on it, the threshold too, and some air below. */
export function scaleOf(values: readonly number[]): { readonly min: number; readonly interval: number } {
  const least = values.length === 0 ? 0 : Math.min(...values);
  const [min, interval] = SCALES.find(([bottom]) => least - bottom >= (100 - bottom) / 20) ?? [0, 25];
  return { min, interval };
}

export interface TrendWords {
  readonly name: (dimension: Dimension) => string;
  readonly threshold: (percent: string) => string;
}

/** Both rates day by day over a zoom of the period. A day without a figure is a gap. */
export function trendInput(
  days: readonly TrendDay[],
  shown: Period,
  today: string,
  reading: Reading,
  words: TrendWords,
): LineChartInput {
  const known = new Map(days.map((d) => [d.day, d]));
  const all = daysUpTo(shown, today);
  const series = DIMENSIONS.map((dimension, index) => ({
    name: words.name(dimension),
    points: all.map((day): Point => [dayMs(day), shownOf(known.get(day)?.[dimension], reading)]),
    dashed: index > 0,
  }));
  const target = days.find((d) => d.network.target_percent !== null)?.network.target_percent;
  const threshold = target == null ? undefined : { value: Number(target), label: words.threshold(target) };
  const values = series.flatMap((s) => s.points.flatMap(([, value]) => (value === null ? [] : [value])));
  const fromMs = dayMs(shown.fromDay);
  return {
    series,
    unit: '%',
    fromMs,
    toMs: Math.max(dayMs(lastDay(shown)), fromMs + DAY_MS),
    threshold,
    ...scaleOf(threshold && values.length > 0 ? [...values, threshold.value] : values),
    max: 100,
    daily: true,
    decimals: 2,
  };
}

/** The whole days that a dragged span touches, within the shown ones; null for the whole of it. */
export function zoomDays(fromMs: number, toMs: number, shown: Period): Period | null {
  const days = daysUpTo(shown, lastDay(shown)).filter(
    (day) => dayMs(day) + DAY_MS / 2 >= fromMs && dayMs(day) - DAY_MS / 2 <= toMs,
  );
  const [first, last] = [days[0], days.at(-1)];
  if (first === undefined || last === undefined || days.length < 2) return null;
  return first === shown.fromDay && last === lastDay(shown)
    ? null
    : { kind: 'days', fromDay: first, toDay: addDays(last, 1) };
}
