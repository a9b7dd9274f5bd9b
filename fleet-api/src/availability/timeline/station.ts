import {
  type Calendar,
  clip,
  complement,
  type Interval,
  type IntervalSet,
  merge,
  parseCalendar,
  requiredTime,
  serviceHours,
} from '@uptally/sla';
import type { Queryable } from '../../db/index.ts';
import { apiError } from '../../http/errors.ts';
import { getStation } from '../../registry/stations/service.ts';
import type { Contract } from '../contracts/schemas.ts';
import { contractFor } from '../contracts/service.ts';
import type { Asked } from '../figures/asked.ts';
import { termOf } from '../figures/to-come.ts';
import { type LedgerStation, loadDayTable, loadStations } from '../ledger/index.ts';

/** A station under a contract, with all that its required time depends on. */
export interface OwedStation {
  readonly contract: Contract;
  readonly ref: { readonly id: number; readonly code: string; readonly name: string };
  readonly station: LedgerStation;
}

/** @throws ApiError `not_found`, `unknown_reference` */
export async function owedStation(
  asked: Asked,
  stationId: number,
  contractId: number | undefined,
): Promise<OwedStation> {
  const { db, viewer } = asked;
  const { id, code, name } = await getStation(db, viewer.scope, stationId);
  const contract = await contractFor(db, viewer, contractId);
  const [station] = await loadStations(db, [id]);
  const isHeld = contract.is_baseline || contract.regions.some((region) => station?.path.includes(region.id) ?? false);
  if (station === undefined || !isHeld) throw apiError('unknown_reference', 'No such station under this contract');
  return { contract, ref: { id, code, name }, station };
}

/** Service hours of the contract inside a window. */
export async function hoursOf(db: Queryable, contract: Contract, window: Interval): Promise<IntervalSet> {
  const calendar: Calendar = parseCalendar(contract.calendar);
  return serviceHours(calendar, contract.time_zone, await loadDayTable(db), window);
}

/** The time inside the window in which the contract does not want the station to work. */
export async function notRequired(db: Queryable, { contract, station }: OwedStation, window: Interval) {
  const required = requiredTime(
    {
      term: termOf(contract),
      commissioned: station.commissioned,
      suspensions: station.suspensions,
      serviceHours: await hoursOf(db, contract, window),
    },
    window,
  );
  return complement(required, window);
}

/** What of some intervals lies inside a window, as a set. */
export function within(intervals: readonly Interval[], window: Interval): IntervalSet {
  return clip(
    merge(intervals.map(({ from, to }) => ({ from: Math.max(from, window.from), to: Math.min(to, window.to) }))),
    window,
  );
}
