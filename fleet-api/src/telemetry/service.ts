import { livenessMs } from '@uptally/protocol';
import type { Pool } from '../db/index.ts';
import { apiError } from '../http/errors.ts';
import { DEFAULT_LIMIT, type PageOf } from '../http/paging.ts';
import { deviceKeyOf, getDevice } from '../registry/devices/service.ts';
import type { Doer } from '../registry/shared/doer.ts';
import { RAW_SPAN_MS, spanOf, widthOf } from './buckets.ts';
import { selectEvents, selectSessions } from './log-sql.ts';
import { METRICS, type Metric } from './metrics.ts';
import type { DeviceEvent, DeviceSession, EventQuery, Presence, Series, SeriesQuery } from './schemas.ts';
import { selectBands, selectSeries } from './series-sql.ts';

const HOUR_MS = 3_600_000;
const DEFAULT_POINTS = 360;
/** Longest span of presence bands: each beat of it is read. */
const PRESENCE_SPAN_MS = 31 * 24 * HOUR_MS;

/** A chart of one metric. @throws ApiError `not_found`, `invalid_request` */
export async function seriesOf(pool: Pool, by: Doer, deviceId: string, query: SeriesQuery): Promise<Series> {
  const metric: Metric = METRICS[query.metric];
  const span = spanOf(query.from, query.to, by.nowMs);
  const timeZone = zoneOf(query.tz ?? by.timeZone);
  const deviceKey = await deviceKeyOf(pool, by.scope, deviceId);
  const isLong = span.toMs - span.fromMs > RAW_SPAN_MS;
  const source = isLong && metric.hourly !== null ? metric.hourly : metric.raw;
  const leastMs = source === metric.hourly ? HOUR_MS : undefined;
  const bucketMs = widthOf(span, query.points ?? DEFAULT_POINTS, leastMs);
  const range = { deviceKey, from: new Date(span.fromMs), to: new Date(span.toMs), bucketMs, timeZone };
  return {
    metric: query.metric,
    unit: metric.unit,
    source: source === metric.hourly ? 'hourly' : 'raw',
    bucket_ms: bucketMs,
    from: range.from,
    to: range.to,
    threshold: metric.threshold,
    points: await selectSeries(pool, source, range),
  };
}

/** When the device was online, by its live beats. @throws ApiError `not_found`, `invalid_request` */
export async function presenceOf(
  pool: Pool,
  by: Doer,
  deviceId: string,
  query: { readonly from: string; readonly to?: string },
): Promise<Presence> {
  const span = spanOf(query.from, query.to, by.nowMs);
  if (span.toMs - span.fromMs > PRESENCE_SPAN_MS) throw apiError('invalid_request', 'At most 31 days at a time');
  const device = await getDevice(pool, by, deviceId);
  const deviceKey = await deviceKeyOf(pool, by.scope, deviceId);
  const range = { from: new Date(span.fromMs), to: new Date(span.toMs) };
  const liveness = livenessMs(device.beat_ms);
  return { ...range, liveness_ms: liveness, online: await selectBands(pool, deviceKey, range) };
}

/** Events, log lines and command results, newest first. @throws ApiError `not_found` */
export async function eventsOf(
  pool: Pool,
  by: Doer,
  deviceId: string,
  query: EventQuery,
): Promise<PageOf<DeviceEvent>> {
  const deviceKey = await deviceKeyOf(pool, by.scope, deviceId);
  return selectEvents(pool, deviceKey, { ...query, limit: query.limit ?? DEFAULT_LIMIT });
}

/** Connections, newest first. @throws ApiError `not_found` */
export async function sessionsOf(
  pool: Pool,
  by: Doer,
  deviceId: string,
  query: { readonly cursor?: string; readonly limit?: number },
): Promise<PageOf<DeviceSession>> {
  const deviceKey = await deviceKeyOf(pool, by.scope, deviceId);
  return selectSessions(pool, deviceKey, { cursor: query.cursor, limit: query.limit ?? DEFAULT_LIMIT });
}

/** @throws ApiError `invalid_request` for a zone that does not exist */
function zoneOf(name: string): string {
  try {
    return new Intl.DateTimeFormat('en', { timeZone: name }).resolvedOptions().timeZone;
  } catch (cause) {
    throw apiError('invalid_request', { detail: 'No such time zone', cause });
  }
}
