import type { Queryable } from '../../db/index.ts';
import type { Contract } from '../contracts/schemas.ts';
import { contractFor } from '../contracts/service.ts';
import type { Viewer } from '../contracts/viewer.ts';
import { asOf, daysDue, dueRanges } from './due.ts';
import { type NamedPeriod, type PeriodAsked, periodAsked, type Slice, selectClosed, slicesOf } from './period.ts';
import { checkPlace, type PlaceAsked, placeOf } from './place.ts';
import { type Regions, selectRegionTree } from './regions.ts';
import type { ContractRef, PeriodRef, ScopeRef } from './schemas.ts';
import { type StationPlace, selectStationPlaces } from './stations-sql.ts';
import { EMPTY_SUMS, type Sums, type SumsAsked, sumsByStation } from './sums-sql.ts';

/** A question about figures: to which database, by whom, when. */
export interface Asked {
  readonly db: Queryable;
  readonly viewer: Viewer;
  /** Moment of the request, Unix ms. */
  readonly nowMs: number;
}

export interface StationFigure {
  readonly station: StationPlace;
  readonly sums: Sums;
}

/** Everything that answers share: what was asked for, in full, and the sums of each station. */
export interface Found {
  readonly contract: Contract;
  readonly period: NamedPeriod;
  readonly slices: readonly Slice[];
  readonly regions: Regions;
  readonly place: ScopeRef;
  /** Stations that have figures, or should. */
  readonly stations: readonly StationFigure[];
  readonly sumsAsked: SumsAsked;
  readonly periodRef: PeriodRef;
}

/** Parts of {@link Found} that go into answers as they are. */
export function headOf({ contract, periodRef, place }: Found) {
  return { contract: contractRef(contract), period: periodRef, scope: place };
}

/**
 * Resolves a question and sums it up.
 * @throws ApiError `unknown_reference`, `invalid_period`, `range_too_long`, `invalid_request`
 */
export async function find(asked: Asked, query: PeriodAsked & PlaceAsked & { contract?: number }): Promise<Found> {
  checkPlace(query);
  const contract = await contractFor(asked.db, asked.viewer, query.contract);
  return findIn(asked, contract, periodAsked(query, contract.time_zone, asked.nowMs), query);
}

/** {@link find} for a contract and period in hand. */
export async function findIn(asked: Asked, contract: Contract, period: NamedPeriod, where: PlaceAsked): Promise<Found> {
  const { db, viewer, nowMs } = asked;
  const { region, site, station } = where;
  const closed = await selectClosed(db, contract.id, period);
  const slices = slicesOf(period, closed);
  const regions = await selectRegionTree(db);
  const closedIds = closed.map(({ id }) => id);
  const places = await selectStationPlaces(db, { scope: viewer.scope, contract, closedIds, region, site, station });
  const place = placeOf(regions, viewer.scope, where, places);
  const isPart = viewer.scope !== null || [region, site, station].some((id) => id !== undefined);
  const sumsAsked = {
    contractId: contract.id,
    rules: contract.rules,
    stationIds: isPart ? places.map(({ id }) => id) : null,
  };
  const sums = await sumsByStation(db, sumsAsked, slices);
  const due = dueRanges(contract, slices, nowMs);
  const stations = places
    .map((station) => ({ station, sums: sums.get(station.id) ?? EMPTY_SUMS, due: daysDue(station, due) }))
    .filter((each) => each.sums.rows > 0 || each.due > 0);
  const computedTo = asOf(period, slices, due, stations);
  const periodRef = {
    name: period.name,
    from: new Date(period.from).toISOString(),
    to: new Date(period.to).toISOString(),
    from_day: period.fromDay,
    to_day: period.toDay,
    as_of: computedTo === null ? null : new Date(computedTo),
    days_missing: stations.reduce((days, each) => days + Math.max(0, each.due - each.sums.openRows), 0),
    closed: slices.every(({ closedId }) => closedId !== null),
  };
  return { contract, period, slices, regions, place, stations, sumsAsked, periodRef };
}

export function contractRef({ id, code, name, is_baseline, time_zone, rules }: Contract): ContractRef {
  return {
    id,
    code,
    name,
    is_baseline,
    time_zone,
    aggregation: rules.aggregation,
    network_target_percent: rules.network.target_percent,
    equipment_target_percent: rules.equipment.target_percent,
  };
}
