import { expect, test } from 'vitest';
import { contactNews, HealthTracker } from '../../src/core/health.ts';
import type { HealthPicture } from '../../src/core/ports.ts';

const picture = (printer: HealthPicture['c'][string], m: HealthPicture['m'] = {}): HealthPicture => ({
  c: { printer, cpu: { s: 'ok' } },
  m,
});

test('changes of state and reason are news, of the detail are not', () => {
  const tracker = new HealthTracker();
  tracker.full(picture({ s: 'ok' }));
  expect(tracker.changes(picture({ s: 'ok' }))).toBeNull();
  expect(tracker.changes(picture({ s: 'fault', r: 'paper_out' }))).toEqual({
    k: 'health',
    c: { printer: { s: 'fault', r: 'paper_out' } },
  });
  expect(tracker.changes(picture({ s: 'fault', r: 'paper_out', d: 'still' }))).toBeNull();
  expect(tracker.changes(picture({ s: 'fault', r: 'cover_open' }))?.c).toEqual({
    printer: { s: 'fault', r: 'cover_open' },
  });
  expect(tracker.changes(picture({ s: 'ok' }))?.c).toEqual({ printer: { s: 'ok' } });
});

test('readings: rounded for the charts, told early only if they move far', () => {
  const tracker = new HealthTracker();
  const at = (cpu_pct: number) => picture({ s: 'ok' }, { cpu_pct, load1: 0.123, mem_used_pct: 40.4 });
  expect(tracker.moved(at(10))).toBe(true);
  expect(tracker.readings(at(10.4))).toEqual({ k: 'health', m: { cpu_pct: 10, mem_used_pct: 40 } });
  expect(tracker.moved(at(39))).toBe(false);
  expect(tracker.moved(at(41))).toBe(true);
  expect(tracker.full(at(41.239))).toMatchObject({ full: true, m: { cpu_pct: 41.24, load1: 0.12 } });
  expect(tracker.moved(at(41))).toBe(false);
  expect(tracker.readings(picture({ s: 'ok' }))).toBeNull();
});

test('contacts make events', () => {
  const door = (open: boolean): HealthPicture => ({
    c: { door: open ? { s: 'warn', r: 'open' } : { s: 'ok' } },
    m: {},
  });
  expect(contactNews(door(false), door(true))).toEqual([{ k: 'event', code: 'door_open', sev: 'warn' }]);
  expect(contactNews(door(true), door(false))).toEqual([{ k: 'event', code: 'door_closed' }]);
  expect(contactNews(door(true), door(true))).toEqual([]);
});
