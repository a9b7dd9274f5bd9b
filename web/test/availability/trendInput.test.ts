import { describe, expect, it } from 'vitest';
import type { Figure, TrendDay } from '../../src/availability/model.ts';
import { type Period, parsePeriod } from '../../src/availability/period.ts';
import { dayMs, scaleOf, trendInput, zoomDays } from '../../src/availability/trendInput.ts';

const october = parsePeriod('2026-10') as Period;
const words = { name: (d: string) => d, threshold: (p: string) => `target ${p}` };

function figure(percent: string | null): Figure {
  return {
    percent,
    daily: percent === null ? null : { intact: 1, counted: 2, percent: '50.00' },
    target_percent: '95',
  } as Figure;
}
function day(at: string, network: string | null): TrendDay {
  return { day: at, stations: 1, network: figure(network), equipment: figure('100.00'), closed: false, final: true };
}

describe('trend', () => {
  it('leaves gaps where a day has no figure', () => {
    const days = [day('2026-10-01', '99.00'), day('2026-10-03', null), day('2026-10-04', '97.50')];
    const input = trendInput(days, october, '2026-10-04', 'rate', words);
    expect(input.series[0]?.points.map(([, value]) => value)).toEqual([99, null, null, 97.5]);
    expect(input.series[0]?.points[0]?.[0]).toBe(dayMs('2026-10-01'));
    expect(input).toMatchObject({ unit: '%', max: 100, min: 90, threshold: { value: 95, label: 'target 95' } });
  });

  it('draws the other reading on demand', () => {
    const input = trendInput([day('2026-10-01', '99.00')], october, '2026-10-01', 'daily', words);
    expect(input.series.map((s) => s.points)).toEqual([[[dayMs('2026-10-01'), 50]], [[dayMs('2026-10-01'), 50]]]);
  });

  it('keeps the scale below everything that is drawn', () => {
    expect(scaleOf([])).toEqual({ min: 0, interval: 25 });
    expect(scaleOf([100])).toEqual({ min: 99.5, interval: 0.1 });
    expect(scaleOf([99.8, 99.4])).toEqual({ min: 99, interval: 0.2 });
    expect(scaleOf([95, 97.2])).toEqual({ min: 90, interval: 2 });
    expect(scaleOf([42])).toEqual({ min: 0, interval: 25 });
    expect(scaleOf([0])).toEqual({ min: 0, interval: 25 });
  });

  it('zooms to the days that are touched, not to all, not to one', () => {
    const at = (d: string) => dayMs(d);
    expect(zoomDays(at('2026-10-05') + 1, at('2026-10-09'), october)).toMatchObject({
      fromDay: '2026-10-05',
      toDay: '2026-10-10',
    });
    expect(zoomDays(at('2026-10-01'), at('2026-10-31'), october)).toBeNull();
    expect(zoomDays(at('2026-10-05'), at('2026-10-05'), october)).toBeNull();
  });
});
