import { clip, type Interval } from '@uptally/sla';
import { loadOutages } from '../../availability/ledger/outages.ts';
import type { Queryable } from '../../db/index.ts';
import { orderNumber } from '../../repair/numbers.ts';
import type { AnalysisLine, ExclusionLine, ReportFigures } from './types.ts';
import { MAX_LINES } from './types.ts';

export interface ListQuery {
  readonly contractId: number;
  readonly period: Interval;
  readonly nowMs: number;
  readonly regionId: number | null;
}

/** Approved exclusions of the contract that reach into the period and the region. */
export async function exclusionLines(db: Queryable, query: ListQuery): Promise<ExclusionLine[]> {
  const { contractId, period, regionId } = query;
  const { rows } = await db.query<Omit<ExclusionLine, 'from' | 'to'> & { from: Date; to: Date }>(
    `select e.id, e.kind, e.dimension, coalesce(st.name, si.name, r.name) as target, e.from_at as "from", e.to_at as "to", e.reason
     from exclusion e left join station st on st.id = e.station_id left join site si on si.id = coalesce(st.site_id, e.site_id)
       join region r on r.id = coalesce(si.region_id, e.region_id)
     where e.contract_id = $1 and e.state = 'approved' and e.from_at < $3 and e.to_at > $2
       and ($4::int is null or r.path @> array[$4::int] or r.id = any (array(select unnest(path) from region where id = $4)))
     order by e.from_at, e.id limit ${MAX_LINES}`,
    [contractId, new Date(period.from), new Date(period.to), regionId],
  );
  return rows.map(({ from, to, ...row }) => ({ ...row, from: from.getTime(), to: to.getTime() }));
}

/** When the platform itself could not receive, within the period. */
export async function outageLines(db: Queryable, { period, nowMs }: ListQuery): Promise<ReportFigures['outages']> {
  const until = Math.min(period.to, nowMs);
  if (until <= period.from) return [];
  const window = { from: period.from, to: until };
  return clip(await loadOutages(db, window, nowMs), window).map(({ from, to }) => ({ from, to }));
}

/** What was found to be the cause, and advised, in orders that were closed in the period (R-HN-4). */
export async function analysisLines(db: Queryable, query: ListQuery): Promise<AnalysisLine[]> {
  const { contractId, period, regionId } = query;
  const { rows } = await db.query<Omit<AnalysisLine, 'order'> & { id: number }>(
    `select o.id, coalesce(nullif(concat_ws(' ', si.name, st.name), ''), g.name, '') as place, o.cause, o.cause_kind as "causeKind",
       coalesce(o.cause_analysis, '') as analysis, coalesce(o.advice, '') as advice,
       (o.labour_fen + o.logistics_fen)::bigint as "costFen", o.warranty
     from work_order o left join station st on st.id = o.station_id left join site si on si.id = o.site_id
       left join region g on g.id = o.county_id
     where o.contract_id = $1 and o.state = 'closed' and o.closed_at >= $2 and o.closed_at < $3
       and ($4::int is null or $4 = any (o.region_path))
     order by o.closed_at, o.id limit ${MAX_LINES}`,
    [contractId, new Date(period.from), new Date(period.to), regionId],
  );
  return rows.map(({ id, ...row }) => ({ ...row, order: orderNumber(id) }));
}
