import { DAY_MS, HOUR_MS, localHour } from '../device/rhythm.ts';
import type { FleetDevice } from '../fleet/types.ts';
import { type Rng, rngFor } from '../random/rng.ts';
import type { LastingEffect } from '../scenario/effects.ts';
import type { Occurrence } from '../scenario/plan.ts';

/**
 * What goes wrong in an ordinary fortnight of the fleet. The past of the demo is made of it, and its present goes on with the same
 * process, so that the seam can't be seen. Rates are ours, chosen to be believable; the parts that break are those of R-HN-2.
 */

export interface Window {
  readonly fromMs: number;
  readonly untilMs: number;
}

interface Habit {
  readonly key: string;
  /** Mean days between two on one device. */
  readonly everyDays: number;
  /** Shortest and longest, ms; drawn so that short ones are common. */
  readonly lastsMs: readonly [number, number];
  /** Happens only while people are served. */
  readonly daytime: boolean;
  readonly effect: LastingEffect;
}

const MINUTE_MS = 60_000;
const fault = (component: string, reason: string, detail?: string): LastingEffect => ({
  kind: 'fault',
  component,
  reason,
  state: 'fault',
  ...(detail === undefined ? {} : { detail }),
});

const HABITS: readonly Habit[] = [
  { key: 'no-network', everyDays: 14, lastsMs: [3 * MINUTE_MS, 90 * MINUTE_MS], daytime: false, effect: { kind: 'link_down' } },
  { key: 'cut-off', everyDays: 45, lastsMs: [2 * HOUR_MS, 20 * HOUR_MS], daytime: false, effect: { kind: 'link_down' } },
  { key: 'poor-network', everyDays: 10, lastsMs: [20 * MINUTE_MS, 4 * HOUR_MS], daytime: false, effect: { kind: 'link_poor', delayMs: 380, lossShare: 0.02 } },
  { key: 'power', everyDays: 22, lastsMs: [6 * MINUTE_MS, 3 * HOUR_MS], daytime: false, effect: { kind: 'power_off' } },
  { key: 'paper', everyDays: 30, lastsMs: [8 * MINUTE_MS, 3 * HOUR_MS], daytime: true, effect: fault('printer', 'paper_out') },
  { key: 'cover', everyDays: 90, lastsMs: [2 * MINUTE_MS, 40 * MINUTE_MS], daytime: true, effect: fault('printer', 'cover_open') },
  { key: 'printer', everyDays: 500, lastsMs: [4 * HOUR_MS, 30 * HOUR_MS], daytime: true, effect: fault('printer', 'no_answer', '/dev/usb/lp0') },
  { key: 'card', everyDays: 450, lastsMs: [2 * HOUR_MS, 40 * HOUR_MS], daytime: true, effect: fault('card_reader', 'no_answer') },
  { key: 'id', everyDays: 600, lastsMs: [2 * HOUR_MS, 40 * HOUR_MS], daytime: true, effect: fault('id_reader', 'disconnected') },
  { key: 'screen', everyDays: 2500, lastsMs: [12 * HOUR_MS, 50 * HOUR_MS], daytime: true, effect: fault('screen', 'disconnected') },
  { key: 'disk', everyDays: 3000, lastsMs: [10 * HOUR_MS, 60 * HOUR_MS], daytime: false, effect: fault('storage', 'write_failed', '/data') },
  { key: 'program', everyDays: 120, lastsMs: [2 * MINUTE_MS, 50 * MINUTE_MS], daytime: true, effect: fault('program', 'not_running') },
  { key: 'heat', everyDays: 300, lastsMs: [1 * HOUR_MS, 6 * HOUR_MS], daytime: true, effect: { kind: 'heat', toC: 88 } },
]; // biome-ignore format: a table

/** All that happens to each device within `window`, ordered by time; lasting beyond its end is possible. */
export function everyday(devices: readonly FleetDevice[], window: Window, seed: number): Occurrence[][] {
  return devices.map((device, index) =>
    HABITS.flatMap((habit) => habitual(device, index, habit, window, seed)).sort((a, b) => a.atMs - b.atMs),
  );
}

function habitual(device: FleetDevice, index: number, habit: Habit, window: Window, seed: number): Occurrence[] {
  const rng = rngFor(seed, 'everyday', device.serial, habit.key);
  const meanMs = habit.everyDays * DAY_MS;
  const found: Occurrence[] = [];
  let atMs = window.fromMs + rng.exponential(meanMs);
  for (let i = 0; atMs < window.untilMs; i++) {
    const beginMs = habit.daytime ? intoOfficeHours(atMs, rng) : atMs;
    const untilMs = beginMs + skewed(rng, habit.lastsMs);
    found.push({ id: `everyday-${habit.key}-${i}`, device: index, effect: habit.effect, atMs: beginMs, untilMs });
    atMs = untilMs + rng.exponential(meanMs);
  }
  return found.filter((item) => item.atMs < window.untilMs);
}

/** The great disturbances of the past: counties cut off, a night without power, links that flap for days. */
export function disturbances(devices: readonly FleetDevice[], window: Window, seed: number): Occurrence[][] {
  const rng = rngFor(seed, 'disturbances');
  const perDevice: Occurrence[][] = devices.map(() => []);
  const counties = rng.shuffle([...new Set(devices.map((device) => device.countyCode))]);
  const days = (window.untilMs - window.fromMs) / DAY_MS;
  const strike = (key: string, county: string | undefined, atMs: number, lastsMs: number, effect: LastingEffect) => {
    devices.forEach((device, index) => {
      if (device.countyCode !== county || device.stationCode === null || !rng.chance(0.94)) return;
      const begin = atMs + rng.range(0, 20_000);
      const end = begin + lastsMs * rng.range(0.9, 1.1);
      if (end < window.untilMs) perDevice[index]?.push({ id: key, device: index, effect, atMs: begin, untilMs: end });
    });
  };
  for (let i = 0; i < Math.max(1, Math.round(days / 4)); i++) {
    const atMs = window.fromMs + rng.range(0.05, 0.9) * (window.untilMs - window.fromMs);
    strike(`county-outage-${i}`, counties[i], atMs, rng.range(25, 150) * MINUTE_MS, { kind: 'link_down' });
  }
  const night = atHour(window.fromMs + 0.6 * (window.untilMs - window.fromMs), 2.5);
  for (const county of counties.slice(-2)) {
    strike('mass-power-cut', county, night, 70 * MINUTE_MS, { kind: 'power_off' });
  }
  for (const index of rng.shuffle(devices.map((_, i) => i)).slice(0, Math.ceil(devices.length / 150))) {
    perDevice[index]?.push(...flapping(index, window, rng));
  }
  return perDevice;
}

function flapping(device: number, window: Window, rng: Rng): Occurrence[] {
  const found: Occurrence[] = [];
  const endMs = window.untilMs - rng.range(2, 20) * HOUR_MS;
  for (let atMs = Math.max(window.fromMs, endMs - 30 * HOUR_MS); atMs < endMs; ) {
    const untilMs = atMs + rng.range(5, 25) * MINUTE_MS;
    found.push({ id: `flap-${found.length}`, device, effect: { kind: 'link_down' }, atMs, untilMs });
    atMs = untilMs + rng.range(15, 80) * MINUTE_MS;
  }
  return found;
}

/** Moves an instant outside 8 to 17 o'clock to the next working hour. */
function intoOfficeHours(atMs: number, rng: Rng): number {
  const hour = localHour(atMs);
  if (hour >= 8 && hour < 17) return atMs;
  return atMs + ((8 - hour + 24) % 24) * HOUR_MS + rng.range(0, 2 * HOUR_MS);
}

function atHour(atMs: number, hour: number): number {
  return atMs + (hour - localHour(atMs)) * HOUR_MS;
}

function skewed(rng: Rng, [least, most]: readonly [number, number]): number {
  return least + (most - least) * rng.next() ** 2;
}
