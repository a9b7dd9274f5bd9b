import { describe, expect, it } from 'vitest';
import { axisLabel, axisTicks, isLonely, lineOption, type Palette } from '../../src/charts/lineOption.ts';

const DAY = 86_400_000;
const from = Date.parse('2026-11-20T17:10:00Z');
const palette: Palette = { lines: ['#111'], ink: '#222', faint: '#333', grid: '#444', surface: '#555', alarm: '#666' };

describe('line chart', () => {
  it('puts ticks at round times of the contract zone', () => {
    const ticks = axisTicks(from, from + DAY, 6);
    expect(ticks.map(axisLabel)).toEqual(['06:00', '12:00', '18:00', '11-22']);
    expect(axisTicks(from, from + 30 * DAY, 8).length).toBeLessThanOrEqual(8);
  });

  it('keeps gaps as gaps, names the unit and draws the threshold', () => {
    const points = [
      [from, 1],
      [from + 1, null],
      [from + 2, 3],
    ] as const;
    const option = lineOption(
      {
        series: [{ name: 'RTT', points }],
        unit: 'ms',
        fromMs: from,
        toMs: from + DAY,
        threshold: { value: 400, label: '400 ms' },
      },
      palette,
      600,
    );
    const [series] = option.series as { connectNulls: boolean; data: unknown; markLine: { data: unknown } }[];
    expect(series).toMatchObject({ connectNulls: false, data: points, markLine: { data: [{ yAxis: 400 }] } });
    expect(option.yAxis).toMatchObject({ name: 'ms' });
  });

  it('shows a single value between gaps as a dot', () => {
    const points = [
      [0, 1],
      [1, null],
      [2, 3],
      [3, 4],
    ] as const;
    expect(points.map((_, i) => isLonely(points, i))).toEqual([true, false, false, false]);
  });

  it('does not let names of devices into the tooltip as markup', () => {
    const option = lineOption(
      { series: [{ name: 'x', points: [] }], unit: '%', fromMs: from, toMs: from + DAY },
      palette,
      600,
    );
    const { formatter } = option.tooltip as { formatter: (items: object[]) => string };
    expect(formatter([{ seriesName: '<img onerror=1>', value: [from, 1] }])).not.toContain('<img');
  });
});
