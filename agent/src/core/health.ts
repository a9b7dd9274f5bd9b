import type { ComponentReport } from '@uptally/protocol';
import type { HealthPicture, RecordBody } from './ports.ts';

/** How far a reading must move from what was last sent to be sent again before its time. Others ride with the chart readings. */
const MOVES: Readonly<Record<string, number>> = {
  cpu_pct: 30,
  mem_used_pct: 10,
  disk_used_pct: 2,
  temp_c: 5,
  battery_pct: 10,
};

/** Readings of the charts. All others go with full pictures only. */
const CHARTED = ['cpu_pct', 'mem_used_pct', 'disk_used_pct', 'temp_c', 'battery_pct'] as const;

type Health = Extract<RecordBody, { k: 'health' }>;

/** Remembers what the platform was told and finds what is worth telling. */
export class HealthTracker {
  #told: Map<string, string> = new Map();
  #readings: Map<string, number> = new Map();

  /** Components that differ from what was told: at once. `null` if none do. */
  changes(picture: HealthPicture): Health | null {
    const c: Record<string, ComponentReport> = {};
    for (const [name, report] of Object.entries(picture.c)) {
      if (this.#told.get(name) !== digest(report)) c[name] = report;
    }
    if (Object.keys(c).length === 0) return null;
    for (const [name, report] of Object.entries(c)) this.#told.set(name, digest(report));
    return { k: 'health', c };
  }

  /** True if a charted reading has moved by more than its hysteresis. */
  moved(picture: HealthPicture): boolean {
    return CHARTED.some((name) => {
      const now = picture.m[name];
      const told = this.#readings.get(name);
      return now !== undefined && (told === undefined || Math.abs(now - told) >= (MOVES[name] ?? Infinity));
    });
  }

  /** The charted readings in few bytes. `null` if there are none. */
  readings(picture: HealthPicture): Health | null {
    const m: Record<string, number> = {};
    for (const name of CHARTED) {
      const value = picture.m[name];
      if (value === undefined) continue;
      m[name] = Math.round(value);
      this.#readings.set(name, value);
    }
    return Object.keys(m).length === 0 ? null : { k: 'health', m };
  }

  /** Everything. */
  full(picture: HealthPicture): Health {
    for (const [name, report] of Object.entries(picture.c)) this.#told.set(name, digest(report));
    const m: Record<string, number> = {};
    for (const [name, value] of Object.entries(picture.m)) {
      m[name] = Math.round(value * 100) / 100;
      this.#readings.set(name, value);
    }
    return { k: 'health', full: true, c: { ...picture.c }, m };
  }
}

const CONTACTS = [
  ['door', 'open', 'door_open', 'door_closed'],
  ['power', 'on_battery', 'power_lost', 'power_back'],
] as const;

/** Events for contacts that changed between two pictures: a door that was opened is news in itself (R-DG-3). */
export function contactNews(before: HealthPicture, now: HealthPicture): RecordBody[] {
  return CONTACTS.flatMap(([part, reason, begun, over]): RecordBody[] => {
    const was = before.c[part]?.r === reason;
    const is = now.c[part]?.r === reason;
    if (was === is) return [];
    return [is ? { k: 'event', code: begun, sev: 'warn' } : { k: 'event', code: over }];
  });
}

/** State and reason; the detail for people may change without being news. */
function digest(report: ComponentReport): string {
  return `${report.s}/${report.r ?? ''}`;
}
