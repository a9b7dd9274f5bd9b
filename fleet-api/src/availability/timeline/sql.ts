import type { Interval } from '@uptally/sla';
import type { Queryable } from '../../db/index.ts';
import type { LedgerStation } from '../ledger/index.ts';
import type { StationTimeline } from './schemas.ts';

export interface ExclusionRow {
  readonly id: number;
  readonly kind: StationTimeline['exclusions'][number]['kind'];
  readonly state: 'proposed' | 'approved';
  readonly dimension: 'network' | 'equipment' | 'both';
  readonly from_at: Date;
  readonly to_at: Date;
  readonly reason: string;
  readonly decided_at: Date | null;
}

/** Exclusions of a contract, proposed or approved, that are about the station and reach into the window. */
export async function selectExclusions(
  db: Queryable,
  contractId: number,
  station: LedgerStation,
  window: Interval,
): Promise<ExclusionRow[]> {
  const { rows } = await db.query<ExclusionRow>(
    `select id, kind, state, dimension, from_at, to_at, reason, decided_at from exclusion
     where contract_id = $1 and state in ('proposed', 'approved') and from_at < $3 and to_at > $2
       and (station_id = $4 or site_id = $5 or region_id = any ($6::int[])) order by from_at, id`,
    [contractId, new Date(window.from), new Date(window.to), station.id, station.siteId, station.path],
  );
  return rows;
}

export interface SuspensionRow {
  readonly id: number;
  readonly from: Date;
  readonly to: Date | null;
  readonly reason: string;
}

/** Suspensions of the station that reach into the window. */
export async function selectStationSuspensions(
  db: Queryable,
  stationId: number,
  window: Interval,
): Promise<SuspensionRow[]> {
  const { rows } = await db.query<SuspensionRow>(
    `select id, from_at as "from", to_at as "to", reason from station_suspension
     where station_id = $1 and from_at < $3 and coalesce(to_at, 'infinity') > $2 order by from_at, id`,
    [stationId, new Date(window.from), new Date(window.to)],
  );
  return rows;
}

export interface InstallationRow {
  readonly device_key: number;
  readonly device_id: string;
  readonly serial: string;
  readonly from: Date;
  readonly to: Date | null;
  readonly reason: string | null;
}

/** Devices at the station in the window. */
export async function selectInstallations(
  db: Queryable,
  stationId: number,
  window: Interval,
): Promise<InstallationRow[]> {
  const { rows } = await db.query<InstallationRow>(
    `select i.device_key, d.device_id, d.serial, i.from_at as "from", i.to_at as "to", i.reason
     from installation i join device d using (device_key)
     where i.station_id = $1 and i.from_at < $3 and coalesce(i.to_at, 'infinity') > $2 order by i.from_at, i.id`,
    [stationId, new Date(window.from), new Date(window.to)],
  );
  return rows;
}
