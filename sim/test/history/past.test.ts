import { expect, test } from 'vitest';
import { profileOf } from '../../src/device/profile.ts';
import { DAY_MS, HOUR_MS, localHour } from '../../src/device/rhythm.ts';
import { hainanFleet } from '../../src/fleet/hainan.ts';
import { bootsOf } from '../../src/history/boots.ts';
import { disturbances, everyday } from '../../src/history/incidents.ts';
import { pastOf } from '../../src/history/past.ts';
import { DEFAULT_DENSITY } from '../../src/history/slots.ts';
import { afterSwaps, swapsOf } from '../../src/history/swaps.ts';
import type { Occurrence } from '../../src/scenario/plan.ts';

const untilMs = Date.parse('2026-11-21T12:00:00+08:00');
const window = { fromMs: untilMs - 14 * DAY_MS, untilMs };
const fleet = hainanFleet(1);
const inService = fleet.devices.filter((device) => device.stationCode !== null);
const [device] = inService;
if (!device) throw new Error('no device');
const clock = { driftPpm: 5, wallErrorMs: 3_600_000 };

function past(occurrences: readonly Occurrence[]) {
  const boots = bootsOf(occurrences, window.fromMs - 3 * DAY_MS, untilMs, 100);
  const profile = profileOf(device as NonNullable<typeof device>, ['printer'], 1);
  return pastOf({
    device: device as NonNullable<typeof device>,
    profile,
    clock,
    occurrences,
    boots,
    ...window,
    density: DEFAULT_DENSITY,
  });
}
const all = (made: ReturnType<typeof past>) => [...{ [Symbol.iterator]: () => made.samples() }];
const cut = (atMs: number, lastsMs: number): Occurrence => ({
  id: 'cut',
  device: 0,
  effect: { kind: 'power_off' },
  atMs,
  untilMs: atMs + lastsMs,
});

test('a past is as long as it says, in order, and the same each time', () => {
  const made = past([]);
  const samples = all(made);
  expect(samples).toHaveLength(made.count);
  expect(all(made)).toEqual(samples);
  expect(samples.map((s) => s.monoMs)).toEqual(samples.map((s) => s.monoMs).toSorted((a, b) => a - b));
});

test('hourly beats over two weeks, minute beats at its end, each change of interval told', () => {
  const samples = all(past([]));
  const atMs = samples.flatMap((s) => (s.rec.k === 'beat' ? [s.wallMs - clock.wallErrorMs] : []));
  const longest = (from: number, until: number) =>
    Math.max(...atMs.map((at, i) => (at > from && at <= until ? at - (atMs[i - 1] ?? at) : 0)));
  expect(longest(0, untilMs)).toBe(HOUR_MS);
  expect(longest(untilMs - 28 * 60_000, untilMs)).toBe(60_000);
  const told = samples.flatMap(({ rec }) =>
    rec.k === 'event' && rec.code === 'config_applied' ? [rec.d?.beat_ms] : [],
  );
  expect(told).toEqual([3_600_000, 60_000]);
});

test('a power cut ends a boot: silence, then a boot event under the next number with a young clock', () => {
  const atMs = window.fromMs + 5 * DAY_MS;
  const samples = all(past([cut(atMs, 2 * HOUR_MS)]));
  const boots = [...new Set(samples.map((s) => s.boot))];
  expect(boots).toEqual([99, 100]);
  const second = samples.filter((s) => s.boot === 100);
  expect(second.find((s) => s.rec.k === 'event')).toMatchObject({ rec: { code: 'boot' }, monoMs: 0 });
  const silentFrom = Math.max(...samples.filter((s) => s.boot === 99).map((s) => s.wallMs)) - clock.wallErrorMs;
  expect(silentFrom).toBeLessThan(atMs);
  expect((second[0]?.wallMs ?? 0) - clock.wallErrorMs).toBeGreaterThanOrEqual(atMs + 2 * HOUR_MS);
});

test('a fault is reported when it begins and when it ends', () => {
  const atMs = window.fromMs + 3 * DAY_MS;
  const effect = { kind: 'fault', component: 'card_reader', state: 'fault', reason: 'no_answer' } as const;
  const samples = all(past([{ id: 'x', device: 0, effect, atMs, untilMs: atMs + HOUR_MS }]));
  const changes = samples.flatMap(({ rec }) =>
    rec.k === 'health' && rec.c && !rec.full ? [rec.c.card_reader?.s] : [],
  );
  expect(changes).toEqual(['fault', 'ok']);
});

test('incidents are a function of the seed and go on as the same process when the window grows', () => {
  const short = everyday(inService, window, 1);
  expect(everyday(inService, window, 1)).toEqual(short);
  const longer = everyday(inService, { ...window, untilMs: untilMs + 2 * DAY_MS }, 1);
  expect(longer.map((list) => list.filter((o) => o.atMs < untilMs))).toEqual(short);
  expect(everyday(inService, window, 2)).not.toEqual(short);
});

test('people find printers empty by day', () => {
  const papers = everyday(inService, window, 1)
    .flat()
    .filter((o) => o.effect.kind === 'fault' && o.effect.reason === 'paper_out');
  expect(papers.length).toBeGreaterThan(200);
  for (const { atMs } of papers) expect(localHour(atMs)).toBeGreaterThanOrEqual(8);
});

test('a fortnight has county outages and a night without power, all over before now', () => {
  const found = disturbances(inService, window, 1).flat();
  const outages = new Set(found.filter((o) => o.id.startsWith('county-outage')).map((o) => o.id));
  expect(outages.size).toBeGreaterThanOrEqual(3);
  expect(found.some((o) => o.id === 'mass-power-cut' && o.effect.kind === 'power_off')).toBe(true);
  for (const { untilMs: end } of found) expect(end).toBeLessThan(untilMs);
});

test('swaps put spares of the same county to stations and leave their number as it is (R-HN-4)', () => {
  const swaps = swapsOf(fleet, window, 1);
  expect(swaps.length).toBeGreaterThan(8);
  const after = afterSwaps(fleet, swaps);
  expect(after.devices.filter((d) => d.lifecycle === 'in_service')).toHaveLength(2754);
  for (const swap of swaps) {
    const spare = after.devices.find((d) => d.serial === swap.newSerial);
    const old = fleet.devices.find((d) => d.serial === swap.oldSerial);
    expect(spare?.stationCode).toBe(old?.stationCode);
    expect(spare?.countyCode).toBe(old?.countyCode);
    expect(after.devices.some((d) => d.serial === swap.oldSerial)).toBe(false);
  }
});
