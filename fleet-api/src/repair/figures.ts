import { type Interval, type RepairVerdict, rateOfCounts, recurrences, type Timeliness } from '@uptally/sla';
import { inScope } from '../auth/scope.ts';
import type { Queryable } from '../db/index.ts';
import { type ReadCase, readLogs } from './cases.ts';

/** A fault as figures and annexes know it. Instants in ms. */
export interface FaultRow {
  readonly id: number;
  readonly contractId: number;
  readonly workOrderId: number | null;
  readonly countyId: number | null;
  readonly siteId: number;
  readonly siteName: string;
  readonly stationId: number | null;
  readonly stationCode: string | null;
  readonly stationName: string | null;
  readonly deviceId: string | null;
  readonly source: 'telemetry' | 'person' | 'site';
  readonly cause: string;
  readonly component: string | null;
  readonly reason: string | null;
  readonly description: string;
  readonly recoveredAt: number | null;
}

/** A fault with its whole log, its clocks and what it counts as. */
export interface FaultCase extends ReadCase {
  readonly fault: FaultRow;
}

export interface CaseQuery {
  readonly contractId: number;
  /** Faults opened in it, `[from, to)`. */
  readonly period: Interval;
  /** Instant as of which logs are read. */
  readonly nowMs: number;
  /** Only these severities, as the log says them as of `nowMs`; left out: all. */
  readonly severities?: readonly string[];
  /** Regions that the one who asks may see; left out or null: all. */
  readonly scope?: readonly number[] | null;
}

const COLUMNS = `f.id, f.contract_id as "contractId", f.work_order_id as "workOrderId", f.county_id as "countyId",
  f.site_id as "siteId", si.name as "siteName", f.station_id as "stationId", st.code as "stationCode", st.name as "stationName",
  d.device_id as "deviceId", f.source, f.cause, f.component, f.reason, f.description,
  (extract(epoch from f.recovered_at) * 1000)::bigint as "recoveredAt"`;

/** The faults of a contract that opened in a period, in order of opening, each read from its log. Merged duplicates count nowhere. */
export async function readCases(db: Queryable, query: CaseQuery): Promise<FaultCase[]> {
  const { rows } = await db.query<FaultRow>(
    `select ${COLUMNS} from fault f join site si on si.id = f.site_id left join station st on st.id = f.station_id
       left join device d on d.device_key = f.device_key
     where f.contract_id = $1 and f.opened_at >= $2 and f.opened_at < $3 and f.merged_into is null
       and ${inScope('f.region_path', '$4')} order by f.opened_at, f.id`,
    [query.contractId, new Date(query.period.from), new Date(query.period.to), query.scope ?? null],
  );
  const cases = await readLogs(
    db,
    rows.map(({ id }) => id),
    query.nowMs,
  );
  return rows.flatMap((fault) => {
    const read = cases.get(fault.id);
    if (read === undefined || query.severities?.includes(read.clocks.severity) === false) return [];
    return [{ ...read, fault }];
  });
}

/**
 * Fault-repair timeliness of a period as of `nowMs`, each fault judged by its own contract's rule for its severity. A fault counts
 * where it was opened; see docs/repair-clocks.md.
 */
export async function repairTimeliness(db: Queryable, query: CaseQuery): Promise<Timeliness> {
  return timelinessOf(await readCases(db, query));
}

/** The same of cases in hand. */
export function timelinessOf(cases: Iterable<Pick<ReadCase, 'verdict'>>): Timeliness {
  const counts: Record<RepairVerdict, number> = { on_time: 0, late: 0, pending: 0, cancelled: 0, not_owed: 0 };
  for (const { verdict } of cases) counts[verdict]++;
  const { on_time: onTime, late, pending, cancelled, not_owed: notOwed } = counts;
  return { onTime, late, pending, cancelled, notOwed, rate: rateOfCounts(onTime, late) };
}

/** Faults of a period that repeat one of equal place and cause that ended at most `withinDays` times 24 h before (R-ZJ-1). */
export async function recurrenceCount(
  db: Queryable,
  query: { readonly contractId: number; readonly period: Interval; readonly withinDays: number },
): Promise<number> {
  const { contractId, period, withinDays } = query;
  const { rows } = await db.query<{ place: string; cause: string; openedAt: number; endedAt: number | null }>(
    `select coalesce('station:' || f.station_id, 'site:' || f.site_id) as place, f.cause,
       (extract(epoch from f.opened_at) * 1000)::bigint as "openedAt", (extract(epoch from f.ended_at) * 1000)::bigint as "endedAt"
     from fault f where f.contract_id = $1 and f.opened_at < $3 and f.status <> 'cancelled' and f.merged_into is null
       and (f.opened_at >= $2 or f.ended_at >= $2 - make_interval(days => $4))`,
    [contractId, new Date(period.from), new Date(period.to), withinDays],
  );
  return recurrences(rows, withinDays).filter(({ fault }) => fault.openedAt >= period.from).length;
}
