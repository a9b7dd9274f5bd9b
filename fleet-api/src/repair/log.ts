import type { CaseEvent } from '@uptally/sla';
import type { PoolClient } from '../db/index.ts';
import { forgetMarks, refreshClocks } from './refresh.ts';

export { refreshClocks } from './refresh.ts';

/** One event for the logs of faults. */
export interface NewCaseEvent {
  /** When it happened or takes effect, Unix ms. */
  readonly at: number;
  readonly kind: CaseEvent['kind'];
  /** What the kind needs besides: contract, severity, pause, proposal, org, reason, from, to, span, since (instants in ms). */
  readonly data?: object;
}

export interface Recorder {
  /** Null: the platform itself, or the site without an account. */
  readonly userId: number | null;
  readonly nowMs: number;
  /** The entry of a work order's story that tells of it. */
  readonly entryId?: number | bigint | null;
}

/** Events after which a mark that lies ahead again is worth telling anew. */
const MOVES_MARKS: ReadonlySet<CaseEvent['kind']> = new Set([
  'pause_approved',
  'pause_ended',
  'reopened',
  'severity_changed',
  'severity_approved',
  'contract_changed',
]);

/**
 * Appends an event to each fault's log and brings the clocks of faults and their orders up to date, in the caller's transaction.
 * Orders, then faults, are locked in the order of their ids.
 */
export async function appendEvents(
  client: PoolClient,
  faultIds: readonly number[],
  event: NewCaseEvent,
  by: Recorder,
): Promise<void> {
  if (faultIds.length === 0) return;
  await lockCases(client, faultIds);
  await client.query(
    `insert into case_event (fault_id, seq, at, kind, data, entry_id, recorded_at, user_id)
     select f.id, coalesce((select max(seq) from case_event e where e.fault_id = f.id), 0) + 1, $2, $3, $4, $5, $6, $7
     from unnest($1::int[]) f(id)`,
    [
      [...new Set(faultIds)],
      new Date(event.at),
      event.kind,
      JSON.stringify(event.data ?? {}),
      by.entryId === undefined || by.entryId === null ? null : String(by.entryId),
      new Date(by.nowMs),
      by.userId,
    ],
  );
  await refreshClocks(client, faultIds, by.nowMs);
  if (MOVES_MARKS.has(event.kind)) await forgetMarks(client, faultIds, by.nowMs);
}

/** Locks faults and the orders that they hang on until the end of the transaction. */
export async function lockCases(client: PoolClient, faultIds: readonly number[]): Promise<void> {
  await client.query(
    `select 1 from work_order where id in (select work_order_id from fault where id = any ($1)) order by id for no key update`,
    [faultIds],
  );
  await client.query('select 1 from fault where id = any ($1) order by id for no key update', [faultIds]);
}
