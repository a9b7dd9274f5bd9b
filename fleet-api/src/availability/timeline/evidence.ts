import { type DeviceEvidence, type Dimension, type Interval, stationTimeline, type Timeline } from '@uptally/sla';
import type { Queryable } from '../../db/index.ts';
import { type LedgerStation, loadEvidence, loadOutages } from '../ledger/index.ts';

/** Timelines of a station from the evidence as it is now. The window must not reach beyond the present. */
export async function timelinesOf<D extends Dimension>(
  db: Queryable,
  station: LedgerStation,
  dimensions: readonly D[],
  window: Interval,
  nowMs: number,
): Promise<Record<D, Timeline>> {
  const present = station.installations.filter(({ from, to }) => from < window.to && to > window.from);
  const deviceKeys = [...new Set(present.map(({ deviceKey }) => deviceKey))];
  const evidence = await loadEvidence(db, deviceKeys, window);
  const outages = await loadOutages(db, window, nowMs);
  const evidenceOf = (deviceKey: number): DeviceEvidence => {
    const known = evidence.get(deviceKey);
    if (known === undefined) throw new Error(`no evidence was loaded of device ${deviceKey}`);
    return known;
  };
  const timelineOf = (dimension: D): [D, Timeline] => [
    dimension,
    stationTimeline(dimension, station.installations, evidenceOf, outages, window),
  ];
  return Object.fromEntries(dimensions.map(timelineOf)) as Record<D, Timeline>;
}
