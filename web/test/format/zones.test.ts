import { describe, expect, it } from 'vitest';
import { addDays, daysIn, instantIn, wallTime, zoneLabel } from '../../src/format/zones.ts';

describe('wall times', () => {
  it('come back from the instant that they name', () => {
    expect(wallTime('Asia/Shanghai', '2026-10-04T16:00:00Z')).toBe('2026-10-05T00:00:00');
    expect(instantIn('Asia/Shanghai', '2026-10-05')).toBe(Date.parse('2026-10-04T16:00:00Z'));
    expect(instantIn('America/New_York', '2026-07-01T08:30')).toBe(Date.parse('2026-07-01T12:30:00Z'));
  });

  it('are the earlier one where the clocks show them twice, and moved forward where they leave them out', () => {
    expect(instantIn('Europe/Berlin', '2026-10-25T02:30')).toBe(Date.parse('2026-10-25T00:30:00Z'));
    expect(instantIn('Europe/Berlin', '2026-03-29T02:30')).toBe(Date.parse('2026-03-29T01:30:00Z'));
  });

  it('that are none give no instant', () => {
    expect(instantIn('Asia/Shanghai', 'yesterday')).toBeNaN();
  });
});

describe('days', () => {
  it('have 23 and 25 hours where the clocks change', () => {
    const hours = (day: string) =>
      daysIn('Europe/Berlin', instantIn('Europe/Berlin', day), instantIn('Europe/Berlin', addDays(day, 1)));
    const lengths = [hours('2026-03-29'), hours('2026-10-25')].map((d) =>
      d.map((x) => (x.toMs - x.fromMs) / 3_600_000),
    );
    expect(lengths).toEqual([[23], [25]]);
  });
});

describe('the label of a zone', () => {
  it('is its offset', () => {
    const at = '2026-07-01T00:00:00Z';
    expect(['Asia/Shanghai', 'UTC', 'America/St_Johns'].map((zone) => zoneLabel(zone, at))).toEqual([
      'UTC+8',
      'UTC',
      'UTC-2:30',
    ]);
  });
});
