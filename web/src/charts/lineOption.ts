import type { EChartsCoreOption } from 'echarts/core';
import { decimal } from '../format/number.ts';
import { absolute, day } from '../format/time.ts';

/** `[Unix ms, value]`; null is a gap and is drawn as one. */
export type Point = readonly [number, number | null];

export interface LineSeries {
  readonly name: string;
  readonly points: readonly Point[];
  /** Told from the other series by more than colour. */
  readonly dashed?: boolean;
}

export interface LineChartInput {
  readonly series: readonly LineSeries[];
  readonly unit: string;
  readonly fromMs: number;
  readonly toMs: number;
  readonly threshold?: { readonly value: number; readonly label: string } | undefined;
  /** A fixed scale, e.g. 0 to 100 for shares. */
  readonly min?: number | undefined;
  readonly max?: number | undefined;
  /** Between two lines of the grid; chosen by itself if left out. */
  readonly interval?: number | undefined;
  /** One value a day, at its midnight: days instead of hours on the axis and in the tooltip. */
  readonly daily?: boolean;
  /** This many decimals in the tooltip, zeros too; else at most four. */
  readonly decimals?: number;
}

/** CSS custom properties resolved for the canvas, which can't read them. */
export interface Palette {
  readonly lines: readonly string[];
  readonly ink: string;
  readonly faint: string;
  readonly grid: string;
  readonly surface: string;
  readonly alarm: string;
}

export function readPalette(element: HTMLElement): Palette {
  const style = getComputedStyle(element);
  const get = (name: string) => style.getPropertyValue(name).trim();
  return {
    lines: [1, 2, 3, 4].map((n) => get(`--chart-${n}`)),
    ink: get('--ink'),
    faint: get('--ink-3'),
    grid: get('--line'),
    surface: get('--raised'),
    alarm: get('--st-offline'),
  };
}

/** `11-21` at midnight of the contract zone, `14:30` else. The axis must not follow the browser's zone. */
export function axisLabel(ms: number): string {
  const text = absolute(ms);
  return text.slice(11, 16) === '00:00' ? text.slice(5, 10) : text.slice(11, 16);
}

const HOUR = 3_600_000;
const ZONE_OFFSET_MS = 8 * HOUR;
const STEPS = [5 / 60, 10 / 60, 0.5, 1, 2, 3, 6, 12, 24, 48, 96, 168, 336].map((h) => h * HOUR);

/** Round instants of the contract zone, at most `most` of them, `leastMs` apart. */
export function axisTicks(fromMs: number, toMs: number, most: number, leastMs = 0): number[] {
  const span = toMs - fromMs;
  const step = STEPS.find((s) => s >= leastMs && span / s <= most) ?? 672 * HOUR;
  const first = Math.ceil((fromMs + ZONE_OFFSET_MS) / step) * step - ZONE_OFFSET_MS;
  const ticks: number[] = [];
  for (let at = first; at <= toMs; at += step) ticks.push(at);
  return ticks;
}

function escapeHtml(text: string): string {
  return text.replace(/[&<>"]/g, (c) => `&#${c.charCodeAt(0)};`);
}

interface TipItem {
  readonly seriesName?: string;
  readonly marker?: string;
  readonly value?: unknown;
}

function tooltip({ unit, decimals, daily }: LineChartInput) {
  const words = (value: number) => (decimals === undefined ? decimal(value, 4) : value.toFixed(decimals));
  return (items: readonly TipItem[]): string => {
    const rows = items.flatMap((item) => {
      const [, value] = (item.value ?? []) as Point;
      return value == null
        ? []
        : [`${item.marker ?? ''}${escapeHtml(item.seriesName ?? '')} <b>${words(value)}</b> ${escapeHtml(unit)}`];
    });
    const [at] = (items[0]?.value ?? [Number.NaN]) as Point;
    return rows.length > 0 ? [daily ? day(at) : absolute(at), ...rows].join('<br>') : '';
  };
}

/** True for a value whose neighbours are gaps. */
export function isLonely(points: readonly Point[], index: number): boolean {
  const has = (i: number) => points[i] !== undefined && points[i]?.[1] !== null;
  return has(index) && !has(index - 1) && !has(index + 1);
}

function lines(input: LineChartInput, palette: Palette) {
  return input.series.map((series, index) => ({
    type: 'line',
    name: series.name,
    data: series.points,
    connectNulls: false,
    showSymbol: true,
    showAllSymbol: true,
    symbol: 'circle',
    // A value between two gaps would be a line without length: a dot shows that it exists.
    symbolSize: (_value: unknown, { dataIndex }: { dataIndex: number }) =>
      isLonely(series.points, dataIndex) ? 3.5 : 0,
    lineStyle: { width: 1.4, type: series.dashed ? [6, 3] : 'solid' },
    color: palette.lines[index % palette.lines.length],
    ...(index === 0 && input.threshold ? { markLine: thresholdLine(input.threshold, palette) } : {}),
  }));
}

function thresholdLine(threshold: { value: number; label: string }, palette: Palette) {
  return {
    silent: true,
    symbol: 'none',
    animation: false,
    lineStyle: { color: palette.alarm, width: 1, type: [5, 4] },
    label: { formatter: threshold.label, position: 'insideEndTop', color: palette.alarm, fontSize: 11, distance: 2 },
    data: [{ yAxis: threshold.value }],
  };
}

/** The chart's whole description; pure, so that it can be tested without a canvas. */
export function lineOption(input: LineChartInput, palette: Palette, widthPx: number): EChartsCoreOption {
  const ticks = axisTicks(input.fromMs, input.toMs, Math.max(2, Math.floor(widthPx / 74)), input.daily ? 24 * HOUR : 0);
  const over = input.threshold?.value;
  return {
    animation: false,
    aria: { enabled: true },
    grid: { left: 42, right: 12, top: 24, bottom: 22 },
    textStyle: { fontFamily: 'inherit' },
    tooltip: {
      trigger: 'axis',
      confine: true,
      backgroundColor: palette.surface,
      borderColor: palette.grid,
      textStyle: { color: palette.ink, fontSize: 12 },
      formatter: tooltip(input),
    },
    axisPointer: { link: [{ xAxisIndex: 'all' }], lineStyle: { color: palette.faint, type: 'solid' } },
    xAxis: {
      type: 'time',
      min: input.fromMs,
      max: input.toMs,
      axisLine: { lineStyle: { color: palette.grid } },
      axisTick: { show: false, customValues: ticks },
      axisLabel: { customValues: ticks, formatter: axisLabel, color: palette.faint, fontSize: 11, hideOverlap: true },
      splitLine: { show: false },
    },
    yAxis: {
      type: 'value',
      name: input.unit,
      nameTextStyle: { color: palette.faint, fontSize: 11, align: 'right', padding: [0, 6, 0, 0] },
      nameGap: 8,
      scale: input.min === undefined,
      ...(input.min === undefined ? {} : { min: input.min }),
      max: input.max ?? (over === undefined ? undefined : (v: { max: number }) => (v.max < over ? over * 1.15 : null)),
      splitNumber: 3,
      ...(input.interval === undefined ? {} : { interval: input.interval }),
      axisLabel: {
        color: palette.faint,
        fontSize: 11,
        formatter: (value: number) => decimal(value, 4),
        // A scale that ends where the data do has no round end.
        showMaxLabel: input.max !== undefined,
      },
      splitLine: { lineStyle: { color: palette.grid } },
    },
    dataZoom: [{ type: 'inside', filterMode: 'none', zoomOnMouseWheel: 'ctrl', moveOnMouseMove: false, throttle: 80 }],
    series: lines(input, palette),
  };
}
