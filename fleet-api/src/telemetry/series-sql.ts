import { DEFAULT_LIVENESS_MS, MAX_LIVENESS_MS } from '../availability/ledger/times.ts';
import type { Queryable } from '../db/index.ts';
import type { Source } from './metrics.ts';

export interface SeriesPoint {
  readonly at: Date;
  readonly value: number | null;
  readonly peak: number | null;
}

export interface SeriesRange {
  readonly deviceKey: number;
  readonly from: Date;
  readonly to: Date;
  readonly bucketMs: number;
  readonly timeZone: string;
}

/** Every bucket that touches `[from, to)`, aligned to midnight of the zone. Names in `source` are constants of the metric table. */
export async function selectSeries(db: Queryable, source: Source, range: SeriesRange): Promise<SeriesPoint[]> {
  const { rows } = await db.query<SeriesPoint>(
    `with width as (select $4::bigint * interval '1 millisecond' as w),
     measured as (
       select time_bucket(w, ${source.time}, $5::text) as at, ${source.value} as value, ${source.peak} as peak
       from ${source.table}, width
       where device_key = $1 and ${source.time} >= time_bucket(w, $2::timestamptz, $5::text) and ${source.time} < $3::timestamptz
       group by 1),
     buckets as (
       select b at time zone $5::text as at
       from width, generate_series(time_bucket(w, $2::timestamptz, $5::text) at time zone $5::text,
         ($3::timestamptz - interval '1 microsecond') at time zone $5::text, w) b)
     select buckets.at, measured.value::float8 as value, measured.peak::float8 as peak
     from buckets left join measured on measured.at = buckets.at order by buckets.at`,
    [range.deviceKey, range.from, range.to, range.bucketMs, range.timeZone],
  );
  return rows;
}

export interface Band {
  readonly from: Date;
  readonly to: Date;
}

/**
 * When live beats prove the device online: the union of `[t, t + L)`, cut short by a clean end of session (DESIGN: network).
 * L is the one that was in force when the beat was taken.
 */
export async function selectBands(
  db: Queryable,
  deviceKey: number,
  span: { readonly from: Date; readonly to: Date },
): Promise<Band[]> {
  const { rows } = await db.query<Band>(
    `with ends as (
       select ended_at from device_session
       where device_key = $1 and end_kind = 'clean' and ended_at > $2::timestamptz - $4::int * interval '1 millisecond'),
     proof as (
       select ts as b, least(ts + coalesce(live_ms, ${DEFAULT_LIVENESS_MS}) * interval '1 millisecond', (select min(ended_at) from ends where ended_at >= ts)) as e
       from rec_beat
       where device_key = $1 and flags & 1 = 1 and ts > $2::timestamptz - $4::int * interval '1 millisecond' and ts < $3),
     marked as (
       select b, e, coalesce(b > max(e) over (order by b, e rows between unbounded preceding and 1 preceding), true) as starts
       from proof),
     grouped as (select b, e, count(*) filter (where starts) over (order by b, e) as n from marked)
     select greatest(min(b), $2) as "from", least(max(e), $3) as "to" from grouped
     group by n having max(e) > $2 and max(e) > min(b) order by n`,
    [deviceKey, span.from, span.to, MAX_LIVENESS_MS],
  );
  return rows;
}
