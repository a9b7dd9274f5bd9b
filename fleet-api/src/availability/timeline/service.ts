import type { Interval, Segment } from '@uptally/sla';
import { apiError } from '../../http/errors.ts';
import { type Asked, contractRef } from '../figures/asked.ts';
import { timelinesOf } from './evidence.ts';
import type { StationTimeline, TimelineQuery } from './schemas.ts';
import * as sql from './sql.ts';
import { notRequired, owedStation } from './station.ts';

const MAX_SPAN_MS = 92 * 86_400_000;
const DIMENSIONS = ['network', 'equipment'] as const;

/** Both dimensions of a station over a window. @throws ApiError `not_found`, `unknown_reference`, `invalid_period`, `range_too_long` */
export async function timelineOf(asked: Asked, stationId: number, query: TimelineQuery): Promise<StationTimeline> {
  const { db, nowMs } = asked;
  const owed = await owedStation(asked, stationId, query.contract);
  const window = windowOf(query, nowMs);
  const asOf = Math.max(window.from, Math.min(window.to, nowMs));
  const known = { from: window.from, to: asOf };
  const installations = await sql.selectInstallations(db, stationId, window);
  const deviceIds = new Map(installations.map((row) => [row.device_key, row.device_id]));
  const timelines =
    known.from < known.to
      ? await timelinesOf(db, owed.station, DIMENSIONS, known, nowMs)
      : { network: [], equipment: [] };
  const exclusions = await sql.selectExclusions(db, owed.contract.id, owed.station, window);
  return {
    contract: contractRef(owed.contract),
    station: owed.ref,
    ...spanOf(window),
    as_of: new Date(asOf),
    network: timelines.network.map((segment) => segmentOf(segment, deviceIds)),
    equipment: timelines.equipment.map((segment) => segmentOf(segment, deviceIds)),
    exclusions: exclusions.map(({ id, kind, state, dimension, from_at, to_at }) => ({
      id,
      kind,
      state,
      dimension,
      from: from_at,
      to: to_at,
    })),
    not_required: (await notRequired(db, owed, window)).map(spanOf),
    suspensions: await sql.selectStationSuspensions(db, stationId, window),
    installations: installations.map(({ device_id, serial, from, to }) => ({ device_id, serial, from, to })),
  };
}

/** A segment as the API shows it. */
export function segmentOf(segment: Segment, deviceIds: ReadonlyMap<number, string>) {
  const { state, cause, component = null, deviceKey } = segment;
  const device_id = deviceKey === undefined ? null : (deviceIds.get(deviceKey) ?? null);
  return { ...spanOf(segment), state, cause, component, device_id };
}

export function spanOf({ from, to }: Interval): { from: Date; to: Date } {
  return { from: new Date(from), to: new Date(to) };
}

function windowOf(query: TimelineQuery, nowMs: number): Interval {
  const window = { from: Date.parse(query.from), to: query.to === undefined ? nowMs : Date.parse(query.to) };
  if (window.from >= window.to) throw apiError('invalid_period', 'The window must end after it begins');
  if (window.to - window.from > MAX_SPAN_MS) throw apiError('range_too_long', 'At most 92 days at a time');
  return window;
}
