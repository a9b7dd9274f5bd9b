import { firstSeq, type Intervals } from '@uptally/agent';
import type { ClockTraits } from '../device/clock.ts';
import { profileOf } from '../device/profile.ts';
import { DAY_MS, HOUR_MS } from '../device/rhythm.ts';
import type { Fleet, FleetDevice } from '../fleet/types.ts';
import { disturbances, everyday, type Window } from '../history/incidents.ts';
import type { Swap } from '../history/swaps.ts';
import { rngFor } from '../random/rng.ts';
import type { Credential } from '../run/life.ts';
import type { Occurrence } from '../scenario/plan.ts';
import type { DeviceTruth } from '../truth/truth.ts';
import type { PastMember } from './past-fleet.ts';

export interface PopulationOptions {
  /** As delivered, and as it stands at the end of the past. */
  readonly delivered: Fleet;
  readonly fleet: Fleet;
  readonly swaps: readonly Swap[];
  readonly window: Window;
  readonly seed: number;
  /** By serial. Devices without one have no past. */
  readonly credentials: ReadonlyMap<string, Credential>;
  readonly intervals: Partial<Intervals> & { readonly beatMs: number };
  readonly spoolRecords: number;
  readonly clockOf: (device: FleetDevice) => ClockTraits;
  /** Beside the everyday incidents and great disturbances, by serial. */
  readonly extra?: ReadonlyMap<string, readonly Occurrence[]>;
  readonly onTruth: (deviceId: string, atMs: number, truth: DeviceTruth) => void;
  readonly onFault: (serial: string, where: string, error: unknown) => void;
}

/** When the devices were handed over (R-HN-10): their sequence numbers begin there. */
const HANDED_OVER_MS = Date.UTC(2023, 11, 15);

/** Everybody who lived in the window: those in service at its end, spares since their swap, and the broken ones until theirs. */
export function populationOf(options: PopulationOptions): PastMember[] {
  const { delivered, fleet, swaps, window, seed, credentials, extra } = options;
  const inService = fleet.devices.filter((device) => device.stationCode !== null);
  const bySerial = new Map(delivered.devices.map((device) => [device.serial, device]));
  const replaced = swaps.flatMap((swap) => bySerial.get(swap.oldSerial) ?? []);
  const everybody = [...inService, ...replaced];
  const daily = everyday(everybody, window, seed);
  const great = disturbances(inService, window, seed);
  const since = new Map(swaps.map((swap) => [swap.newSerial, swap.atMs]));
  const until = new Map(swaps.map((swap) => [swap.oldSerial, swap]));
  return everybody.flatMap((device, i): PastMember[] => {
    const credential = credentials.get(device.serial);
    if (credential === undefined) return [];
    const swap = until.get(device.serial);
    const beginMs = since.get(device.serial) ?? null;
    const occurrences = [
      ...(daily[i] ?? []),
      ...(great[i] ?? []),
      ...(extra?.get(device.serial) ?? []),
      ...(swap ? [breakdown(swap, i, seed)] : []),
    ].filter((occurrence) => occurrence.atMs >= (beginMs ?? window.fromMs));
    return [member(options, device, credential, { occurrences, beginMs, removedMs: swap?.atMs ?? null })];
  });
}

interface Lot {
  readonly occurrences: readonly Occurrence[];
  readonly beginMs: number | null;
  readonly removedMs: number | null;
}

function member(options: PopulationOptions, device: FleetDevice, credential: Credential, lot: Lot): PastMember {
  const { fleet, window, seed, intervals, spoolRecords, onTruth, onFault } = options;
  const required = fleet.models.find((model) => model.code === device.modelCode)?.requiredComponents ?? [];
  const rng = rngFor(seed, 'first-boot', device.serial);
  const { deviceId, next } = credential;
  return {
    device,
    deviceId,
    profile: profileOf(device, required, seed),
    clock: options.clockOf(device),
    occurrences: lot.occurrences,
    // All have beaten once when the window begins.
    startMs: lot.beginMs ?? window.fromMs - rng.range(0.02, 0.98) * intervals.beatMs,
    upSinceMs: lot.beginMs === null ? rng.range(0.2, 40) * DAY_MS : null,
    removedMs: lot.removedMs,
    first: {
      seq: Math.max(firstSeq(HANDED_OVER_MS), next?.seq ?? 0),
      boot: (next?.boot ?? 0) + 1,
      session: next?.session ?? 0,
    },
    intervals,
    spoolRecords,
    seed,
    onTruth: (atMs, truth) => onTruth(deviceId, atMs, truth),
    onFault: (where, error) => onFault(device.serial, where, error),
  };
}

/** What made somebody swap a device: its part is broken for some hours before. */
function breakdown(swap: Swap, device: number, seed: number): Occurrence {
  const atMs = swap.atMs - rngFor(seed, 'breakdown', swap.oldSerial).range(3, 30) * HOUR_MS;
  const { component } = swap;
  return {
    id: 'breakdown',
    device,
    effect:
      component === null ? { kind: 'power_off' } : { kind: 'fault', component, state: 'fault', reason: 'no_answer' },
    atMs,
    untilMs: null,
  };
}
