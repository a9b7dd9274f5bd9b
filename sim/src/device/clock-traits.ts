import type { FleetDevice } from '../fleet/types.ts';
import { rngFor } from '../random/rng.ts';
import type { ClockTraits } from './clock.ts';

/** Oscillators are off by some parts per million; wall clocks by seconds, a few by hours. */
export function clockTraits(device: FleetDevice, seed: number): ClockTraits {
  const rng = rngFor(seed, 'clock', device.serial);
  const wallErrorMs = rng.chance(0.03) ? rng.range(-8, 8) * 3_600_000 : rng.normal(0, 20_000);
  return { driftPpm: rng.range(-8, 8), wallErrorMs: Math.round(wallErrorMs) };
}
