import { describe, expect, it } from 'vitest';
import { shownPeriod } from '../../../src/stations/timeline/period.ts';
import { clampView, LEAST_MS, ticks, viewByKey, zoomView } from '../../../src/stations/timeline/zoom.ts';

const MINUTE = 60_000;
const whole = { fromMs: 0, toMs: 1000 * MINUTE };

describe('a view', () => {
  it('stays within its whole and keeps its width at the ends', () => {
    expect(clampView({ fromMs: -50 * MINUTE, toMs: 50 * MINUTE }, whole)).toEqual({ fromMs: 0, toMs: 100 * MINUTE });
    expect(clampView({ fromMs: 990 * MINUTE, toMs: 1090 * MINUTE }, whole)).toEqual({
      fromMs: 900 * MINUTE,
      toMs: 1000 * MINUTE,
    });
  });

  it('is never narrower than ten minutes, on full minutes', () => {
    const view = clampView({ fromMs: 5.5 * MINUTE, toMs: 6 * MINUTE }, whole);
    expect(view.toMs - view.fromMs).toBeGreaterThanOrEqual(LEAST_MS);
    expect([view.fromMs % MINUTE, view.toMs % MINUTE]).toEqual([0, 0]);
  });

  it('keeps what is under the pointer where it is', () => {
    const view = { fromMs: 100 * MINUTE, toMs: 300 * MINUTE };
    expect(zoomView(view, whole, 0.5, 100 * MINUTE)).toEqual({ fromMs: 100 * MINUTE, toMs: 200 * MINUTE });
  });

  it('follows the keys', () => {
    const view = { fromMs: 400 * MINUTE, toMs: 600 * MINUTE };
    expect(viewByKey('+', view, whole)).toEqual({ fromMs: 450 * MINUTE, toMs: 550 * MINUTE });
    expect(viewByKey('ArrowLeft', view, whole)).toEqual({ fromMs: 350 * MINUTE, toMs: 550 * MINUTE });
    expect(viewByKey('0', view, whole)).toBeNull();
    expect(viewByKey('x', view, whole)).toBeUndefined();
  });

  it('has round marks from midnight on', () => {
    expect(ticks({ fromMs: 61 * MINUTE, toMs: 361 * MINUTE }, 0, 6)).toEqual(
      [120, 180, 240, 300, 360].map((m) => m * MINUTE),
    );
  });
});

describe('the period', () => {
  const now = Date.parse('2026-11-22T02:00:00Z');
  it('is the running month without a word in the address', () => {
    expect(shownPeriod(undefined, 'Asia/Shanghai', now)).toMatchObject({ fromDay: '2026-11-01', toDay: '2026-12-01' });
  });
  it('is cut to a quarter where it is longer than a timeline', () => {
    expect(shownPeriod('2026', 'Asia/Shanghai', now)).toMatchObject({ fromDay: '2026-10-01', toDay: '2027-01-01' });
  });
});
