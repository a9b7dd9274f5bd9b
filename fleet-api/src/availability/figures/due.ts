import { addDays, dayOf } from '@uptally/sla';
import type { Contract } from '../contracts/schemas.ts';
import { type DayRange, daysBetween, overlapDays, type Slice } from './period.ts';
import type { StationPlace } from './stations-sql.ts';
import type { Sums } from './sums-sql.ts';

/** After its first instant, a day has this long to get its first figures before they count as missing, ms. */
const FIRST_FIGURES_MS = 15 * 60_000;
/** A day after any contract's end. */
const NEVER = '9999-12-31';

/** Open days on which stations in commission should have figures by now. */
export function dueRanges(contract: Contract, slices: readonly Slice[], nowMs: number): DayRange[] {
  const begun = addDays(dayOf(contract.time_zone, nowMs - FIRST_FIGURES_MS), 1);
  const term = { fromDay: contract.term_from, toDay: contract.term_to ?? NEVER };
  return slices
    .filter(({ closedId }) => closedId === null)
    .map((slice) => overlapDays(overlapDays(slice, term), { fromDay: '0000-01-01', toDay: begun }));
}

/** Number of the due days on which the station is in commission. */
export function daysDue({ from_day, to_day }: StationPlace, due: readonly DayRange[]): number {
  if (from_day === null) return 0;
  const commissioned = { fromDay: from_day, toDay: to_day ?? NEVER };
  return due.reduce((sum, range) => {
    const { fromDay, toDay } = overlapDays(range, commissioned);
    return sum + daysBetween(fromDay, toDay);
  }, 0);
}

/**
 * Time up to which evidence is in the figures of all stations, Unix ms: that of the station furthest behind. Stations that left
 * before the last day don't hold it back. Null if nothing is computed.
 */
export function asOf(
  period: { readonly to: number },
  slices: readonly Slice[],
  due: readonly DayRange[],
  stations: readonly { readonly station: StationPlace; readonly sums: Sums }[],
): number | null {
  if (slices.at(-1)?.closedId != null) return period.to;
  const end = due.at(-1)?.toDay ?? NEVER;
  const instants = (reach: (to: string) => boolean): number[] =>
    stations.flatMap(({ station, sums }) =>
      sums.computedTo !== null && reach(station.to_day ?? NEVER) ? [sums.computedTo] : [],
    );
  const present = instants((to) => to >= end);
  if (present.length > 0) return present.reduce((a, b) => Math.min(a, b));
  const gone = instants(() => true);
  return gone.length > 0 ? gone.reduce((a, b) => Math.max(a, b)) : null;
}
