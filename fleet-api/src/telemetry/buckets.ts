import { apiError } from '../http/errors.ts';

const MINUTE = 60_000;
const HOUR = 60 * MINUTE;
const DAY = 24 * HOUR;

/** Longest span that raw records serve; beyond it hourly aggregates do. */
export const RAW_SPAN_MS = 2 * DAY;
/** Longest span of a chart. */
export const MAX_SPAN_MS = 400 * DAY;
export const MAX_POINTS = 1500;

/** Bucket widths, ms. All divide a day, so that buckets of a day line up. */
const WIDTHS = [1, 2, 5, 10, 15, 30, 60, 120, 180, 360, 720, 1440].map((minutes) => minutes * MINUTE);

export interface Span {
  readonly fromMs: number;
  readonly toMs: number;
}

/** The span asked for. @throws ApiError `invalid_request` if it is empty or too long */
export function spanOf(from: string, to: string | undefined, nowMs: number): Span {
  const span = { fromMs: Date.parse(from), toMs: to === undefined ? nowMs : Date.parse(to) };
  if (span.toMs <= span.fromMs) throw apiError('invalid_request', '`to` must come after `from`');
  if (span.toMs - span.fromMs > MAX_SPAN_MS) throw apiError('invalid_request', 'At most 400 days at a time');
  return span;
}

/** The narrowest width that shows a span in at most `points` buckets and is not narrower than `leastMs`. */
export function widthOf({ fromMs, toMs }: Span, points: number, leastMs = MINUTE): number {
  // One bucket more than the quotient: neither end need lie on a boundary.
  const fits = (width: number): boolean => width >= leastMs && Math.floor((toMs - fromMs) / width) + 2 <= points;
  return WIDTHS.find(fits) ?? DAY;
}
