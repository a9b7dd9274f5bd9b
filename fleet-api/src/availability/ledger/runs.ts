import type { BeatRun, Interval } from '@uptally/sla';
import type { Queryable } from '../../db/index.ts';
import { groupBy } from './groups.ts';
import { DEFAULT_LIVENESS_MS, iso, MAX_LIVENESS_MS, ms } from './times.ts';

/** A device, and the window in which it is to be judged. */
export interface DeviceWindow extends Interval {
  readonly deviceKey: number;
}

export interface DeviceRun extends BeatRun {
  readonly deviceKey: number;
}

const COLUMNS = 'live, from_at, to_at, from_seq, to_seq, live_ms';

/**
 * Runs that reach into the windows and the nearest on either side, any of them perhaps twice. One statement: a run that moves from
 * `device_live` to `beat_run` meanwhile is seen in one of them.
 */
const RUNS = `with
w as materialized (select * from unnest($1::int4[], $2::timestamptz[], $3::timestamptz[]) as w(device_key, lo, hi)),
r as (
  select w.device_key, b.* from w cross join lateral (
    select ${COLUMNS} from beat_run b
    where b.device_key = w.device_key and b.to_at >= w.lo - interval '${MAX_LIVENESS_MS} ms' and b.from_at <= w.hi
    union all (select ${COLUMNS} from beat_run b where b.device_key = w.device_key and b.to_at < w.lo order by to_at desc, to_seq desc limit 1)
    union all (select ${COLUMNS} from beat_run b where b.device_key = w.device_key and b.to_at < w.lo and live order by to_at desc limit 1)
    union all (select ${COLUMNS} from beat_run b where b.device_key = w.device_key and b.from_at > w.hi order by from_at, from_seq limit 1)) b
  union all
  select device_key, true, run_from, run_to, run_from_seq, run_to_seq, run_live_ms
  from device_live where device_key = any ($1::int4[]) and run_from is not null)
select device_key as "deviceKey", live, ${ms('from_at')} as "from", ${ms('to_at')} as "to", from_seq as "fromSeq", to_seq as "toSeq",
  live_ms as "livenessMs"
from r order by device_key, from_at, from_seq`;

export async function loadRuns(db: Queryable, windows: readonly DeviceWindow[]): Promise<readonly DeviceRun[]> {
  const { rows } = await db.query<DeviceRun>(RUNS, [
    windows.map(({ deviceKey }) => deviceKey),
    windows.map(({ from }) => iso(from)),
    windows.map(({ to }) => iso(to)),
  ]);
  return rows;
}

const CLEAN_ENDS = `select device_key as "deviceKey", ${ms('ended_at')} as at
from unnest($1::int4[], $2::timestamptz[], $3::timestamptz[]) as w(device_key, lo, hi) join device_session s using (device_key)
where s.end_kind in ('clean', 'revoked') and s.ended_at >= w.lo and s.ended_at <= w.hi`;

export interface CleanEnd {
  readonly deviceKey: number;
  readonly at: number;
}

/** Clean ends that may cut a cover inside the windows, or have cut the last one before. */
export async function loadCleanEnds(
  db: Queryable,
  windows: readonly DeviceWindow[],
  runs: ReadonlyMap<number, readonly DeviceRun[]>,
): Promise<readonly CleanEnd[]> {
  const { rows } = await db.query<CleanEnd>(CLEAN_ENDS, [
    windows.map(({ deviceKey }) => deviceKey),
    windows.map(({ deviceKey, from }) => {
      const ended = (runs.get(deviceKey) ?? []).filter(({ live, to }) => live && to < from);
      return iso(Math.min(from - MAX_LIVENESS_MS, ...ended.map(({ to }) => to)));
    }),
    windows.map(({ to }) => iso(to)),
  ]);
  return rows;
}

/** The live beats on both sides of an instant inside a run. */
const AROUND = `select x.i, ${ms('p.ts')} as before, p.seq as before_seq, ${ms('n.ts')} as after, n.seq as after_seq
from unnest($1::int4[], $2::int4[], $3::timestamptz[], $4::timestamptz[], $5::timestamptz[], $6::int4[]) as x(i, device_key, at, lo, hi, live_ms)
cross join lateral (
  select ts, seq from rec_beat b where b.device_key = x.device_key and b.ts >= x.lo and b.ts < x.at and b.ts >= $7 and b.ts <= $8
    and flags & 1 <> 0 and coalesce(b.live_ms, ${DEFAULT_LIVENESS_MS}) = x.live_ms
  order by ts desc, seq desc limit 1) p
cross join lateral (
  select ts, seq from rec_beat b where b.device_key = x.device_key and b.ts >= x.at and b.ts <= x.hi and b.ts >= $7 and b.ts <= $8
    and flags & 1 <> 0 and coalesce(b.live_ms, ${DEFAULT_LIVENESS_MS}) = x.live_ms
  order by ts, seq limit 1) n`;

interface Around {
  readonly i: number;
  readonly before: number;
  readonly before_seq: number;
  readonly after: number;
  readonly after_seq: number;
}

/** Splits live runs at clean ends inside them, so that no run reaches across one: only the records tell where the beats lie. */
export async function splitAtEnds(
  db: Queryable,
  runs: readonly DeviceRun[],
  ends: readonly CleanEnd[],
): Promise<readonly DeviceRun[]> {
  const endsOf = groupBy(ends, ({ deviceKey }) => deviceKey);
  const cuts = runs.flatMap((run) =>
    run.live
      ? (endsOf.get(run.deviceKey) ?? [])
          .filter(({ at }) => run.from < at && at < run.to)
          .map(({ at }) => ({ run, at }))
      : [],
  );
  if (cuts.length === 0) return runs;
  const { rows } = await db.query<Around>(AROUND, [
    cuts.map((_, i) => i),
    cuts.map(({ run }) => run.deviceKey),
    cuts.map(({ at }) => iso(at)),
    cuts.map(({ run, at }) => iso(Math.max(run.from, at - MAX_LIVENESS_MS))),
    cuts.map(({ run, at }) => iso(Math.min(run.to, at + MAX_LIVENESS_MS))),
    cuts.map(({ run }) => run.livenessMs),
    iso(Math.min(...cuts.map(({ at }) => at)) - MAX_LIVENESS_MS),
    iso(Math.max(...cuts.map(({ at }) => at)) + MAX_LIVENESS_MS),
  ]);
  const around = new Map(rows.map((row) => [cuts[row.i]?.run, [] as Around[]]));
  for (const row of rows) around.get(cuts[row.i]?.run)?.push(row);
  return runs.flatMap((run) => {
    const places = around.get(run);
    return places === undefined ? [run] : pieces(run, places);
  });
}

function pieces(run: DeviceRun, places: readonly Around[]): DeviceRun[] {
  const made: DeviceRun[] = [];
  let { from, fromSeq } = run;
  for (const { before, before_seq, after, after_seq } of [...places].sort((a, b) => a.after - b.after)) {
    if (before >= from) made.push({ ...run, from, fromSeq, to: before, toSeq: before_seq });
    from = after;
    fromSeq = after_seq;
  }
  made.push({ ...run, from, fromSeq });
  return made;
}
