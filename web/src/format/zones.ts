import type { Instant } from './time.ts';
import { toMs } from './time.ts';

/** Wall times of any zone: a contract may have another one than the console's own. The words look the same everywhere. */

const formatters = new Map<string, Intl.DateTimeFormat>();

function formatter(zone: string): Intl.DateTimeFormat {
  const known = formatters.get(zone);
  if (known) return known;
  const made = new Intl.DateTimeFormat('en-GB', {
    timeZone: zone,
    hourCycle: 'h23',
    year: 'numeric',
    month: '2-digit',
    day: '2-digit',
    hour: '2-digit',
    minute: '2-digit',
    second: '2-digit',
  });
  formatters.set(zone, made);
  return made;
}

/** `2026-11-21T22:50:07`, wall time of the zone. */
export function wallTime(zone: string, at: Instant): string {
  const p = Object.fromEntries(
    formatter(zone)
      .formatToParts(toMs(at))
      .map((part) => [part.type, part.value]),
  );
  return `${p.year}-${p.month}-${p.day}T${p.hour}:${p.minute}:${p.second}`;
}

/** `2026-11-21 22:50:07` */
export function absoluteIn(zone: string, at: Instant): string {
  return wallTime(zone, at).replace('T', ' ');
}

/** `2026-11-21` */
export function dayIn(zone: string, at: Instant): string {
  return wallTime(zone, at).slice(0, 10);
}

/** How far the zone's clocks are ahead of UTC at an instant, ms. */
function offsetMs(zone: string, atMs: number): number {
  const whole = Math.floor(atMs / 1000) * 1000;
  return Date.parse(`${wallTime(zone, whole)}Z`) - whole;
}

/**
 * Unix ms of a wall time (`2026-11-21`, `2026-11-21T22:50`, seconds allowed); NaN if it is none. Of a time that the clocks show twice it is the
 * earlier one; one that they leave out is moved forward.
 */
export function instantIn(zone: string, wall: string): number {
  const utc = Date.parse(wall.length === 10 ? `${wall}T00:00:00Z` : `${wall}Z`);
  if (!Number.isFinite(utc)) return Number.NaN;
  const day = 86_400_000;
  const tries = [offsetMs(zone, utc - day), offsetMs(zone, utc + day)].map((offset) => utc - offset);
  const exact = tries.filter((at) => at + offsetMs(zone, at) === utc);
  return exact.length > 0 ? Math.min(...exact) : Math.max(...tries);
}

/** `UTC+8`, `UTC-3:30`: the zone as it is at an instant. */
export function zoneLabel(zone: string, at: Instant): string {
  const minutes = Math.round(offsetMs(zone, toMs(at)) / 60_000);
  const [hours, rest] = [Math.floor(Math.abs(minutes) / 60), Math.abs(minutes) % 60];
  if (minutes === 0) return 'UTC';
  return `UTC${minutes < 0 ? '-' : '+'}${hours}${rest === 0 ? '' : `:${String(rest).padStart(2, '0')}`}`;
}

/** The day `days` later; days are calendar days, whatever their length. */
export function addDays(day: string, days: number): string {
  return new Date(Date.parse(`${day}T00:00:00Z`) + days * 86_400_000).toISOString().slice(0, 10);
}

export interface Day {
  readonly day: string;
  readonly fromMs: number;
  readonly toMs: number;
}

/** The days that begin within `[fromMs, toMs)`, with their bounds: a day with a clock change has 23 or 25 hours. */
export function daysIn(zone: string, fromMs: number, toMs: number): Day[] {
  const days: Day[] = [];
  for (let day = dayIn(zone, fromMs); ; day = addDays(day, 1)) {
    const from = instantIn(zone, day);
    if (from >= toMs) return days;
    days.push({ day, fromMs: from, toMs: instantIn(zone, addDays(day, 1)) });
  }
}
