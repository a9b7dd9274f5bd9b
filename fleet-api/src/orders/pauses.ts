import type { Pool, PoolClient } from '../db/index.ts';
import type { Member } from '../exclusions/parties.ts';
import { apiError } from '../http/errors.ts';
import { readLogs } from '../repair/cases.ts';
import { appendEvents } from '../repair/log.ts';
import type { OrderDetail, PauseBody } from './detail-schemas.ts';
import { insertEntry, selectConcerned, selectStory } from './detail-sql.ts';
import { type Act, changing, orgKinds } from './service.ts';
import { pausesIn, refuseDecision, sideIn, type ToldPause } from './standing.ts';
import { refusePause } from './steps.ts';

/** Time off the clock: one side proposes, the other decides (R-ZJ-4). */

/**
 * Proposes to take time off the clocks of the order's open faults. The past may be proposed, from the opening on.
 * @throws ApiError `order_not_yours`, `order_state`, `pause_span`, `pause_after_due`
 */
export function proposePause(
  pool: Pool,
  by: Member,
  id: number,
  version: number | null,
  body: PauseBody,
): Promise<OrderDetail> {
  return changing(pool, by, id, version, async ({ client, row }) => {
    if (sideIn(row, by) === null) throw apiError('order_not_yours', 'Only the parties of the contract propose a pause');
    const reason = body.reason.trim();
    if (reason === '') throw apiError('pause_span', 'Say why');
    const [from, to] = [Date.parse(body.from), body.to === undefined ? null : Date.parse(body.to)];
    const faults = await selectConcerned(client, id, null, 'open');
    const dueAt = await lastDue(client, faults, by.nowMs);
    const standing = { state: row.state, openedAt: row.opened_at.getTime(), dueAt, nowMs: by.nowMs };
    const refusal =
      faults.length === 0 ? apiError('order_state', 'Its faults are over') : refusePause({ from, to }, standing);
    if (refusal !== null) throw refusal;
    const span = { from: new Date(from).toISOString(), to: to === null ? null : new Date(to).toISOString() };
    const entryId = await insertEntry(client, {
      orderId: id,
      atMs: by.nowMs,
      nowMs: by.nowMs,
      kind: 'pause_proposed',
      userId: by.userId,
      orgId: by.org.id,
      note: reason,
      detail: span,
    });
    const pause = `p${entryId}`;
    await client.query(
      `update work_order_entry set detail = detail || jsonb_build_object('pause', $2::text) where id = $1`,
      [entryId, pause],
    );
    await appendEvents(
      client,
      faults,
      { at: by.nowMs, kind: 'pause_proposed', data: { pause, org: String(by.org.id), reason, from, to } },
      { userId: by.userId, nowMs: by.nowMs, entryId },
    );
    return { action: 'pause_proposed', detail: { pause, reason, ...span } };
  });
}

/** Due instant of the last clock that still runs; null: none does, or one has no due instant. */
async function lastDue(client: PoolClient, faults: readonly number[], nowMs: number): Promise<number | null> {
  const cases = await readLogs(client, faults, nowMs);
  const due = [...cases.values()].flatMap(({ clocks }) =>
    Object.values(clocks.stages).flatMap((clock) =>
      'dueAt' in clock && clock.stoppedAt === null ? [clock.dueAt ?? Number.POSITIVE_INFINITY] : [],
    ),
  );
  const last = Math.max(Number.NEGATIVE_INFINITY, ...due);
  return Number.isFinite(last) ? last : null;
}

/** The other side's word, for all that was proposed. @throws ApiError `not_found`, `pause_own_side`, `pause_decided` */
export function decidePause(
  pool: Pool,
  by: Member,
  id: number,
  pause: string,
  version: number | null,
  decision: { readonly approve: boolean; readonly note: string | undefined },
): Promise<OrderDetail> {
  return changing(pool, by, id, version, async (act) => {
    const told = await toldPause(act, pause);
    const kinds = await orgKinds(act.client, told.proposerOrg === null ? [] : [told.proposerOrg]);
    const refusal = refuseDecision(told, act.row, by, kinds.get(told.proposerOrg ?? 0) ?? '');
    if (refusal !== null) throw refusal;
    const kind = decision.approve ? 'pause_approved' : 'pause_rejected';
    await appendToPause(act, kind, pause, by.nowMs, decision.note);
    return { action: kind, detail: { pause, note: decision.note } };
  });
}

/** The cause of a pause is gone. @throws ApiError `not_found`, `pause_decided`, `pause_span` */
export function endPause(
  pool: Pool,
  by: Member,
  id: number,
  pause: string,
  version: number | null,
  at: string | undefined,
): Promise<OrderDetail> {
  return changing(pool, by, id, version, async (act) => {
    if (sideIn(act.row, by) === null) throw apiError('order_not_yours', 'Only the parties of the contract end a pause');
    const told = await toldPause(act, pause);
    if (told.ended_at !== null || told.state === 'rejected') throw apiError('pause_decided');
    const atMs = at === undefined ? by.nowMs : Date.parse(at);
    if (atMs > by.nowMs) throw apiError('pause_span', 'It can not end in the future');
    if (atMs < new Date(told.from).getTime()) throw apiError('pause_span', 'It ends before it begins');
    await appendToPause(act, 'pause_ended', pause, atMs, undefined);
    return { action: 'pause_ended', detail: { pause, at } };
  });
}

async function toldPause({ client, row }: Act, name: string): Promise<ToldPause> {
  const told = pausesIn(await selectStory(client, row.id)).find(({ pause }) => pause === name);
  if (told === undefined) throw apiError('not_found');
  return told;
}

/** A word about a pause goes to every fault that has it, also those that hang on another order since. */
async function appendToPause(
  { client, row, by }: Act,
  kind: 'pause_approved' | 'pause_rejected' | 'pause_ended',
  pause: string,
  atMs: number,
  note: string | undefined,
): Promise<void> {
  const { rows } = await client.query<{ fault_id: number }>(
    `select distinct e.fault_id from case_event e join fault f on f.id = e.fault_id
     where e.kind = 'pause_proposed' and e.entry_id = $1 and f.merged_into is null order by 1`,
    [pause.slice(1)],
  );
  const entryId = await insertEntry(client, {
    orderId: row.id,
    atMs,
    nowMs: by.nowMs,
    kind,
    userId: by.userId,
    orgId: by.org.id,
    note: note ?? null,
    detail: { pause },
  });
  await appendEvents(
    client,
    rows.map(({ fault_id }) => fault_id),
    { at: atMs, kind, data: { pause, org: String(by.org.id) } },
    { userId: by.userId, nowMs: by.nowMs, entryId },
  );
}
