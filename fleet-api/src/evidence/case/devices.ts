import type { ComponentReport, Interval, Requirement, SeqRange } from '@uptally/sla';
import { ALWAYS_MS, DEFAULT_LIVENESS_MS, MAX_LIVENESS_MS, ms } from '../../availability/ledger/times.ts';
import type { Queryable } from '../../db/index.ts';
import type { DeviceCase, RawBeat, RawReport } from './types.ts';

/** The window widened to the beats on either side, however far: they decide what a silence at its edge was. */
const REACH = `select
  least((select max(ts) from rec_beat where device_key = $1 and ts < $2::timestamptz), $2::timestamptz - interval '${MAX_LIVENESS_MS} ms') as lo,
  coalesce((select min(ts) from rec_beat where device_key = $1 and ts >= $3::timestamptz), $3::timestamptz) as hi`;

/** A column of all beats in one string, in the order of the rows: a month of them as rows costs several times as much on the way. */
const joined = (expression: string): string => `array_to_string(array_agg(${expression}), ',')`;
/** `date_part` is exact here, a double holds these milliseconds, and takes a tenth of what numeric does. */
const quickMs = (column: string): string => `(date_part('epoch', ${column}) * 1000)::int8`;

const BEATS = `with reach as materialized (${REACH})
select ${joined(quickMs('ts'))} as at, ${joined(quickMs('rcv_at'))} as received, ${joined('seq')} as seq, ${joined('flags')} as flags,
  ${joined(`coalesce(live_ms, ${DEFAULT_LIVENESS_MS})`)} as liveness
from (
  select * from rec_beat where device_key = $1 and ts >= (select lo from reach) and ts <= (select hi from reach)
  order by ts, seq) b`; // sorted once for all columns

type BeatColumns = Record<'at' | 'received' | 'seq' | 'flags' | 'liveness', string | null>;

function beatsOf(columns: BeatColumns | undefined): RawBeat[] {
  // Several times quicker than splitting.
  const column = (name: keyof BeatColumns): number[] => JSON.parse(`[${columns?.[name] ?? ''}]`) as number[];
  if (columns?.at == null) return [];
  const [received, seq, flags, liveness] = [column('received'), column('seq'), column('flags'), column('liveness')];
  return column('at').map((at, i) => ({
    at,
    seq: seq[i] ?? 0,
    receivedAt: received[i] ?? 0,
    live: ((flags[i] ?? 0) & 1) !== 0,
    estimated: ((flags[i] ?? 0) & 2) !== 0,
    livenessMs: liveness[i] ?? 0,
  }));
}

/** Reports of the window, and of each component the newest before it. */
const REPORTS = `with r as (
  select ts, rcv_at, seq, c.key as component, c.value->>'s' as state, c.value->>'r' as reason
  from rec_health h cross join jsonb_each(h.components) c
  where device_key = $1 and ts < $3::timestamptz and h.components is not null),
before as (
  select distinct on (component) * from r where ts < $2::timestamptz and state in ('ok', 'warn', 'fault')
  order by component, ts desc, seq desc)
select ${ms('ts')} as at, ${ms('rcv_at')} as "receivedAt", seq, component, state, reason
from (select * from before union all select * from r where ts >= $2::timestamptz) x order by ts, seq, component`;

const BOOTS = `select distinct at from (
  select offset_ms as at from boot_anchor where device_key = $1 and from_mono_ms = 0
  union all select ${ms('ts')} from rec_event where device_key = $1 and code = 'boot') b order by at`;

const ENDS = `select distinct ${ms('ended_at')} as at from device_session
where device_key = $1 and end_kind in ('clean', 'revoked') order by at`;

const REQUIREMENTS = `select case when q.from_at = '-infinity' then null else ${ms("nullif(q.from_at, '-infinity')")} end as "from", q.components
from device d join model_requirement q on q.model_id = d.model_id where d.device_key = $1 order by q.from_at`;

const IDENTITY = `select d.device_id, d.serial,
  (select json_agg(json_build_array(lower(r), upper(r)) order by lower(r)) from unnest(l.seqs) r) as received
from device d join device_live l using (device_key) where d.device_key = $1`;

/** Reads the evidence of one device from the records themselves: no runs, no sums. */
export async function readDevice(db: Queryable, deviceKey: number, window: Interval): Promise<DeviceCase> {
  const bounds = [deviceKey, new Date(window.from).toISOString(), new Date(window.to).toISOString()];
  const beats = await db.query<BeatColumns>(BEATS, bounds);
  const reports = await db.query<RawReport & { state: ComponentReport['state'] }>(REPORTS, bounds);
  const boots = await db.query<{ at: number }>(BOOTS, [deviceKey]);
  const ends = await db.query<{ at: number }>(ENDS, [deviceKey]);
  const requirements = await db.query<{ from: number | null; components: string[] }>(REQUIREMENTS, [deviceKey]);
  const identity = await db.query<{ device_id: string; serial: string; received: [number, number][] | null }>(
    IDENTITY,
    [deviceKey],
  );
  const [who] = identity.rows;
  if (who === undefined) throw new Error(`device ${deviceKey} is not in the registry`);
  return {
    deviceKey,
    deviceId: who.device_id,
    serial: who.serial,
    beats: beatsOf(beats.rows[0]),
    reports: reports.rows,
    boots: boots.rows.map(({ at }) => at),
    cleanEnds: ends.rows.map(({ at }) => at),
    requirements: requirements.rows.map(
      ({ from, components }): Requirement => ({ from: from ?? ALWAYS_MS, components }),
    ),
    received: (who.received ?? []).map(([lo, hi]): SeqRange => ({ lo, hi })),
  };
}
