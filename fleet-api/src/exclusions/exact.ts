import { addTallies, type DeviceEvidence, type Dimension, type Interval, type Tally } from '@uptally/sla';
import {
  accrue,
  type DayPlan,
  type Grounds,
  type LedgerExclusion,
  type LedgerStation,
  loadContracts,
  loadDayTable,
  loadEvidence,
  loadOutages,
  loadStations,
} from '../availability/ledger/index.ts';
import type { Queryable } from '../db/index.ts';
import type { Effect } from './schemas.ts';

/** Stations whose evidence is gone through for an answer at most. */
const MAX_STATIONS = 50;
/** Time of which it is, ms. */
const MAX_MS = 31 * 86_400_000;

/** An exclusion, existing or thought of, and the stations that it covers. */
export interface Cut extends Interval {
  /** Null if it does not exist yet. */
  readonly exclusionId: number | null;
  readonly contractId: number;
  readonly dimension: string;
  readonly stationIds: readonly number[];
}

/**
 * What an exclusion takes out of the required time up to now, from the evidence itself, by the very rules that figures are made by.
 * Time that another approved exclusion takes out as well is none of its own.
 */
export async function exactOf(
  db: Queryable,
  cut: Cut,
  nowMs: number,
): Promise<Pick<Effect, 'exact' | 'exact_missing'>> {
  const window = { from: cut.from, to: Math.min(cut.to, nowMs) };
  if (window.to <= window.from) return { exact: null, exact_missing: 'not_begun' };
  if (window.to - window.from > MAX_MS) return { exact: null, exact_missing: 'too_long' };
  if (cut.stationIds.length > MAX_STATIONS) return { exact: null, exact_missing: 'too_many_stations' };
  const tallies = await tally(db, cut, window, nowMs);
  const takenOut = (dimension: Dimension) => {
    if (cut.dimension !== 'both' && cut.dimension !== dimension) return null;
    const { up, down, unknown, platform } = addTallies(tallies.map((each) => each[dimension]));
    return { up_ms: up, down_ms: down, unknown_ms: unknown, platform_ms: platform };
  };
  return { exact: { network: takenOut('network'), equipment: takenOut('equipment') }, exact_missing: null };
}

async function tally(
  db: Queryable,
  cut: Cut,
  window: Interval,
  nowMs: number,
): Promise<readonly Readonly<Record<Dimension, Tally>>[]> {
  const contract = (await loadContracts(db)).find(({ id }) => id === cut.contractId);
  if (contract === undefined) return [];
  const stations = await loadStations(db, cut.stationIds);
  const grounds = await loadGrounds(db, cut, stations, window, nowMs);
  // To the ledger, the window is a day like any other; its name goes nowhere.
  const plan: DayPlan = { contract, firstDay: '', lastDay: '', days: [{ day: '', ...window }] };
  return stations.flatMap((station) => accrue(station, [plan], grounds));
}

async function loadGrounds(
  db: Queryable,
  cut: Cut,
  stations: readonly LedgerStation[],
  window: Interval,
  nowMs: number,
): Promise<Grounds> {
  const present = stations
    .flatMap(({ installations }) => installations)
    .filter(({ from, to }) => from < window.to && to > window.from);
  const evidence = await loadEvidence(db, [...new Set(present.map(({ deviceKey }) => deviceKey))], window);
  const evidenceOf = (deviceKey: number): DeviceEvidence => {
    const known = evidence.get(deviceKey);
    if (known === undefined) throw new Error(`no evidence was loaded of device ${deviceKey}`);
    return known;
  };
  const exclusions = await loadOthers(db, cut, window);
  return { dayTable: await loadDayTable(db), outages: await loadOutages(db, window, nowMs), exclusions, evidenceOf };
}

/** Approved exclusions of the contract that touch the window, but for the one itself. */
async function loadOthers(db: Queryable, cut: Cut, { from, to }: Interval): Promise<readonly LedgerExclusion[]> {
  interface Row extends Omit<LedgerExclusion, 'from' | 'to'> {
    readonly from: Date;
    readonly to: Date;
  }
  const { rows } = await db.query<Row>(
    `select contract_id as "contractId", dimension, region_id as "regionId", site_id as "siteId", station_id as "stationId",
       from_at as "from", to_at as "to"
     from exclusion where state = 'approved' and contract_id = $1 and id is distinct from $2 and from_at < $4 and to_at > $3`,
    [cut.contractId, cut.exclusionId, new Date(from), new Date(to)],
  );
  return rows.map((row) => ({ ...row, from: row.from.getTime(), to: row.to.getTime() }));
}
