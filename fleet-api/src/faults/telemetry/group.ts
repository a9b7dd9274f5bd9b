import type { FaultPolicy } from '../policy.ts';

/** A station at which a cause began, of a county. Unix ms. */
export interface Onset {
  readonly stationId: number;
  readonly countyId: number | null;
  readonly cause: string;
  readonly sinceMs: number;
}

/** An incident that is not over. */
export interface OpenIncident {
  readonly id: number;
  readonly countyId: number;
  readonly cause: string;
  readonly openedAtMs: number;
  /** Stations that still have the fault. */
  readonly stations: number;
}

/** Where a new fault belongs: an incident that exists, one to be made of all that name the same key, or an order of its own. */
export type Belonging = { readonly incidentId: number } | { readonly newIncident: string } | 'own';

/**
 * Decides by county and cause. Many stations whose cause began within the window of each other are one incident, and those count that
 * have not lasted long enough to be faults yet. Later ones join while it is young, or still as large as what makes an incident.
 */
export function belongingOf(
  onset: Onset,
  peers: readonly Onset[],
  incidents: readonly OpenIncident[],
  { groupStations, groupMs }: Pick<FaultPolicy, 'groupStations' | 'groupMs'>,
): Belonging {
  const { countyId, cause, sinceMs } = onset;
  if (countyId === null) return 'own';
  const near = (ms: number): boolean => Math.abs(ms - sinceMs) <= groupMs;
  const joined = incidents.find(
    (each) =>
      each.countyId === countyId && each.cause === cause && (near(each.openedAtMs) || each.stations >= groupStations),
  );
  if (joined !== undefined) return { incidentId: joined.id };
  const stations = new Set(
    peers
      .filter((each) => each.countyId === countyId && each.cause === cause && near(each.sinceMs))
      .map((each) => each.stationId),
  );
  stations.add(onset.stationId);
  return stations.size >= groupStations ? { newIncident: `${countyId}:${cause}` } : 'own';
}
