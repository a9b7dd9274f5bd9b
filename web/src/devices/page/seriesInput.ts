import type { LineChartInput, Point } from '../../charts/lineOption.ts';
import { decimal } from '../../format/number.ts';
import type { ChartSpec } from './chartList.ts';
import type { Span } from './useRange.ts';
import type { Series } from './useSeries.ts';

/** Sizes are drawn in MB, as the contract counts them, shares of one in percent; everything else in the unit of the server. */
function scaleOf(unit: string): { readonly unit: string; readonly factor: number } {
  if (unit === 'bytes') return { unit: 'MB', factor: 1e-6 };
  return unit === 'ratio' ? { unit: '%', factor: 100 } : { unit, factor: 1 };
}

/** A gap is longer than this many of the usual distances between values. */
const GAP = 2.5;

/**
 * Values that come more seldom than they are drawn are joined, as long as none is missing: empty points between two of them go if these
 * are no further apart than two and a half of the usual distance.
 */
export function joinSparse(points: readonly Point[]): readonly Point[] {
  const told = points.flatMap(([, value], i) => (value === null ? [] : [i]));
  const apart = told.slice(1).map((i, n) => i - (told[n] ?? i));
  const usual = [...apart].sort((a, b) => a - b)[Math.floor(apart.length / 2)] ?? 1;
  if (usual < 2) return points;
  const joined = new Set(told.filter((i, n) => n > 0 && i - (told[n - 1] ?? i) <= GAP * usual));
  let next = -1;
  return points
    .toReversed()
    .flatMap((point, n) => {
      if (point[1] !== null) next = points.length - 1 - n;
      return point[1] === null && joined.has(next) ? [] : [point];
    })
    .reverse();
}

/** Series of one chart as its input. A missing answer is an empty line: the frame stands before the data come. */
export function toInput(
  spec: ChartSpec,
  answers: readonly Series[],
  span: Span,
  name: (metric: string) => string,
  thresholdLabel: (value: string) => string,
): LineChartInput {
  const [first] = answers;
  const { unit, factor } = scaleOf(first?.unit ?? '');
  const limit = first?.threshold?.value;
  return {
    series: answers.map((answer) => ({
      name: name(answer.metric),
      points: joinSparse(
        answer.points.map((p): Point => [Date.parse(p.at), p.value === null ? null : p.value * factor]),
      ),
    })),
    unit,
    fromMs: span.fromMs,
    toMs: span.toMs,
    ...(limit == null
      ? {}
      : { threshold: { value: limit * factor, label: thresholdLabel(`${decimal(limit * factor, 4)} ${unit}`) } }),
    min: spec.min,
    max: spec.max,
    interval: spec.interval,
  };
}
