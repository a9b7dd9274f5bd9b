import type { ChartBlock } from './document.ts';
import { FONT } from './fonts.ts';

/** Size of the drawing, pt. */
const HEIGHT = 180;
const MARGIN = { top: 26, right: 12, bottom: 34, left: 44 } as const;
const COLOURS = ['#1f5fae', '#c2571a', '#3f7d3a', '#7a4fa3', '#6b6b6b'] as const;
/** Lines differ in more than colour: offices print in black and white. */
const DASHES = ['', '6 3', '2 2', '8 3 2 3', '1 3'] as const;
const GREY = '#666666';
/** Width of a character of a label at size 1, wide enough for Chinese. */
const EM = 1;

interface Frame {
  readonly chart: ChartBlock;
  readonly width: number;
  readonly low: number;
  readonly high: number;
  readonly ticks: readonly number[];
  readonly x: (index: number) => number;
  readonly y: (value: number) => number;
}

/** The chart as an SVG document `width` pt wide, or null if not a single value is there to draw. */
export function chartSvg(chart: ChartBlock, width: number): string | null {
  const values = chart.series.flatMap((series) => series.values.filter((value) => value !== null));
  if (values.length === 0) return null;
  const frame = frameOf(chart, width, values);
  const body = [
    ...axes(frame),
    ...(chart.type === 'line' ? chart.series.map((_, i) => line(frame, i)) : bars(frame)),
    ...thresholds(frame),
    ...legend(frame),
  ];
  return `<svg xmlns="http://www.w3.org/2000/svg" width="${width}" height="${HEIGHT}" viewBox="0 0 ${width} ${HEIGHT}">${body.join('')}</svg>`;
}

function frameOf(chart: ChartBlock, width: number, values: readonly number[]): Frame {
  const marks = (chart.thresholds ?? []).map(({ value }) => value);
  const all = [...values, ...marks, ...(chart.type === 'bar' ? [0] : [])];
  const ticks = ticksOf(chart.min ?? Math.min(...all), chart.max ?? Math.max(...all), chart.max);
  const low = ticks[0] ?? 0;
  const high = ticks.at(-1) ?? 1;
  const inner = width - MARGIN.left - MARGIN.right;
  const tall = HEIGHT - MARGIN.top - MARGIN.bottom;
  const slot = inner / chart.labels.length;
  return {
    chart,
    width,
    low,
    high,
    ticks,
    x: (index) => MARGIN.left + slot * (index + 0.5),
    y: (value) => MARGIN.top + tall * (1 - (clamp(value, low, high) - low) / (high - low)),
  };
}

/** Four to six round numbers that hold both ends. `ceiling`: never beyond it, e.g. 100 %. */
export function ticksOf(from: number, to: number, ceiling?: number): number[] {
  const span = to > from ? to - from : Math.max(Math.abs(to) * 0.1, 1);
  const rough = span / 4;
  const power = 10 ** Math.floor(Math.log10(rough));
  const step = ([1, 2, 2.5, 5, 10].find((factor) => factor * power >= rough) ?? 10) * power;
  const top = ceiling ?? Math.ceil((to + (to > from ? 0 : span)) / step - 1e-9) * step;
  const ticks: number[] = [];
  for (let tick = top; tick > from - step + step * 1e-9; tick -= step) ticks.unshift(Number(tick.toFixed(10)));
  return ticks.length > 1 ? ticks : [top - step, top];
}

function axes({ chart, width, ticks, low, x, y }: Frame): string[] {
  const right = width - MARGIN.right;
  const places = Math.max(0, ...ticks.map((tick) => String(tick).split('.')[1]?.length ?? 0));
  const grid = ticks.flatMap((tick) => [
    `<path d="M${MARGIN.left} ${y(tick)}H${right}" stroke="${tick === low ? GREY : '#dddddd'}" stroke-width="0.5"/>`,
    label(tick.toFixed(Math.min(places, 3)), MARGIN.left - 4, y(tick) + 2.5, 'end'),
  ]);
  const longest = Math.max(1, ...chart.labels.map(widthOf)) * 7;
  const room = (right - MARGIN.left) / chart.labels.length;
  const every = Math.max(1, Math.ceil((longest + 6) / room));
  const names = chart.labels.flatMap((name, i) =>
    i % every === 0 ? [label(name, x(i), HEIGHT - MARGIN.bottom + 10, 'middle')] : [],
  );
  return [...grid, ...names, label(chart.unit, MARGIN.left - 4, MARGIN.top - 9, 'end')];
}

/** Runs of values as lines; a value between two gaps as a dot, which a line of no length would not show. */
function line({ chart, x, y }: Frame, index: number): string {
  const colour = colourOf(index);
  const parts: string[] = [];
  for (const run of runsOf(chart.series[index]?.values ?? [])) {
    const [first] = run;
    if (run.length === 1 && first !== undefined) {
      parts.push(`<circle cx="${x(first.at)}" cy="${y(first.value)}" r="1.6" fill="${colour}"/>`);
      continue;
    }
    const path = run.map(({ at, value }, i) => `${i === 0 ? 'M' : 'L'}${x(at).toFixed(2)} ${y(value).toFixed(2)}`);
    parts.push(`<path d="${path.join('')}" fill="none" stroke="${colour}" stroke-width="1.2"${dashOf(index)}/>`);
  }
  return parts.join('');
}

function runsOf(values: readonly (number | null)[]): { at: number; value: number }[][] {
  const runs: { at: number; value: number }[][] = [];
  for (const [at, value] of values.entries()) {
    if (value === null) continue;
    if (at === 0 || values[at - 1] === null) runs.push([]);
    runs.at(-1)?.push({ at, value });
  }
  return runs;
}

function bars({ chart, width, x, y }: Frame): string[] {
  const slot = (width - MARGIN.left - MARGIN.right) / chart.labels.length;
  const wide = Math.min(18, (slot * 0.7) / chart.series.length);
  const base = y(0);
  return chart.series.flatMap((series, s) =>
    series.values.flatMap((value, i) => {
      if (value === null) return [];
      const left = x(i) + (s - chart.series.length / 2) * wide;
      const top = Math.min(base, y(value));
      const bar = `<rect x="${left.toFixed(2)}" y="${top.toFixed(2)}" width="${wide.toFixed(2)}" height="${Math.abs(base - y(value)).toFixed(2)}" fill="${colourOf(s)}"/>`;
      return wide < 8 ? [bar] : [bar, label(String(value), left + wide / 2, top - 2, 'middle', 6)];
    }),
  );
}

function thresholds({ chart, width, y }: Frame): string[] {
  return (chart.thresholds ?? []).flatMap(({ value, label: name }) => [
    `<path d="M${MARGIN.left} ${y(value)}H${width - MARGIN.right}" stroke="#b3261e" stroke-width="0.8" stroke-dasharray="4 2"/>`,
    label(name, width - MARGIN.right, y(value) - 2.5, 'end', 7, '#b3261e'),
  ]);
}

function legend({ chart }: Frame): string[] {
  const parts: string[] = [];
  let left = MARGIN.left + 8;
  for (const [i, { name }] of chart.series.entries()) {
    parts.push(
      chart.type === 'line'
        ? `<path d="M${left} 9H${left + 18}" stroke="${colourOf(i)}" stroke-width="1.4"${dashOf(i)}/>`
        : `<rect x="${left + 6}" y="5" width="10" height="8" fill="${colourOf(i)}"/>`,
      label(name, left + 22, 12, 'start', 8),
    );
    left += 22 + widthOf(name) * 8 + 16;
  }
  return parts;
}

function label(text: string, x: number, y: number, anchor: 'start' | 'middle' | 'end', size = 7, fill = GREY): string {
  return `<text x="${x.toFixed(2)}" y="${y.toFixed(2)}" font-family="${FONT}" font-size="${size}" fill="${fill}" text-anchor="${anchor}">${escaped(text)}</text>`;
}

/** Width of a text at size 1, about. */
function widthOf(text: string): number {
  let width = 0;
  for (const char of text) width += char.charCodeAt(0) < 0x2e80 ? EM * 0.56 : EM;
  return width;
}

function colourOf(index: number): string {
  return COLOURS[index % COLOURS.length] ?? GREY;
}

function dashOf(index: number): string {
  const dash = DASHES[index % DASHES.length] ?? '';
  return dash === '' ? '' : ` stroke-dasharray="${dash}"`;
}

function clamp(value: number, low: number, high: number): number {
  return Math.min(high, Math.max(low, value));
}

function escaped(text: string): string {
  return text.replace(/[&<>"]/g, (char) => `&#${char.charCodeAt(0)};`);
}
