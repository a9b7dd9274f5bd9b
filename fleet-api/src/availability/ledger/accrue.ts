import {
  type Day,
  type DayTable,
  type DeviceEvidence,
  dayBounds,
  daysOf,
  type Interval,
  type IntervalSet,
  merge,
  requiredTime,
  serviceHours,
  stationTimeline,
  type Tally,
  tally,
} from '@uptally/sla';
import type { LedgerContract } from './contracts.ts';
import { exclusionsOf, type LedgerExclusion, type LedgerStation } from './stations.ts';

/** A day is counted again until this long after its end, ms; what arrives later leaves a mark. */
export const SETTLE_MS = 15 * 60_000;

/** Figures of one station and day of a contract. */
export interface Accrual {
  readonly contractId: number;
  readonly stationId: number;
  readonly day: Day;
  readonly network: Tally;
  readonly equipment: Tally;
  /** Unix ms; the end of the day once it is final. */
  readonly computedTo: number;
}

/** Days of a contract that a station's figures are made for: those that touch the window and have begun. */
export interface DayPlan {
  readonly contract: LedgerContract;
  readonly firstDay: Day;
  readonly lastDay: Day;
  readonly days: readonly (Interval & { readonly day: Day })[];
}

/** True if the contract is about the station. */
export function holds({ isBaseline, regionIds }: LedgerContract, { path }: Pick<LedgerStation, 'path'>): boolean {
  return isBaseline || path.some((id) => regionIds.has(id));
}

/**
 * The whole days of each contract that the window touches, as far as they have begun. Each ends at `nowMs` at the latest, and a
 * millisecond early until it is final, which is how a row tells that it is not.
 */
export function planDays(contracts: readonly LedgerContract[], window: Interval, nowMs: number): readonly DayPlan[] {
  return contracts.flatMap((contract) => {
    const { timeZone } = contract;
    const touched = daysOf(timeZone, { from: window.from, to: Math.min(window.to, nowMs) });
    const days = touched
      .map((day) => ({ day, ...dayBounds(timeZone, day) }))
      .map(({ day, from, to }) => ({ day, from, to: nowMs >= to + SETTLE_MS ? to : Math.min(nowMs, to - 1) }))
      .filter(({ from, to }) => from < to);
    const [first, last] = [touched[0], touched.at(-1)];
    if (first === undefined || last === undefined) return [];
    return [{ contract, firstDay: first, lastDay: last, days }];
  });
}

/** The time that plans need evidence of; null if they are about no time at all. */
export function hullOf(plans: readonly DayPlan[]): Interval | null {
  const days = plans.flatMap((plan) => plan.days);
  const [from, to] = [Math.min(...days.map((day) => day.from)), Math.max(...days.map((day) => day.to))];
  return from < to ? { from, to } : null;
}

/** What the figures of a station rest on besides itself. */
export interface Grounds {
  readonly dayTable: DayTable;
  readonly outages: IntervalSet;
  readonly exclusions: readonly LedgerExclusion[];
  readonly evidenceOf: (deviceKey: number) => DeviceEvidence;
}

/**
 * Figures of a station for the planned days of the contracts that hold it. A day has figures if the station was commissioned and the
 * contract in term for any part of it.
 */
export function accrue(station: LedgerStation, plans: readonly DayPlan[], grounds: Grounds): readonly Accrual[] {
  const { commissioned } = station;
  const held = plans.filter(({ contract }) => holds(contract, station));
  const hull = hullOf(held);
  if (commissioned === null || hull === null) return [];
  const timelineOf = (dimension: 'network' | 'equipment') =>
    stationTimeline(dimension, station.installations, grounds.evidenceOf, grounds.outages, hull);
  const timelines = { network: timelineOf('network'), equipment: timelineOf('equipment') };
  return held.flatMap(({ contract, days }) => {
    const excluded = (dimension: 'network' | 'equipment') =>
      merge(exclusionsOf(grounds.exclusions, contract.id, station, dimension));
    const out = { network: excluded('network'), equipment: excluded('equipment') };
    return days
      .filter((day) => touches(day, contract.term) && touches(day, commissioned))
      .map((day): Accrual => {
        const required = requiredTime(
          {
            term: contract.term,
            commissioned,
            suspensions: station.suspensions,
            serviceHours: serviceHours(contract.calendar, contract.timeZone, grounds.dayTable, day),
          },
          day,
        );
        return {
          contractId: contract.id,
          stationId: station.id,
          day: day.day,
          network: tally(required, out.network, timelines.network),
          equipment: tally(required, out.equipment, timelines.equipment),
          computedTo: day.to,
        };
      });
  });
}

function touches(a: Interval, b: Interval): boolean {
  return a.from < b.to && b.from < a.to;
}
