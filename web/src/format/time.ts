import type { Locale } from '../app/preferences.ts';

/** The contract's zone: every absolute time in the console is shown in it, whatever the browser's zone is. */
export const ZONE = 'Asia/Shanghai';
export const ZONE_LABEL = 'UTC+8';

export type Instant = string | number | Date;

const formatters = new Map<string, Intl.DateTimeFormat>();

function formatter(locale: Locale, options: Intl.DateTimeFormatOptions): Intl.DateTimeFormat {
  const key = locale + JSON.stringify(options);
  const known = formatters.get(key);
  if (known) return known;
  const made = new Intl.DateTimeFormat(locale === 'en' ? 'en-GB' : locale, {
    timeZone: ZONE,
    hourCycle: 'h23',
    ...options,
  });
  formatters.set(key, made);
  return made;
}

/** Unix ms of an instant; NaN if it is none. */
export function toMs(at: Instant): number {
  return typeof at === 'number' ? at : new Date(at).getTime();
}

function parts(at: Instant): Record<string, string> {
  const list = formatter('en', {
    year: 'numeric',
    month: '2-digit',
    day: '2-digit',
    hour: '2-digit',
    minute: '2-digit',
    second: '2-digit',
  }).formatToParts(toMs(at));
  return Object.fromEntries(list.map((p) => [p.type, p.value]));
}

/** `2026-11-21 22:50:07`, in the contract zone. The same in both languages: it sorts, and nobody misreads it. */
export function absolute(at: Instant): string {
  const p = parts(at);
  return `${p.year}-${p.month}-${p.day} ${p.hour}:${p.minute}:${p.second}`;
}

/** `11-21 22:50`, for table cells; with the year where it is not `now`'s. */
export function shortAbsolute(at: Instant, nowMs: number): string {
  const p = parts(at);
  const year = p.year === parts(nowMs).year ? '' : `${p.year}-`;
  return `${year}${p.month}-${p.day} ${p.hour}:${p.minute}`;
}

/** `2026-11-21`, in the contract zone. */
export function day(at: Instant): string {
  return absolute(at).slice(0, 10);
}

/** For `<input type="datetime-local">`: wall time of the contract zone without seconds. */
export function toLocalInput(at: Instant): string {
  return absolute(at).slice(0, 16).replace(' ', 'T');
}

/** The instant of a `datetime-local` value read in the contract zone, RFC 3339. The zone has had no daylight saving since 1991. */
export function fromLocalInput(value: string): string {
  return `${value}:00+08:00`;
}
