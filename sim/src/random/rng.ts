/**
 * Seeded randomness. Everything the simulator invents comes from here, keyed by what it is for, so that the same seed gives the
 * same fleet, faults and readings whatever the order in which they are asked for.
 */

/** A stream of random numbers; not for secrets. */
export interface Rng {
  /** Uniform in [0, 1). */
  next(): number;
  /** Uniform integer in [min, max], both included. */
  int(min: number, max: number): number;
  /** Uniform in [min, max). */
  range(min: number, max: number): number;
  /** True with probability `p`. */
  chance(p: number): boolean;
  /** One of `items`, which must not be empty. */
  pick<T>(items: readonly T[]): T;
  /** A copy of `items` in random order. */
  shuffle<T>(items: readonly T[]): T[];
  /** Exponentially distributed with the given mean: times between independent incidents. */
  exponential(mean: number): number;
  /** Normally distributed. */
  normal(mean: number, deviation: number): number;
}

/** 32-bit hash of a list of keys (FNV-1a with a murmur3 finish): the seed of everything that belongs to these keys. */
export function hashKeys(...keys: readonly (string | number)[]): number {
  let hash = 0x811c9dc5;
  for (const key of keys) {
    const text = String(key);
    for (let i = 0; i < text.length; i++) hash = Math.imul(hash ^ text.charCodeAt(i), 0x01000193);
    hash = Math.imul(hash ^ 0x1f, 0x01000193);
  }
  return mix32(hash);
}

/** Uniform in [0, 1), a pure function of its arguments: noise that can be sampled at any time in any order. */
export function noise(seed: number, at: number): number {
  return mix32((seed ^ Math.imul(at | 0, 0x9e3779b1)) | 0) / 2 ** 32;
}

/** {@link noise} between whole steps, interpolated: drifts instead of jumping. `at` is in steps. */
export function smoothNoise(seed: number, at: number): number {
  const step = Math.floor(at);
  const part = at - step;
  const ease = part * part * (3 - 2 * part);
  return noise(seed, step) * (1 - ease) + noise(seed, step + 1) * ease;
}

/** A stream that belongs to `keys`. */
export function rngFor(...keys: readonly (string | number)[]): Rng {
  let state = hashKeys(...keys);
  const next = (): number => {
    state = (state + 0x9e3779b9) | 0;
    return mix32(state) / 2 ** 32;
  };
  const int = (min: number, max: number): number => min + Math.floor(next() * (max - min + 1));
  return {
    next,
    int,
    range: (min, max) => min + next() * (max - min),
    chance: (p) => next() < p,
    pick: (items) => {
      const item = items[int(0, items.length - 1)];
      if (item === undefined) throw new RangeError('pick from an empty list');
      return item;
    },
    shuffle: (items) => {
      const copy = [...items];
      for (let i = copy.length - 1; i > 0; i--) {
        const j = int(0, i);
        [copy[i], copy[j]] = [copy[j] as (typeof copy)[number], copy[i] as (typeof copy)[number]];
      }
      return copy;
    },
    exponential: (mean) => -Math.log(1 - next()) * mean,
    normal: (mean, deviation) =>
      mean + deviation * Math.sqrt(-2 * Math.log(1 - next())) * Math.cos(2 * Math.PI * next()),
  };
}

function mix32(value: number): number {
  let h = value | 0;
  h = Math.imul(h ^ (h >>> 16), 0x85ebca6b);
  h = Math.imul(h ^ (h >>> 13), 0xc2b2ae35);
  return (h ^ (h >>> 16)) >>> 0;
}
