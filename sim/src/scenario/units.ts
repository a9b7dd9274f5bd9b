/** Quantities as people write them in scenario files. Each returns `null` for what it does not understand. */

const DURATION_MS: Readonly<Record<string, number>> = { ms: 1, s: 1000, m: 60_000, h: 3_600_000, d: 86_400_000 };
const SIZE_BYTES: Readonly<Record<string, number>> = { b: 1, kb: 1e3, mb: 1e6, gb: 1e9 };

/** `1h30m`, `45s`, `250ms`, `-2h`, `0`: milliseconds. */
export function durationMs(text: string): number | null {
  if (text === '0') return 0;
  if (!/^-?(\d+(\.\d+)?(ms|s|m|h|d))+$/.test(text)) return null;
  const parts = [...text.matchAll(/(\d+(?:\.\d+)?)(ms|s|m|h|d)/g)];
  const sum = parts.reduce((total, [, value, unit]) => total + Number(value) * (DURATION_MS[unit ?? ''] ?? 0), 0);
  return Math.round(text.startsWith('-') ? -sum : sum);
}

/** `450MB`, `20 kB`: bytes, decimal units. */
export function sizeBytes(text: string): number | null {
  const match = /^(\d+(?:\.\d+)?)\s*(b|kb|mb|gb)$/i.exec(text);
  const unit = SIZE_BYTES[match?.[2]?.toLowerCase() ?? ''];
  return match === null || unit === undefined ? null : Math.round(Number(match[1]) * unit);
}

/** When a step begins: after the start, at an instant, or at the next time it is that o'clock in Hainan (UTC+8). */
export type When =
  | { readonly kind: 'after'; readonly ms: number }
  | { readonly kind: 'instant'; readonly atMs: number }
  | { readonly kind: 'clock'; readonly minuteOfDay: number };

/** `10m` after the start, `2026-11-21T02:00:00+08:00`, or `02:30`. */
export function when(text: string): When | null {
  const clock = /^([01]\d|2[0-3]):([0-5]\d)$/.exec(text);
  if (clock) return { kind: 'clock', minuteOfDay: Number(clock[1]) * 60 + Number(clock[2]) };
  if (/^\d{4}-\d\d-\d\dT\d\d:\d\d(:\d\d(\.\d+)?)?(Z|[+-]\d\d:\d\d)$/.test(text)) {
    const atMs = Date.parse(text);
    return Number.isNaN(atMs) ? null : { kind: 'instant', atMs };
  }
  const ms = durationMs(text);
  return ms === null || ms < 0 ? null : { kind: 'after', ms };
}

const ZONE_MS = 8 * 3_600_000;
const DAY_MS = 86_400_000;

/** The instant of `moment` for a scenario that starts at `startMs`. */
export function instantOf(moment: When, startMs: number): number {
  switch (moment.kind) {
    case 'after':
      return startMs + moment.ms;
    case 'instant':
      return moment.atMs;
    case 'clock': {
      const midnight = Math.floor((startMs + ZONE_MS) / DAY_MS) * DAY_MS - ZONE_MS;
      const today = midnight + moment.minuteOfDay * 60_000;
      return today >= startMs ? today : today + DAY_MS;
    }
  }
}
