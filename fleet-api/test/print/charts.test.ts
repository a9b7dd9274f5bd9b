import { describe, expect, it } from 'vitest';
import { chartSvg, ticksOf } from '../../src/print/charts.ts';
import type { ChartBlock } from '../../src/print/document.ts';

const line = (values: readonly (number | null)[]): ChartBlock => ({
  kind: 'chart',
  type: 'line',
  labels: values.map((_, i) => `${i + 1}`),
  series: [{ name: '网络', values }],
  unit: '%',
  max: 100,
  thresholds: [{ value: 95, label: '目标 95%' }],
});

describe('charts', () => {
  it('show gaps as gaps, and a lone value as a dot', () => {
    const svg = chartSvg(line([97, 98, null, 96, null, 99, 97]), 400) ?? '';
    expect(svg.match(/stroke-width="1\.2"/g)).toHaveLength(2);
    expect(svg.match(/<circle/g)).toHaveLength(1);
  });

  it('name the unit and the target, and keep to the ceiling', () => {
    const svg = chartSvg(line([99, 100]), 400) ?? '';
    expect(svg).toContain('>%</text>');
    expect(svg).toContain('目标 95%');
    expect(svg).toContain('>100</text>');
    expect(svg).not.toContain('>102</text>');
  });

  it('are none without a value', () => {
    expect(chartSvg(line([null, null]), 400)).toBeNull();
  });

  it('escape what people wrote', () => {
    const chart: ChartBlock = {
      kind: 'chart',
      type: 'bar',
      labels: ['<x>'],
      series: [{ name: 'a&b', values: [3] }],
      unit: '"',
    };
    expect(chartSvg(chart, 400)).not.toMatch(/<x>|a&b/);
  });

  it.each([
    [0, 15, undefined, [0, 5, 10, 15]],
    [94.2, 99.9, 100, [94, 96, 98, 100]],
    [7, 7, undefined, [7, 7.25, 7.5, 7.75, 8]],
    [100, 100, 100, [97.5, 100]],
  ])('have round ticks around %d to %d', (from, to, ceiling, ticks) => {
    const found = ticksOf(from, to, ceiling);
    expect(found[0]).toBeLessThanOrEqual(from);
    expect(found.at(-1)).toBeGreaterThanOrEqual(to);
    expect(found.length).toBeGreaterThan(1);
    expect(found.length).toBeLessThanOrEqual(8);
    if (from !== to) expect(found).toEqual(ticks);
  });
});
