import { noise, smoothNoise } from '../random/rng.ts';
import type { Conditions } from './conditions.ts';
import type { DeviceProfile } from './profile.ts';
import { busyness, cellLoad, DAY_MS, HOUR_MS, outdoorC, workdaysUntil } from './rhythm.ts';

/**
 * What the instruments of a device would show at an instant: pure functions of profile, instant and conditions in force, so that
 * live devices and generated history read the same world.
 */

/** Receipt paper: metres on a roll, and used by one consultation. */
const ROLL_M = 30;
const RECEIPT_M = 0.18;
/** Below this share of a roll the printer's near-end sensor speaks. */
const PAPER_LOW = 0.06;
/** Business traffic of one consultation and of one idle hour, bytes. */
const CONSULT_BYTES = 34_000;
const IDLE_HOUR_BYTES = 22_000;

export interface Readings {
  readonly cpuPct: number;
  readonly load1: number;
  readonly memUsedPct: number;
  readonly diskUsedPct: number;
  readonly diskWriteMs: number;
  readonly diskReadMs: number;
  readonly tempC: number;
}

export interface RadioReadings {
  readonly signalDbm: number;
  readonly rsrpDbm: number;
  readonly rsrqDb: number;
  readonly sinrDb: number;
  readonly rttMs: number;
  readonly jitterMs: number;
  readonly lossShare: number;
}

/** `bootAtMs` is when the device was switched on: memory creeps up until it is restarted. */
export function readingsAt(profile: DeviceProfile, atMs: number, bootAtMs: number, now: Conditions): Readings {
  const minute = Math.floor(atMs / 60_000);
  const busy = Math.min(1, (busyness(atMs) * profile.consultsPerDay) / 16);
  const flutter = smoothNoise(profile.seed ^ 11, atMs / 120_000);
  const cpuPct = clamp(profile.cpuIdlePct + busy * 38 + flutter * 9 + now.cpuExtraPct, 0.5, 100);
  const upDays = Math.max(0, atMs - bootAtMs) / DAY_MS;
  const tempC =
    outdoorC(atMs) + profile.roomC + 13 + cpuPct * 0.14 + smoothNoise(profile.seed ^ 12, atMs / HOUR_MS) * 3;
  return {
    cpuPct: round1(cpuPct),
    load1: round2((cpuPct / 100) * 3.1 + noise(profile.seed ^ 13, minute) * 0.2),
    memUsedPct: round1(clamp(profile.memBasePct + Math.min(upDays * 0.9, 26) + busy * 7 + flutter * 2, 5, 99)),
    diskUsedPct: round1(clamp(profile.diskBasePct + ((atMs / DAY_MS) % 90) * 0.11 + now.diskExtraPct, 1, 100)),
    diskWriteMs: round1(4 + noise(profile.seed ^ 14, minute) * 9 + busy * 6),
    diskReadMs: round1(1 + noise(profile.seed ^ 15, minute) * 3),
    tempC: round1(Math.max(tempC, now.heatToC ?? -Infinity)),
  };
}

export function radioAt(profile: DeviceProfile, atMs: number, now: Conditions): RadioReadings {
  const load = cellLoad(atMs);
  const fading = smoothNoise(profile.seed ^ 21, atMs / 600_000) * 2 - 1;
  const signalDbm = Math.round(profile.signalDbm + fading * 5);
  const weak = Math.max(0, -88 - signalDbm) / 20;
  const rttMs =
    profile.rttMs * (1 + 0.9 * load + 0.6 * weak) + noise(profile.seed ^ 22, Math.floor(atMs / 60_000)) * 18;
  return {
    signalDbm,
    rsrpDbm: signalDbm - 27,
    rsrqDb: round1(-7 - 6 * load - 2 * weak),
    sinrDb: round1(22 - 11 * load - 9 * weak + fading * 2),
    rttMs: round1(rttMs + now.delayMs),
    jitterMs: round1(3 + 9 * load + 8 * weak + now.delayMs * 0.15),
    lossShare: Math.min(1, profile.lossShare * (1 + 2 * load + 3 * weak) + now.lossShare),
  };
}

/** What is left on the printer's roll, as a part of a roll: people put in a new one when it ends. */
export function paperLeft(profile: DeviceProfile, atMs: number): number {
  const rolls = (workdaysUntil(atMs) * profile.consultsPerDay * RECEIPT_M) / ROLL_M + profile.paperPhase;
  return 1 - (rolls - Math.floor(rolls));
}

export function paperIsLow(profile: DeviceProfile, atMs: number): boolean {
  return paperLeft(profile, atMs) < PAPER_LOW;
}

/** Bytes through the radio from the epoch until an instant, by the business program: differences are what was used between. */
export function businessBytesUntil(profile: DeviceProfile, atMs: number): { readonly rx: number; readonly tx: number } {
  const total = workdaysUntil(atMs) * profile.consultsPerDay * CONSULT_BYTES + (atMs / HOUR_MS) * IDLE_HOUR_BYTES;
  return { rx: Math.floor(total * 0.62), tx: Math.floor(total * 0.38) };
}

function clamp(value: number, least: number, most: number): number {
  return Math.min(most, Math.max(least, value));
}

function round1(value: number): number {
  return Math.round(value * 10) / 10;
}

function round2(value: number): number {
  return Math.round(value * 100) / 100;
}
