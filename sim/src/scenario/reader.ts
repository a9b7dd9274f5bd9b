import type { Path, Source } from './problems.ts';
import { durationMs, sizeBytes } from './units.ts';

/** Reads the fields of one mapping, noting what is wrong instead of throwing. Readers give `null` where the value is unusable. */
export class Reader {
  readonly #source: Source;
  readonly #path: Path;
  readonly #map: Readonly<Record<string, unknown>>;

  constructor(source: Source, path: Path, value: unknown, known: readonly string[]) {
    this.#source = source;
    this.#path = path;
    const isMap = typeof value === 'object' && value !== null && !Array.isArray(value);
    if (!isMap) source.fault(path, `must be a mapping with ${known.join(', ')}`);
    this.#map = isMap ? (value as Record<string, unknown>) : {};
    for (const key of Object.keys(this.#map)) {
      if (!known.includes(key)) source.fault([...path, key], `unknown field; known are ${known.join(', ')}`);
    }
  }

  at(key: string): Path {
    return [...this.#path, key];
  }

  has(key: string): boolean {
    return this.#map[key] !== undefined;
  }

  raw(key: string): unknown {
    return this.#map[key];
  }

  fault(key: string, message: string): null {
    this.#source.fault(this.at(key), message);
    return null;
  }

  text(key: string): string | null {
    const value = this.#map[key];
    if (value === undefined) return this.fault(key, 'is missing');
    if (typeof value === 'number') return String(value);
    return typeof value === 'string' && value !== '' ? value : this.fault(key, 'must be text');
  }

  oneOf<T extends string>(key: string, allowed: readonly T[]): T | null {
    const value = this.text(key);
    if (value === null) return null;
    return allowed.find((item) => item === value) ?? this.fault(key, `must be one of ${allowed.join(', ')}`);
  }

  number(key: string, min: number, max: number, whole = false): number | null {
    const value = this.#map[key];
    if (value === undefined) return this.fault(key, 'is missing');
    const ok = typeof value === 'number' && value >= min && value <= max && (!whole || Number.isInteger(value));
    return ok ? value : this.fault(key, `must be a ${whole ? 'whole ' : ''}number from ${min} to ${max}`);
  }

  duration(key: string, least = 0): number | null {
    const text = this.text(key);
    if (text === null) return null;
    const ms = durationMs(text);
    if (ms === null) return this.fault(key, 'must be a duration such as 90s, 10m, 1h30m');
    return ms >= least ? ms : this.fault(key, `must be at least ${least} ms`);
  }

  size(key: string): number | null {
    const text = this.text(key);
    if (text === null) return null;
    return sizeBytes(text) ?? this.fault(key, 'must be a size such as 450MB');
  }
}
