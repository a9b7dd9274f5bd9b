import type { ComponentReport, ComponentState, Reason } from '@uptally/protocol';
import type { HealthPicture } from '../core/ports.ts';

/** What one probe contributes to the picture. */
export interface Reading {
  readonly c?: HealthPicture['c'];
  readonly m?: HealthPicture['m'];
}

/** Reads one part. Must not throw for a part that is missing or broken: that is what it reports. */
export type Probe = (fresh?: boolean) => Promise<Reading>;

export function report(s: ComponentState, r?: Reason, d?: string): ComponentReport {
  return { s, ...(r && { r }), ...(d && { d: d.slice(0, 256) }) };
}

/** The device has no such part. */
export const ABSENT = report('absent');

/** Repeats the last answer until `everyMs` have passed, for probes that cost flash wear or modem time, unless a fresh one is wanted. */
export function atMostEvery<T>(
  everyMs: number,
  monoMs: () => number,
  read: () => Promise<T>,
): (fresh?: boolean) => Promise<T> {
  let last: { readonly atMs: number; readonly value: T } | null = null;
  return async (fresh = false) => {
    if (!fresh && last && monoMs() - last.atMs < everyMs) return last.value;
    last = { atMs: monoMs(), value: await read() };
    return last.value;
  };
}
