/** The rhythm of a working day in Hainan (UTC+8 the year round): when people come, when it is hot, when the cells are busy. */

export const HOUR_MS = 3_600_000;
export const DAY_MS = 86_400_000;
const ZONE_MS = 8 * HOUR_MS;

/** Share of a day's consultations that falls in each local hour; adds up to 1. */
const BY_HOUR = [
  0, 0, 0, 0, 0, 0, 0.005, 0.03, 0.13, 0.16, 0.14, 0.09, 0.03, 0.03, 0.09, 0.11, 0.09, 0.05, 0.02, 0.015, 0.01, 0, 0, 0,
];
const UNTIL_HOUR = BY_HOUR.map((_, hour) => BY_HOUR.slice(0, hour).reduce((a, b) => a + b, 0));

/** Local hour of day with fraction, [0, 24). */
export function localHour(atMs: number): number {
  return ((((atMs + ZONE_MS) % DAY_MS) + DAY_MS) % DAY_MS) / HOUR_MS;
}

/** The local midnight at or before an instant, Unix ms. */
export function localMidnight(atMs: number): number {
  return Math.floor((atMs + ZONE_MS) / DAY_MS) * DAY_MS - ZONE_MS;
}

/** Consultations per hour at an instant, in parts of a day's total. */
export function busyness(atMs: number): number {
  return BY_HOUR[Math.floor(localHour(atMs))] ?? 0;
}

/** Days' worth of consultations from the epoch until an instant: never falls, so differences are what happened between. */
export function workdaysUntil(atMs: number): number {
  const hour = localHour(atMs);
  const whole = Math.floor(hour);
  const today = (UNTIL_HOUR[whole] ?? 1) + (BY_HOUR[whole] ?? 0) * (hour - whole);
  return Math.floor((atMs + ZONE_MS) / DAY_MS) + today;
}

/** Outdoor temperature, degrees Celsius: coolest at 5, hottest at 14. */
export function outdoorC(atMs: number): number {
  return 27.5 + 4.5 * Math.cos(((localHour(atMs) - 14) / 24) * 2 * Math.PI);
}

/** How loaded the radio cells are, 0 to 1: a plateau by day and the evening peak at 21. */
export function cellLoad(atMs: number): number {
  const hour = localHour(atMs);
  const bump = (centre: number, width: number): number => Math.exp(-(((hour - centre) / width) ** 2));
  return Math.min(1, 0.12 + 0.45 * bump(11, 3.5) + 0.3 * bump(16, 3) + 0.75 * bump(21, 2));
}
