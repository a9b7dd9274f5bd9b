import { clockTraits } from '../../../sim/src/device/clock-traits.ts';
import { DAY_MS, HOUR_MS } from '../../../sim/src/device/rhythm.ts';
import { hainanFleet } from '../../../sim/src/fleet/hainan.ts';
import type { Fleet } from '../../../sim/src/fleet/types.ts';
import { afterSwaps, type Swap, swapsOf } from '../../../sim/src/history/swaps.ts';
import { rngFor } from '../../../sim/src/random/rng.ts';
import { PastFleet } from '../../../sim/src/replay/past-fleet.ts';
import { type PlatformTimes, platformOutages } from '../../../sim/src/replay/platform-times.ts';
import { populationOf } from '../../../sim/src/replay/population.ts';
import type { Occurrence } from '../../../sim/src/scenario/plan.ts';
import type { DeviceTruth } from '../../../sim/src/truth/truth.ts';
import { type TrueInterval, TruthIntervals } from '../../../sim/src/truth/truth.ts';

/** A month of 200 stations, as it truly was. Everything follows from the seed. */

export const SEED = 7;
export const DEVICES = 200;
export const BEAT_MS = 30 * 60_000;
/** October 2026 in Hainan, and a day more so that the month is final. */
export const WINDOW = { fromMs: Date.UTC(2026, 8, 30, 16), untilMs: Date.UTC(2026, 10, 1, 16) };
/** A clock is set by this at most at once, ms. */
export const JUMP_MS = 3 * HOUR_MS;
/** Two days of beats: a device that is cut off for longer loses its oldest records. */
const SPOOL_RECORDS = 200;
const INTERVALS = {
  beatMs: BEAT_MS,
  healthMs: HOUR_MS,
  metricsMs: DAY_MS / 2,
  netMs: DAY_MS / 2,
  simMs: DAY_MS,
  fullMs: DAY_MS,
} as const;

export interface TrueWorld {
  readonly delivered: Fleet;
  readonly fleet: Fleet;
  readonly swaps: readonly Swap[];
  readonly platform: PlatformTimes;
  readonly past: PastFleet;
  readonly deviceIdOf: (serial: string) => string;
  /** What was true, once the past has been lived through; by device. */
  readonly truth: () => ReadonlyMap<string, readonly TrueInterval[]>;
  readonly faults: readonly unknown[];
}

export function trueWorld(): TrueWorld {
  const whole = hainanFleet(SEED);
  const delivered = {
    ...whole,
    devices: [...whole.devices.slice(0, DEVICES), ...whole.devices.filter((device) => device.stationCode === null)],
  };
  const swaps = swapsOf(delivered, WINDOW, SEED);
  const fleet = afterSwaps(delivered, swaps);
  const deviceIdOf = (serial: string): string => serial.toLowerCase();
  const credentials = new Map(
    delivered.devices.map(({ serial }) => [serial, { deviceId: deviceIdOf(serial), secret: '', enrolledMs: 0 }]),
  );
  const known: TrueInterval[] = [];
  const truths = new TruthIntervals((interval) => known.push(interval));
  const faults: unknown[] = [];
  const members = populationOf({
    delivered,
    fleet,
    swaps,
    window: WINDOW,
    seed: SEED,
    credentials,
    intervals: INTERVALS,
    spoolRecords: SPOOL_RECORDS,
    clockOf: (device) => clockTraits(device, SEED),
    extra: mishaps(delivered),
    onTruth: (deviceId: string, atMs: number, truth: DeviceTruth) => truths.note(deviceId, atMs, truth),
    onFault: (...fault) => faults.push(fault),
  });
  const platform = platformOutages(WINDOW, SEED);
  return {
    delivered,
    fleet,
    swaps,
    platform,
    past: new PastFleet({ members, platform, window: WINDOW }),
    deviceIdOf,
    truth: () => {
      truths.close(WINDOW.untilMs);
      return grouped(known);
    },
    faults,
  };
}

function grouped(intervals: readonly TrueInterval[]): Map<string, TrueInterval[]> {
  const by = new Map<string, TrueInterval[]>();
  for (const interval of intervals) by.set(interval.deviceId, [...(by.get(interval.deviceId) ?? []), interval]);
  return by;
}

/** Beside what happens every day: clocks that are set, restarts in good order, silences that no spool survives, cuts within cuts. */
function mishaps(fleet: Fleet): Map<string, Occurrence[]> {
  return new Map(
    fleet.devices.slice(0, DEVICES).map((device, index) => {
      const rng = rngFor(SEED, 'mishaps', device.serial);
      const within = (): number => Math.floor(rng.range(WINDOW.fromMs + HOUR_MS, WINDOW.untilMs - 6 * DAY_MS));
      const list: Omit<Occurrence, 'device'>[] = [];
      for (let i = 0; i < 2; i++) {
        const byMs = Math.round(rng.range(-JUMP_MS, JUMP_MS));
        list.push({ id: `clock-${i}`, effect: { kind: 'clock_jump', byMs }, atMs: within(), untilMs: null });
        list.push({ id: `restart-${i}`, effect: { kind: 'reboot' }, atMs: within(), untilMs: null });
      }
      if (index % 8 === 0) {
        const atMs = within();
        list.push({ id: 'exile', effect: { kind: 'link_down' }, atMs, untilMs: atMs + rng.range(2.5, 5) * DAY_MS });
      }
      if (index % 9 === 0) {
        const atMs = within();
        list.push({ id: 'alone', effect: { kind: 'link_down' }, atMs, untilMs: atMs + 12 * HOUR_MS });
        // The boot between the two never meets the platform.
        list.push({ id: 'dark', effect: { kind: 'power_off' }, atMs: atMs + 5 * HOUR_MS, untilMs: atMs + 7 * HOUR_MS });
        list.push({
          id: 'set',
          effect: { kind: 'clock_jump', byMs: JUMP_MS / 3 },
          atMs: atMs + 8 * HOUR_MS,
          untilMs: null,
        });
        list.push({ id: 'dim', effect: { kind: 'power_off' }, atMs: atMs + 9 * HOUR_MS, untilMs: atMs + 10 * HOUR_MS });
      }
      return [device.serial, list.map((each) => ({ ...each, device: index }))];
    }),
  );
}
