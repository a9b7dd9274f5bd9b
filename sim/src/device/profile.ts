import type { FleetDevice, SiteKind } from '../fleet/types.ts';
import { hashKeys, rngFor } from '../random/rng.ts';

/** What never changes about one simulated device: how busy its site is, how well it hears the base station, how hot its room gets. */
export interface DeviceProfile {
  /** Seed of this device's noise. */
  readonly seed: number;
  readonly required: readonly string[];
  readonly consultsPerDay: number;
  readonly cpuIdlePct: number;
  readonly memBasePct: number;
  readonly memTotalMb: number;
  readonly diskBasePct: number;
  readonly diskTotalMb: number;
  readonly roomC: number;
  readonly signalDbm: number;
  /** Median round trip at a quiet hour, ms. */
  readonly rttMs: number;
  /** Share of probes lost at a quiet hour. */
  readonly lossShare: number;
  /** Length of receipt paper left at the epoch, as a part of a roll. */
  readonly paperPhase: number;
  readonly operator: string;
  readonly cell: string;
}

const CONSULTS: Record<SiteKind, readonly [number, number]> = {
  township_hospital: [60, 180],
  community: [40, 110],
  village_clinic: [4, 30],
};

/** A profile is a function of the fleet's seed and the device's serial. */
export function profileOf(device: FleetDevice, required: readonly string[], seed: number): DeviceProfile {
  const rng = rngFor(seed, 'profile', device.serial);
  const county = rngFor(seed, 'county-network', device.countyCode);
  const village = device.siteKind === 'village_clinic';
  const countyRttMs = county.range(38, 75);
  const [least, most] = CONSULTS[device.siteKind ?? 'village_clinic'];
  return {
    seed: hashKeys(seed, device.serial),
    required,
    consultsPerDay: rng.range(least, most),
    cpuIdlePct: rng.range(3, 12),
    memBasePct: rng.range(38, 58),
    memTotalMb: device.modelCode === 'NT-POS2' ? 4096 : 2048,
    diskBasePct: rng.range(28, 66),
    diskTotalMb: device.modelCode === 'NT-POS2' ? 64_000 : 16_000,
    roomC: rng.range(-2, 4),
    signalDbm: Math.round(rng.normal(village ? -91 : -81, 6)),
    rttMs: countyRttMs + rng.range(0, village ? 55 : 20),
    lossShare: village ? rng.range(0.0001, 0.0012) : rng.range(0.00005, 0.0006),
    paperPhase: rng.next(),
    operator: device.sim.operator,
    cell: `${hashKeys(device.countyCode).toString(16).slice(0, 4)}-${hashKeys(seed, device.siteCode ?? device.serial)
      .toString(16)
      .slice(0, 7)}`,
  };
}
