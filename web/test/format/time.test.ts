import { describe, expect, it } from 'vitest';
import { absolute, day, fromLocalInput, shortAbsolute, toLocalInput } from '../../src/format/time.ts';

describe('time in the contract zone', () => {
  it('does not depend on the zone of the browser', () => {
    expect(absolute('2026-11-21T16:00:00Z')).toBe('2026-11-22 00:00:00');
    expect(day('2026-12-31T15:59:59.999Z')).toBe('2026-12-31');
    expect(day('2026-12-31T16:00:00Z')).toBe('2027-01-01');
  });

  it('leaves the year out of table cells while it is this one', () => {
    const now = Date.parse('2026-11-21T00:00:00Z');
    expect(shortAbsolute('2026-02-03T01:02:03Z', now)).toBe('02-03 09:02');
    expect(shortAbsolute('2025-02-03T01:02:03Z', now)).toBe('2025-02-03 09:02');
  });

  it('reads what a date field writes', () => {
    expect(toLocalInput('2026-11-21T14:50:00Z')).toBe('2026-11-21T22:50');
    expect(Date.parse(fromLocalInput('2026-11-21T22:50'))).toBe(Date.parse('2026-11-21T14:50:00Z'));
  });
});
