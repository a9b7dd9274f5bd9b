import { addDays, type Day, dayOf } from '@uptally/sla';
import { rulesOf } from '../availability/contracts/rules.ts';
import type { RulesInput } from '../availability/contracts/schemas.ts';
import { figuresOf } from '../availability/figures/figure.ts';
import { sumsByStation } from '../availability/figures/sums-sql.ts';
import type { Queryable } from '../db/index.ts';
import type { Metric } from './checklist.ts';
import type { StationReadings } from './schemas.ts';

/** Stations of one task that telemetry is asked about at most: a site has few, a county is seen by its figures. */
const MAX_STATIONS = 20;

/** What readings are asked for: the stations of a task, and the part of its period that is over. */
export interface ReadingsAsked {
  readonly stationId: number | null;
  readonly siteId: number | null;
  readonly contractId: number;
  readonly fromDay: Day;
  readonly toDay: Day;
  readonly timeZone: string;
}

interface Row {
  readonly id: number;
  readonly site_id: number;
  readonly code: string;
  readonly name: string;
  readonly device_id: string | null;
  readonly online: boolean | null;
  readonly last_rcv_at: Date | null;
  readonly health: Readonly<Record<string, unknown>> | null;
  readonly health_at: Date | null;
  readonly net: Readonly<Record<string, unknown>> | null;
  readonly net_at: Date | null;
  readonly sim_bytes: number | null;
  readonly last_ts: Date | null;
  readonly components: Readonly<Record<string, { s?: string; since?: string }>> | null;
}

const STATIONS = `select st.id, st.site_id, st.code, st.name, d.device_id, l.online, l.last_rcv_at, l.health, l.health_at, l.net, l.net_at,
    l.last_ts, l.components, case when l.sim_month = date_trunc('month', $3::timestamptz at time zone $4)::date then l.sim_bytes end as sim_bytes
  from station st left join installation i on i.station_id = st.id and i.to_at is null
  left join device d on d.device_key = i.device_key left join device_live l on l.device_key = i.device_key
  where (st.id = any ($1::int[]) or st.site_id = any ($2::int[])) and st.decommissioned_at is null order by st.code`;

/** What telemetry says now about the stations of tasks, in their order; of a county nothing. */
export async function readingsFor(
  db: Queryable,
  asked: readonly ReadingsAsked[],
  nowMs: number,
): Promise<StationReadings[][]> {
  const zone = asked[0]?.timeZone ?? 'UTC';
  const stationIds = asked.flatMap(({ stationId }) => stationId ?? []);
  const siteIds = asked.flatMap(({ stationId, siteId }) => (stationId === null && siteId !== null ? [siteId] : []));
  if (stationIds.length + siteIds.length === 0) return asked.map(() => []);
  const { rows } = await db.query<Row>(STATIONS, [stationIds, siteIds, new Date(nowMs), zone]);
  const of = (each: ReadingsAsked): Row[] =>
    rows
      .filter((row) => (each.stationId === null ? row.site_id === each.siteId : row.id === each.stationId))
      .slice(0, MAX_STATIONS);
  const rates = await availability(db, asked, of, nowMs);
  return asked.map((each, i) => of(each).map((row) => present(row, rates[i]?.get(row.id) ?? [])));
}

type Readings = StationReadings['readings'];

/** Availability of each station in the part of the period that is over; tasks of one contract and period share a question. */
async function availability(
  db: Queryable,
  asked: readonly ReadingsAsked[],
  of: (each: ReadingsAsked) => readonly Row[],
  nowMs: number,
): Promise<Map<number, Readings>[]> {
  const answers = new Map<string, Map<number, Readings>>();
  for (const each of asked) {
    const key = keyOf(each);
    if (answers.has(key)) continue;
    const ids = asked.filter((other) => keyOf(other) === key).flatMap((other) => of(other).map(({ id }) => id));
    answers.set(key, await availabilityOf(db, each, ids, nowMs));
  }
  return asked.map((each) => answers.get(keyOf(each)) ?? new Map());
}

const keyOf = ({ contractId, fromDay, toDay }: ReadingsAsked): string => `${contractId}/${fromDay}/${toDay}`;

async function availabilityOf(db: Queryable, asked: ReadingsAsked, stationIds: number[], nowMs: number) {
  const tomorrow = addDays(dayOf(asked.timeZone, nowMs), 1);
  const toDay = asked.toDay < tomorrow ? asked.toDay : tomorrow;
  const readings = new Map<number, Readings>();
  if (asked.fromDay >= toDay || stationIds.length === 0) return readings;
  const { rows } = await db.query<{ rules: RulesInput }>('select rules from contract where id = $1', [
    asked.contractId,
  ]);
  const rules = rulesOf(rows[0]?.rules ?? {});
  const slice = { fromDay: asked.fromDay, toDay, closedId: null };
  const sums = await sumsByStation(db, { contractId: asked.contractId, rules, stationIds }, [slice]);
  for (const [id, sum] of sums) {
    const { pair } = figuresOf([sum], rules);
    const at = new Date(sum.computedTo ?? nowMs);
    const add = (metric: Metric, percent: string | null): Readings =>
      percent === null ? [] : [{ station_id: id, metric, value: Number(percent), at }];
    readings.set(id, [
      ...add('network_percent', pair.network.percent),
      ...add('equipment_percent', pair.equipment.percent),
    ]);
  }
  return readings;
}

const HEALTH = ['cpu_pct', 'mem_used_pct', 'disk_used_pct', 'temp_c'] as const;
const NET = ['rtt_ms', 'jitter_ms', 'signal_dbm'] as const;

function present(row: Row, rates: Readings): StationReadings {
  const add = (metric: Metric, value: unknown, at: Date | null): Readings =>
    typeof value === 'number' && at !== null
      ? [{ station_id: row.id, metric, value: Number(value.toFixed(2)), at }]
      : [];
  const parts = Object.entries(row.components ?? {}).filter(([, { s }]) => s === 'fault' || s === 'warn');
  return {
    station: { id: row.id, code: row.code, name: row.name },
    device_id: row.device_id,
    online: row.online,
    heard_at: row.last_rcv_at,
    faulty_parts: parts.map(([component, { s, since }]) => ({ component, state: s ?? '', since: since ?? null })),
    readings: [
      ...HEALTH.flatMap((metric) => add(metric, row.health?.[metric], row.health_at)),
      ...NET.flatMap((metric) => add(metric, row.net?.[metric], row.net_at)),
      ...add('sim_bytes', row.sim_bytes, row.last_ts),
      ...rates,
    ],
  };
}
