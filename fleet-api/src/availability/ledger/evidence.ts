import type { ComponentReport, DeviceEvidence, Interval, Requirement, SeqRange } from '@uptally/sla';
import type { Queryable } from '../../db/index.ts';
import { groupBy } from './groups.ts';
import { type DeviceRun, type DeviceWindow, loadCleanEnds, loadRuns, splitAtEnds } from './runs.ts';
import { ALWAYS_MS, iso, ms } from './times.ts';

/** Boots that began in `(lo, hi]`. The outer bounds spare looking into chunks of other times. */
const BOOTS = `select device_key as "deviceKey", offset_ms as at
from unnest($1::int4[], $2::int8[], $3::int8[]) as w(device_key, lo, hi) join boot_anchor a using (device_key)
where a.from_mono_ms = 0 and a.offset_ms > w.lo and a.offset_ms <= w.hi
union all
select device_key, ${ms('ts')} from unnest($1::int4[], $2::int8[], $3::int8[]) as w(device_key, lo, hi)
cross join lateral (
  select ts from rec_event e where e.device_key = w.device_key and code = 'boot' and ts > $4 and ts <= $5
    and ts > to_timestamp(w.lo / 1000.0) and ts <= to_timestamp(w.hi / 1000.0)) e`;

/** Reports of the windows, and of each component the newest before. */
const REPORTS = `select w.device_key as "deviceKey", ${ms('r.at')} as at, r.seq, r.component, r.state
from unnest($1::int4[], $2::timestamptz[], $3::timestamptz[]) as w(device_key, lo, hi)
cross join lateral (
  select component, at, seq, state from component_report r where r.device_key = w.device_key and r.at >= w.lo and r.at < w.hi
  union all
  (select distinct on (component) component, at, seq, state from component_report r
   where r.device_key = w.device_key and r.at < w.lo order by component desc, at desc, seq desc)) r`;

const DEVICES = `select device_key as "deviceKey",
  (select json_agg(json_build_array(lower(r), upper(r)) order by lower(r)) from unnest(l.seqs) r) as received,
  (select json_agg(json_build_array(case when q.from_at > '-infinity' then ${ms("nullif(q.from_at, '-infinity')")} end, q.components)
    order by q.from_at) from model_requirement q where q.model_id = d.model_id) as requirements
from device d left join device_live l using (device_key) where device_key = any ($1::int4[])`;

interface DeviceRow {
  readonly deviceKey: number;
  readonly received: readonly [lo: number, hi: number][] | null;
  readonly requirements: readonly [from: number | null, components: string[]][] | null;
}

/**
 * What the ledger knows of devices, enough to judge the window: see {@link DeviceEvidence}. A device that does not exist is left out.
 * Reports that repeat the state before them are not among the reports.
 */
export async function loadEvidence(
  db: Queryable,
  deviceKeys: readonly number[],
  window: Interval,
): Promise<Map<number, DeviceEvidence>> {
  return loadEvidenceOf(
    db,
    deviceKeys.map((deviceKey) => ({ deviceKey, from: window.from, to: window.to })),
  );
}

/** The same with a window for each device; of several windows of one device, the evidence for all that lies between. */
export async function loadEvidenceOf(
  db: Queryable,
  asked: readonly DeviceWindow[],
): Promise<Map<number, DeviceEvidence>> {
  const windows = hulls(asked);
  if (windows.length === 0) return new Map();
  const whole = groupBy(await loadRuns(db, windows), ({ deviceKey }) => deviceKey);
  const ends = await loadCleanEnds(db, windows, whole);
  const runs = await splitAtEnds(db, [...whole.values()].flat(), ends);
  const boots = await loadBoots(db, whole);
  const reports = await loadReports(db, windows);
  const { rows } = await db.query<DeviceRow>(DEVICES, [windows.map(({ deviceKey }) => deviceKey)]);
  const by = <T extends { readonly deviceKey: number }>(list: readonly T[]) => groupBy(list, (x) => x.deviceKey);
  const [runsOf, endsOf, bootsOf, reportsOf] = [by(runs), by(ends), by(boots), by(reports)];
  return new Map(
    rows.map(({ deviceKey, received, requirements }) => [
      deviceKey,
      {
        runs: runsOf.get(deviceKey) ?? [],
        cleanEnds: (endsOf.get(deviceKey) ?? []).map(({ at }) => at),
        boots: (bootsOf.get(deviceKey) ?? []).map(({ at }) => at),
        reports: reportsOf.get(deviceKey) ?? [],
        requirements: (requirements ?? []).map(
          ([from, components]): Requirement => ({ from: from ?? ALWAYS_MS, components }),
        ),
        received: (received ?? []).map(([lo, hi]): SeqRange => ({ lo, hi })),
      },
    ]),
  );
}

function hulls(windows: readonly DeviceWindow[]): readonly DeviceWindow[] {
  const byKey = new Map<number, DeviceWindow>();
  for (const { deviceKey, from, to } of windows) {
    const known = byKey.get(deviceKey);
    byKey.set(deviceKey, {
      deviceKey,
      from: Math.min(from, known?.from ?? from),
      to: Math.max(to, known?.to ?? to),
    });
  }
  return [...byKey.values()];
}

/** Only silences between two beats are judged by boots. */
async function loadBoots(
  db: Queryable,
  runs: ReadonlyMap<number, readonly DeviceRun[]>,
): Promise<readonly { readonly deviceKey: number; readonly at: number }[]> {
  const silences = [...runs].flatMap(([deviceKey, own]) => {
    const lo = Math.min(...own.map(({ to }) => to));
    const hi = Math.max(...own.map(({ from }) => from));
    return lo < hi ? [{ deviceKey, lo, hi }] : [];
  });
  if (silences.length === 0) return [];
  const { rows } = await db.query<{ deviceKey: number; at: number }>(BOOTS, [
    silences.map(({ deviceKey }) => deviceKey),
    silences.map(({ lo }) => lo),
    silences.map(({ hi }) => hi),
    iso(Math.min(...silences.map(({ lo }) => lo))),
    iso(Math.max(...silences.map(({ hi }) => hi))),
  ]);
  return rows;
}

type Report = ComponentReport & { readonly deviceKey: number };

async function loadReports(db: Queryable, windows: readonly DeviceWindow[]): Promise<readonly Report[]> {
  const { rows } = await db.query<Report>(REPORTS, [
    windows.map(({ deviceKey }) => deviceKey),
    windows.map(({ from }) => iso(from)),
    windows.map(({ to }) => iso(to)),
  ]);
  return rows;
}
