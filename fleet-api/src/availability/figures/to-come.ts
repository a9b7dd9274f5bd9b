import { clip, dayBounds, duration, type Interval, parseCalendar, requiredTime, serviceHours } from '@uptally/sla';
import type { Queryable } from '../../db/index.ts';
import type { Contract } from '../contracts/schemas.ts';
import { loadDayTable } from '../ledger/index.ts';
import type { Found, StationFigure } from './asked.ts';
import { selectSuspensions } from './to-come-sql.ts';

/** The instants of a contract's term. */
export function termOf({ time_zone, term_from, term_to }: Contract): Interval {
  return {
    from: dayBounds(time_zone, term_from).from,
    to: term_to === null ? Number.MAX_SAFE_INTEGER : dayBounds(time_zone, term_to).from,
  };
}

/** Required time of the period that is in no figure yet, of all stations, ms: what the calendar promises less what is suspended. */
export async function requiredToCome(db: Queryable, found: Found, nowMs: number): Promise<number> {
  const { contract, period, stations } = found;
  const begins = stations.map((station) => beginOf(found, station, nowMs));
  const window = { from: begins.reduce((a, b) => Math.min(a, b), period.to), to: period.to };
  if (window.from >= window.to) return 0;
  const days = await loadDayTable(db);
  const hours = serviceHours(parseCalendar(contract.calendar), contract.time_zone, days, window);
  const suspensions = await selectSuspensions(
    db,
    stations.map(({ station }) => station.id),
    window,
  );
  const term = termOf(contract);
  const known = new Map<string, number>();
  return stations.reduce((sum, { station }, i) => {
    const from = begins[i] ?? period.to;
    const { commissioned_at: since, decommissioned_at: until } = station;
    if (since === null || from >= period.to) return sum;
    const commissioned = { from: since.getTime(), to: until?.getTime() ?? Number.MAX_SAFE_INTEGER };
    const suspended = suspensions.get(station.id) ?? [];
    const rest = { from, to: period.to };
    // Most stations are alike: in commission throughout, never suspended, computed to the same instant.
    const key = `${Math.max(from, commissioned.from)} ${Math.min(period.to, commissioned.to)}`;
    const alike = suspended.length === 0 ? known.get(key) : undefined;
    const ms =
      alike ??
      duration(requiredTime({ term, commissioned, suspensions: suspended, serviceHours: clip(hours, rest) }, rest));
    if (suspended.length === 0) known.set(key, ms);
    return sum + ms;
  }, 0);
}

/** Where a station's figures end and the time to come begins. */
function beginOf({ period, slices }: Found, { sums }: StationFigure, nowMs: number): number {
  if (slices.at(-1)?.closedId != null) return period.to;
  return Math.max(period.from, sums.computedTo ?? Math.min(nowMs, period.to));
}
