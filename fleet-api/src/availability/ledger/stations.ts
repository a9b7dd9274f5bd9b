import type { Dimension, Installation, Interval } from '@uptally/sla';
import type { Queryable } from '../../db/index.ts';
import { iso, ms, NEVER_MS } from './times.ts';

/** A station with everything of people's making that bears on its figures. */
export interface LedgerStation {
  readonly id: number;
  readonly siteId: number;
  /** Its regions, root first. */
  readonly path: readonly number[];
  /** From commissioning to decommissioning; null: never commissioned. */
  readonly commissioned: Interval | null;
  readonly suspensions: readonly Interval[];
  readonly installations: readonly Installation[];
}

type Open = readonly [from: number, to: number | null];

interface Row {
  readonly id: number;
  readonly site_id: number;
  readonly path: readonly number[];
  readonly commissioned_at: number | null;
  readonly decommissioned_at: number | null;
  readonly suspensions: readonly Open[];
  readonly installations: readonly (readonly [deviceKey: number, ...Open])[];
}

const spans = (table: string, lead = ''): string =>
  `coalesce((select json_agg(json_build_array(${lead}${ms('x.from_at')}, ${ms('x.to_at')}) order by x.from_at, x.id)
    from ${table} x where x.station_id = t.id), '[]')`;

const STATIONS = `select t.id, t.site_id, r.path, ${ms('t.commissioned_at')} as commissioned_at, ${ms('t.decommissioned_at')} as decommissioned_at,
  ${spans('station_suspension')} as suspensions, ${spans('installation', 'x.device_key, ')} as installations
from station t join site s on s.id = t.site_id join region r on r.id = s.region_id where t.id = any ($1::int4[]) order by t.id`;

export async function loadStations(db: Queryable, stationIds: readonly number[]): Promise<readonly LedgerStation[]> {
  const { rows } = await db.query<Row>(STATIONS, [stationIds]);
  return rows.map((row) => ({
    id: row.id,
    siteId: row.site_id,
    path: row.path,
    commissioned:
      row.commissioned_at === null ? null : { from: row.commissioned_at, to: row.decommissioned_at ?? NEVER_MS },
    suspensions: row.suspensions.map(([from, to]) => ({ from, to: to ?? NEVER_MS })),
    installations: row.installations.map(([deviceKey, from, to]) => ({ deviceKey, from, to: to ?? NEVER_MS })),
  }));
}

/** An approved exclusion. */
export interface LedgerExclusion extends Interval {
  readonly contractId: number;
  readonly dimension: Dimension | 'both';
  readonly regionId: number | null;
  readonly siteId: number | null;
  readonly stationId: number | null;
}

const EXCLUSIONS = `select contract_id as "contractId", dimension, region_id as "regionId", site_id as "siteId", station_id as "stationId",
  ${ms('from_at')} as "from", ${ms('to_at')} as "to"
from exclusion where state = 'approved' and from_at < $2 and to_at > $1 order by id`;

/** Approved exclusions of all contracts that touch the window. */
export async function loadExclusions(db: Queryable, window: Interval): Promise<readonly LedgerExclusion[]> {
  const { rows } = await db.query<LedgerExclusion>(EXCLUSIONS, [iso(window.from), iso(window.to)]);
  return rows;
}

/** What of the exclusions of one contract takes the station out in a dimension. */
export function exclusionsOf(
  exclusions: readonly LedgerExclusion[],
  contractId: number,
  station: Pick<LedgerStation, 'id' | 'siteId' | 'path'>,
  dimension: Dimension,
): readonly LedgerExclusion[] {
  return exclusions.filter(
    (each) =>
      each.contractId === contractId &&
      (each.dimension === 'both' || each.dimension === dimension) &&
      (each.stationId === station.id ||
        each.siteId === station.siteId ||
        (each.regionId !== null && station.path.includes(each.regionId))),
  );
}
