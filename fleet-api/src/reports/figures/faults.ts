import { type Interval, REPAIR_STAGES } from '@uptally/sla';
import type { Regions } from '../../availability/figures/regions.ts';
import type { Queryable } from '../../db/index.ts';
import { type FaultCase, readCases, recurrenceCount, timelinessOf } from '../../repair/figures.ts';
import { faultNumber, orderNumber } from '../../repair/numbers.ts';
import { loadSeverityNames } from '../../repair/severity-names.ts';
import { type FaultGroup, type FaultLine, type FaultPart, MAX_LINES } from './types.ts';

const RECURRENCE_DAYS = 30;

export interface RepairQuery {
  readonly contractId: number;
  readonly period: Interval;
  readonly nowMs: number;
  readonly regionId: number | null;
  readonly regions: Regions;
}

/** Faults that were opened in the period, judged as settlement judges them. */
export async function faultPart(db: Queryable, query: RepairQuery): Promise<FaultPart> {
  const { regionId, regions } = query;
  const cases = (await readCases(db, query)).filter(
    ({ fault }) => regionId === null || isIn(regions, fault.countyId, regionId),
  );
  const counted = cases.filter(({ verdict }) => verdict !== 'cancelled');
  const county = (each: FaultCase): string => nameOf(regions, each.fault.countyId) ?? '';
  const ended = counted.flatMap(({ clocks }) => (clocks.endedAt === null ? [] : [clocks.endedAt - clocks.openedAt]));
  return {
    total: counted.length,
    timeliness: timelinessOf(cases),
    stages: REPAIR_STAGES.map((stage) => {
      const states = counted.map(({ clocks }) => clocks.stages[stage].state);
      const count = (state: string): number => states.filter((each) => each === state).length;
      return { stage, met: count('met'), breached: count('breached'), running: count('running') };
    }),
    byCause: grouped(counted, ({ fault }) => fault.cause),
    byCounty: grouped(counted, county),
    bySeverity: grouped(counted, ({ clocks }) => clocks.severity),
    severityNames: (await loadSeverityNames(db, query.contractId)).ofContract(query.contractId),
    recurrences: regionId === null ? await recurrenceCount(db, { ...query, withinDays: RECURRENCE_DAYS }) : null,
    meanRepairMs: ended.length === 0 ? null : Math.round(ended.reduce((a, b) => a + b, 0) / ended.length),
    openAtEnd: await openAtEnd(db, query),
    lines: cases.slice(0, MAX_LINES).map((each) => lineOf(each, county(each))),
  };
}

function lineOf({ fault, clocks, verdict }: FaultCase, county: string): FaultLine {
  const stages = Object.fromEntries(REPAIR_STAGES.map((stage) => [stage, clocks.stages[stage].state]));
  return {
    number: faultNumber(fault.id),
    order: fault.workOrderId === null ? null : orderNumber(fault.workOrderId),
    county,
    site: fault.siteName,
    station: fault.stationName,
    cause: fault.cause,
    reason: fault.reason,
    severity: clocks.severity,
    openedAt: clocks.openedAt,
    endedAt: clocks.endedAt,
    status: clocks.status,
    verdict,
    stages: stages as FaultLine['stages'],
  };
}

/** Most first. */
function grouped(cases: readonly FaultCase[], keyOf: (each: FaultCase) => string): FaultGroup[] {
  const groups = new Map<string, FaultCase[]>();
  for (const each of cases) {
    const group = groups.get(keyOf(each));
    if (group === undefined) groups.set(keyOf(each), [each]);
    else group.push(each);
  }
  return [...groups]
    .map(([key, of]) => {
      const { onTime, late, pending } = timelinessOf(of);
      return { key, total: of.length, onTime, late, pending };
    })
    .sort((a, b) => b.total - a.total || (a.key < b.key ? -1 : 1));
}

async function openAtEnd(db: Queryable, { contractId, period, regionId }: RepairQuery): Promise<number> {
  const { rows } = await db.query<{ count: number }>(
    `select count(*)::int as count from fault where contract_id = $1 and merged_into is null and status <> 'cancelled'
       and opened_at < $2 and (ended_at is null or ended_at >= $2) and ($3::int is null or $3 = any (region_path))`,
    [contractId, new Date(period.to), regionId],
  );
  return rows[0]?.count ?? 0;
}

/** A region lies in another, or is it. */
export function isIn(regions: Regions, id: number | null, within: number): boolean {
  return id !== null && (regions.get(id)?.path.includes(within) ?? false);
}

export function nameOf(regions: Regions, id: number | null): string | null {
  return id === null ? null : (regions.get(id)?.name ?? null);
}
