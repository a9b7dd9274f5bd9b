import { type ClockMark, REPAIR_STAGES, type RepairClocks, type StageClock, UNTIL_FURTHER_NOTICE } from '@uptally/sla';
import type { PoolClient } from '../db/index.ts';
import { type ReadCase, readLogs } from './cases.ts';
import { refreshOrders } from './refresh-orders.ts';

/** An instant at which an open fault wants to be looked at again. `pause`: one begins or ends, nobody is told. */
export interface FaultMark extends ClockMark {
  readonly stage: string;
}

/** What of a case is kept beside it, so that lists compute no clocks. Instants in ms. */
export interface CaseColumns {
  readonly status: RepairClocks['status'];
  readonly verdict: ReadCase['verdict'];
  readonly severity: string;
  readonly openedAt: number;
  readonly endedAt: number | null;
  readonly nextStage: string | null;
  readonly nextDueAt: number | null;
  readonly isLate: boolean;
  readonly paused: boolean;
  readonly marks: readonly FaultMark[];
}

/** The columns of a case as of the instant that it was read at. */
export function columnsOf({ clocks, verdict }: Pick<ReadCase, 'clocks' | 'verdict'>, nowMs: number): CaseColumns {
  const stages = REPAIR_STAGES.map((stage) => clocks.stages[stage]);
  const open = stages.filter(isOpen);
  const next = open.filter(isDue).sort((a, b) => a.dueAt - b.dueAt)[0];
  return {
    status: clocks.status,
    verdict,
    severity: clocks.severity,
    openedAt: clocks.openedAt,
    endedAt: clocks.endedAt,
    nextStage: next?.stage ?? null,
    nextDueAt: next?.dueAt ?? null,
    isLate: stages.some(({ state }) => state === 'breached'),
    paused: open.some(({ paused }) => paused),
    marks: clocks.status === 'open' ? marksOf(open, clocks, nowMs) : [],
  };
}

type Begun = Extract<StageClock, { dueAt: number | null }>;
type Due = Begun & { readonly dueAt: number };
const isOpen = (clock: StageClock): clock is Begun => 'stoppedAt' in clock && clock.stoppedAt === null;
const isDue = (clock: Begun): clock is Due => clock.dueAt !== null;

function marksOf(open: readonly Begun[], { pauses }: RepairClocks, nowMs: number): FaultMark[] {
  const marks = open.flatMap(({ stage, marks, dueAt }): FaultMark[] => {
    const others = marks.filter(({ percent }) => percent !== 100).map((mark) => ({ stage, ...mark }));
    // A limit is passed in the first ms after its due instant.
    return dueAt === null ? others : [...others, { stage, percent: 100, at: dueAt + 1 }];
  });
  const turns = pauses.flatMap(({ from, to }) => [from, to]).filter((at) => at > nowMs && at < UNTIL_FURTHER_NOTICE);
  return [...marks, ...turns.map((at) => ({ stage: 'pause', percent: 0, at }))];
}

/** Reads the clocks of faults from their logs, writes what lists show of them, and brings their orders up to date. */
export async function refreshClocks(client: PoolClient, faultIds: readonly number[], nowMs: number): Promise<void> {
  const cases = await readLogs(client, [...new Set(faultIds)], nowMs);
  const rows = [...cases].map(([id, each]) => ({ id, ...columnsOf(each, nowMs) }));
  const instant = (ms: number | null) => (ms === null ? null : new Date(ms).toISOString());
  const { rows: orders } = await client.query<{ id: number }>(
    `with fresh as (select * from jsonb_to_recordset($1::jsonb) as r(id int, status text, verdict text, severity text,
         opened_at timestamptz, ended_at timestamptz, next_stage text, next_due_at timestamptz, is_late boolean,
         paused boolean, marks jsonb)),
       changed as (
         update fault f set status = r.status, verdict = r.verdict, severity = r.severity, opened_at = r.opened_at,
           ended_at = r.ended_at, next_stage = r.next_stage, next_due_at = r.next_due_at, is_late = r.is_late,
           paused = r.paused, marks = r.marks,
           version = f.version + ((f.status, f.severity, f.ended_at) is distinct from (r.status, r.severity, r.ended_at))::int
         from fresh r where f.id = r.id returning f.work_order_id)
     select distinct work_order_id as id from changed where work_order_id is not null order by 1`,
    [
      JSON.stringify(
        rows.map((row) => ({
          id: row.id,
          status: row.status,
          verdict: row.verdict,
          severity: row.severity,
          opened_at: instant(row.openedAt),
          ended_at: instant(row.endedAt),
          next_stage: row.nextStage,
          next_due_at: instant(row.nextDueAt),
          is_late: row.isLate,
          paused: row.paused,
          marks: row.marks,
        })),
      ),
    ],
  );
  await refreshOrders(
    client,
    orders.map(({ id }) => id),
    nowMs,
  );
}

/** Lets marks that lie ahead again be told again: a pause, a reopening or another limit has moved them. */
export async function forgetMarks(client: PoolClient, faultIds: readonly number[], nowMs: number): Promise<void> {
  const { rows } = await client.query<{ id: number }>(
    `with orders as (select distinct work_order_id as id from fault where id = any ($1)),
       ahead as (
         select f.work_order_id, m ->> 'stage' as stage, (m ->> 'percent')::int as percent
         from fault f, jsonb_array_elements(f.marks) m
         where f.work_order_id in (select id from orders) and f.merged_into is null
         group by 1, 2, 3 having min((m ->> 'at')::bigint) > $2)
     delete from work_order_mark w using ahead a
     where (w.work_order_id, w.stage, w.percent) = (a.work_order_id, a.stage, a.percent) returning w.work_order_id as id`,
    [faultIds, nowMs],
  );
  const orders = [...new Set(rows.map(({ id }) => id))];
  if (orders.length > 0) await refreshOrders(client, orders, nowMs);
}
