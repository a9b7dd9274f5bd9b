import { expect, it } from 'vitest';
import { livenessBands, SILENT_MS } from '../../src/platform/usePlatform.ts';

const NOW = Date.parse('2026-11-22T12:00:00Z');
const at = (minutesAgo: number) => new Date(NOW - minutesAgo * 60_000).toISOString();
const told = (bands: ReturnType<typeof livenessBands>) =>
  bands.map((b) => [b.state, (NOW - b.fromMs) / 60_000, (NOW - b.toMs) / 60_000]);

it('fills the time between outages', () => {
  const live = {
    component: 'ingest',
    since: at(100),
    last_alive_at: at(0),
    outages: [
      { from: at(30), to: at(20) },
      { from: at(80), to: at(75) },
    ],
  };
  expect(told(livenessBands(live, NOW))).toEqual([
    ['online', 100, 80],
    ['offline', 80, 75],
    ['online', 75, 30],
    ['offline', 30, 20],
    ['online', 20, 0],
  ]);
});

it('takes silence for an outage that goes on', () => {
  const silent = { component: 'ingest', since: at(100), last_alive_at: at(2), outages: [] };
  expect(2 * 60_000).toBeGreaterThan(SILENT_MS);
  expect(told(livenessBands(silent, NOW))).toEqual([
    ['online', 100, 2],
    ['offline', 2, 0],
  ]);
});
