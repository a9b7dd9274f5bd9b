import { type DueItem, type InspectionFigures, type Interval, inspectionRate } from '@uptally/sla';
import type { Queryable } from '../db/index.ts';

export interface FiguresQuery {
  readonly contractId: number;
  readonly period: Interval;
  /** What is dated later is not known yet, Unix ms. */
  readonly nowMs: number;
  /** Only tasks of plans that carry one of these duties; left out: of all plans. */
  readonly dutyIds?: readonly string[];
}

/** A task as the rate counts it, with the place that it belongs to. */
export interface CountedTask extends DueItem {
  readonly planId: number;
  readonly countyId: number | null;
}

const ms = (column: string): string => `(extract(epoch from ${column}) * 1000)::int8`;

/** Tasks of a contract that fall due in `(from, to]`. One that both sides took off is not due. */
const DUE = `select plan_id as "planId", county_id as "countyId", ${ms('due_at')} as "dueAt", ${ms('done_at')} as "doneAt"
  from inspection_task
  where contract_id = $1 and due_at > $2 and due_at <= $3 and state <> 'cancelled'
    and ($4::text[] is null or duty_id = any ($4::text[]))
    and ($5::int[] is null or region_path && $5::int[])`;

/** The tasks that a rate is made of; `scope` as in auth/scope.ts, null: everything. */
export async function readDue(
  db: Queryable,
  { contractId, period, dutyIds }: Omit<FiguresQuery, 'nowMs'>,
  scope: readonly number[] | null = null,
): Promise<readonly CountedTask[]> {
  const { rows } = await db.query<CountedTask>(DUE, [
    contractId,
    new Date(period.from),
    new Date(period.to),
    dutyIds ?? null,
    scope,
  ]);
  return rows;
}

/** The inspection rate 巡检率 of a contract over a period, by the rules of docs/repair-clocks.md (R-DG-9). */
export async function inspectionFigures(db: Queryable, query: FiguresQuery): Promise<InspectionFigures> {
  return inspectionRate(await readDue(db, query), query.period, query.nowMs);
}
