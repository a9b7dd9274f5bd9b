import { Temporal } from 'temporal-polyfill';
import type { Interval } from '../intervals.ts';

/** A calendar day, `YYYY-MM-DD`. Days compare as strings. */
export type Day = string;

const DAY_MS = 86_400_000;
const CACHED_DAYS = 4096;
const boundsByZone = new Map<string, Map<Day, Interval>>();

/**
 * The day in the time zone: from its first instant to that of the next day, so 23 to 25 hours where clocks change. Empty if the
 * zone leapt over the day. Throws a RangeError for a day that the calendar lacks or a zone that nobody knows.
 */
export function dayBounds(timeZone: string, day: Day): Interval {
  let days = boundsByZone.get(timeZone);
  const known = days?.get(day);
  if (known !== undefined) return known;
  const bounds = { from: startOfDay(timeZone, day), to: startOfDay(timeZone, addDays(day, 1)) };
  if (days === undefined || days.size >= CACHED_DAYS) {
    days = new Map();
    boundsByZone.set(timeZone, days);
  }
  days.set(day, bounds);
  return bounds;
}

/** The day in which the instant lies. */
export function dayOf(timeZone: string, instant: number): Day {
  const guess = new Date(instant).toISOString().slice(0, 10);
  for (const day of [guess, addDays(guess, 1), addDays(guess, -1)]) {
    const { from, to } = dayBounds(timeZone, day);
    if (from <= instant && instant < to) return day;
  }
  throw new RangeError(`no day of ${timeZone} holds the instant ${instant}`);
}

/** The days that the window touches, in order. */
export function daysOf(timeZone: string, { from, to }: Interval): Day[] {
  const days: Day[] = [];
  if (from >= to) return days;
  for (let day = dayOf(timeZone, from); ; day = addDays(day, 1)) {
    const bounds = dayBounds(timeZone, day);
    if (bounds.from >= to) return days;
    if (bounds.from < bounds.to) days.push(day);
  }
}

/** The day that is `count` days later, or earlier if negative. Throws a RangeError if `day` is not a day. */
export function addDays(day: Day, count: number): Day {
  const midnight = /^\d{4}-\d{2}-\d{2}$/.test(day) ? Date.parse(`${day}T00:00:00Z`) : Number.NaN;
  if (Number.isNaN(midnight) || new Date(midnight).toISOString().slice(0, 10) !== day) {
    throw new RangeError(`not a day: ${day}`);
  }
  return new Date(midnight + count * DAY_MS).toISOString().slice(0, 10);
}

/** 0 for Monday to 6 for Sunday. */
export function weekday(day: Day): number {
  return (new Date(`${day}T00:00:00Z`).getUTCDay() + 6) % 7;
}

/**
 * The instant of a local time `HH:MM` (or `24:00`). A time that the clocks leapt over moves forward by the leap, one that comes
 * twice is the earlier.
 */
export function instantOf(timeZone: string, day: Day, time: string): number {
  const { from, to } = dayBounds(timeZone, day);
  const minutes = Number(time.slice(0, 2)) * 60 + Number(time.slice(3));
  if (minutes === 1440) return to;
  if (to - from === DAY_MS) return from + minutes * 60_000;
  return Temporal.PlainDateTime.from(`${day}T${time}`).toZonedDateTime(timeZone).epochMilliseconds;
}

function startOfDay(timeZone: string, day: Day): number {
  return Temporal.PlainDate.from(day).toZonedDateTime(timeZone).epochMilliseconds;
}
