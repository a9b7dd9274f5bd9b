import type { Pool, Queryable } from '../db/index.ts';
import type { Member } from '../exclusions/parties.ts';
import type { TaskDetail } from './schemas.ts';
import { changing, tell } from './service.ts';

/**
 * Asks that a task be not owed; the other side decides. Until then it is.
 * @throws ApiError those of `refusalOf`
 */
export function askCancellation(pool: Pool, by: Member, id: number, reason: string): Promise<TaskDetail> {
  return changing(pool, by, id, 'ask_cancel', async (client, row) => {
    await client.query(
      `update inspection_task set cancel_reason = $2, cancel_asked_by = $3, cancel_asked_org_id = $4, cancel_asked_at = $5,
         cancel_decision = null, cancel_decided_by = null, cancel_decided_org_id = null, cancel_decided_at = null, cancel_note = null,
         version = version + 1 where id = $1`,
      [id, reason, by.userId, by.org.id, new Date(by.nowMs)],
    );
    await tell(client, by, row, 'cancellation_asked', { reason });
  });
}

/** The other side's decision. @throws ApiError those of `refusalOf` */
export function decideCancellation(
  pool: Pool,
  by: Member,
  id: number,
  { decision, note }: { readonly decision: 'approved' | 'rejected'; readonly note?: string },
): Promise<TaskDetail> {
  return changing(pool, by, id, 'decide_cancel', async (client, row) => {
    await client.query(
      `update inspection_task set cancel_decision = $2, cancel_decided_by = $3, cancel_decided_org_id = $4, cancel_decided_at = $5,
         cancel_note = $6, state = case when $2 = 'approved' then 'cancelled' else state end, version = version + 1 where id = $1`,
      [id, decision, by.userId, by.org.id, new Date(by.nowMs), note ?? null],
    );
    await tell(client, by, row, `cancellation_${decision}`, { note });
  });
}

/** Takes a request back. @throws ApiError those of `refusalOf` */
export function withdrawCancellation(pool: Pool, by: Member, id: number): Promise<TaskDetail> {
  return changing(pool, by, id, 'withdraw_cancel', async (client, row) => {
    await forget(client, id);
    await tell(client, by, row, 'cancellation_withdrawn');
  });
}

async function forget(db: Queryable, id: number): Promise<void> {
  await db.query(
    `update inspection_task set cancel_reason = null, cancel_asked_by = null, cancel_asked_org_id = null, cancel_asked_at = null,
       version = version + 1 where id = $1`,
    [id],
  );
}
