import type { Pool } from '../db/index.ts';
import type { Member } from '../exclusions/parties.ts';
import { apiError } from '../http/errors.ts';
import { appendEvents } from '../repair/log.ts';
import type { AssignBody, CloseBody, EditBody, NoteBody, OrderDetail, PartBody, StepBody } from './detail-schemas.ts';
import { insertEntry, selectAssignable, selectConcerned, selectStory } from './detail-sql.ts';
import { type Act, changing } from './service.ts';
import { isContractor, mayWithdraw, requireWorker, sideIn, toldSteps } from './standing.ts';
import {
  EVENT_OF,
  isOver,
  laterOf,
  refuseClosing,
  refuseReopening,
  refuseStep,
  type Step,
  WORK_STATES,
} from './steps.ts';

/** What people do with an order, each in one transaction with the logs of its faults. */

const STEP_OF: Readonly<Record<StepBody['step'], Step>> = {
  acknowledge: 'acknowledged',
  set_out: 'on_the_way',
  arrive: 'on_site',
  restore: 'restored',
  repair: 'repaired',
};

/** Tells a step with its true time. @throws ApiError `order_not_yours`, `order_state`, `step_time`, `unknown_reference` */
export function tellStep(
  pool: Pool,
  by: Member,
  id: number,
  version: number | null,
  body: StepBody,
): Promise<OrderDetail> {
  return changing(pool, by, id, version, async (act) => {
    requireWorker(act.row, by, 'order.work');
    const step = STEP_OF[body.step];
    await takeStep(act, step, { at: body.at, note: body.note, faultIds: body.fault_ids ?? null });
    return { action: step, detail: { at: body.at, note: body.note } };
  });
}

interface StepWish {
  readonly at: string | undefined;
  readonly note: string | undefined;
  readonly faultIds: readonly number[] | null;
  readonly detail?: object;
}

async function takeStep({ client, row, by }: Act, step: Step, wish: StepWish): Promise<void> {
  const at = wish.at === undefined ? by.nowMs : Date.parse(wish.at);
  const told = toldSteps(await selectStory(client, row.id));
  const standing = { state: row.state, openedAt: row.opened_at.getTime(), told, nowMs: by.nowMs };
  const refusal = refuseStep(step, at, standing);
  if (refusal !== null) throw refusal;
  const atMs = Math.min(at, by.nowMs);
  const faults = await selectConcerned(client, row.id, wish.faultIds, 'any');
  if (faults.length === 0 || (wish.faultIds !== null && faults.length !== new Set(wish.faultIds).size)) {
    throw apiError('unknown_reference', 'These are no faults of the order');
  }
  const part = wish.faultIds === null ? {} : { faults: wish.faultIds };
  const entryId = await insertEntry(client, {
    orderId: row.id,
    atMs,
    nowMs: by.nowMs,
    kind: wish.faultIds === null ? step : `${step}_part`,
    userId: by.userId,
    orgId: by.org.id,
    note: wish.note ?? null,
    detail: { ...wish.detail, ...part },
  });
  // Part of an incident is no step of the whole: that follows once the last fault is gone.
  if (wish.faultIds === null) {
    await client.query('update work_order set state = $2 where id = $1', [row.id, laterOf(row.state, step)]);
  }
  await appendEvents(
    client,
    faults,
    { at: atMs, kind: EVENT_OF[step] },
    { userId: by.userId, nowMs: by.nowMs, entryId },
  );
}

/** Gives the order to somebody of the contractor; the first time this answers the fault. @throws ApiError as {@link tellStep} */
export function assign(
  pool: Pool,
  by: Member,
  id: number,
  version: number | null,
  body: AssignBody,
): Promise<OrderDetail> {
  return changing(pool, by, id, version, async (act) => {
    const { client, row } = act;
    const isOwn = body.user_id === by.userId && row.assignee_id === null;
    requireWorker(row, by, isOwn ? 'order.work' : 'order.manage');
    if (!WORK_STATES.includes(row.state)) throw apiError('order_state', `The order is ${row.state}`);
    const person = await selectAssignable(client, body.user_id, row.org_id);
    if (person === null) throw apiError('unknown_reference', 'Nobody of the contractor who works on orders');
    await client.query('update work_order set assignee_id = $2, org_id = coalesce(org_id, $3) where id = $1', [
      id,
      person.id,
      person.org_id,
    ]);
    const detail = { user: { id: person.id, name: person.name } };
    if (row.state === 'new' || row.state === 'acknowledged') {
      await takeStep(act, 'assigned', { at: body.at, note: body.note, faultIds: null, detail });
    } else {
      await tell(act, 'reassigned', { note: body.note, detail });
    }
    return { action: 'assigned', detail: { ...detail, note: body.note } };
  });
}

/** Writes a line of the story that says nothing to the clocks. Gives its id. */
export function tell(
  { client, row, by }: Act,
  kind: string,
  { note, detail }: { readonly note?: string | undefined; readonly detail?: object } = {},
): Promise<number> {
  return insertEntry(client, {
    orderId: row.id,
    atMs: by.nowMs,
    nowMs: by.nowMs,
    kind,
    userId: by.userId,
    orgId: by.org.id,
    note: note ?? null,
    ...(detail === undefined ? {} : { detail }),
  });
}

/** Closes with cause, analysis and advice (R-HN-4). @throws ApiError `order_not_repaired`, `order_incomplete`, `order_state` */
export function closeOrder(
  pool: Pool,
  by: Member,
  id: number,
  version: number | null,
  body: CloseBody,
): Promise<OrderDetail> {
  return changing(pool, by, id, version, async (act) => {
    requireWorker(act.row, by, 'order.work');
    const refusal = refuseClosing(act.row.state, body);
    if (refusal !== null) throw refusal;
    await act.client.query(
      `update work_order set state = 'closed', closed_at = $2, cause_kind = $3, cause_analysis = $4, advice = $5,
         warranty = coalesce($6, warranty) where id = $1`,
      [id, new Date(by.nowMs), body.cause_kind, body.cause_analysis.trim(), body.advice.trim(), body.warranty ?? null],
    );
    await tell(act, 'closed', { detail: { cause_kind: body.cause_kind } });
    return { action: 'closed', detail: { ...body } };
  });
}

/** The fault is back, or was never gone: the end is void, what both sides confirmed too. @throws ApiError `order_state` */
export function reopen(
  pool: Pool,
  by: Member,
  id: number,
  version: number | null,
  body: NoteBody,
): Promise<OrderDetail> {
  return changing(pool, by, id, version, async (act) => {
    const { client, row } = act;
    if (!isContractor(row, by) && sideIn(row, by) === null) throw apiError('order_not_yours');
    const refusal = refuseReopening(row.state);
    if (refusal !== null) throw refusal;
    const faults = await selectConcerned(client, id, null, 'ended');
    const entryId = await tell(act, 'reopened', { note: body.note });
    await client.query(
      'update work_order_confirmation set voided_at = $2 where work_order_id = $1 and voided_at is null',
      [id, new Date(by.nowMs)],
    );
    await client.query(
      `update work_order set state = case when assignee_id is null then 'acknowledged' else 'assigned' end, closed_at = null
       where id = $1`,
      [id],
    );
    await appendEvents(
      client,
      faults,
      { at: by.nowMs, kind: 'reopened' },
      { userId: by.userId, nowMs: by.nowMs, entryId },
    );
    return { action: 'reopened', detail: { note: body.note } };
  });
}

/** There was no fault, says the side that gains nothing by it. @throws ApiError `order_by_agency`, `order_state` */
export function cancel(
  pool: Pool,
  by: Member,
  id: number,
  version: number | null,
  body: NoteBody,
): Promise<OrderDetail> {
  return changing(pool, by, id, version, async (act) => {
    const { client, row } = act;
    if (!mayWithdraw(row, by)) throw apiError('order_by_agency');
    if (!WORK_STATES.includes(row.state)) throw apiError('order_state', `The order is ${row.state}`);
    const faults = await selectConcerned(client, id, null, 'open');
    if (faults.length === 0) throw apiError('order_state', 'Its faults are over');
    const entryId = await tell(act, 'cancelled', { note: body.note });
    // Faults that have ended stay what they are: the rest of the order does, too.
    const ended = await selectConcerned(client, id, null, 'ended');
    if (ended.length === 0) await client.query(`update work_order set state = 'cancelled' where id = $1`, [id]);
    await appendEvents(
      client,
      faults,
      { at: by.nowMs, kind: 'cancelled' },
      { userId: by.userId, nowMs: by.nowMs, entryId },
    );
    return { action: 'cancelled', detail: { note: body.note } };
  });
}

/** Says something. By anybody of the parties, at any time. */
export function comment(pool: Pool, by: Member, id: number, body: NoteBody): Promise<OrderDetail> {
  return changing(pool, by, id, null, async (act) => {
    if (!isContractor(act.row, by) && sideIn(act.row, by) === null) throw apiError('order_not_yours');
    await tell(act, 'comment', { note: body.note });
    return { action: 'commented', detail: { note: body.note } };
  });
}

/** Title, cost, warranty. @throws ApiError `order_state` */
export function edit(pool: Pool, by: Member, id: number, version: number | null, body: EditBody): Promise<OrderDetail> {
  return changing(pool, by, id, version, async (act) => {
    requireEditor(act);
    await act.client.query(
      `update work_order set title = coalesce($2, title), labour_fen = coalesce($3, labour_fen),
         logistics_fen = coalesce($4, logistics_fen), warranty = coalesce($5, warranty) where id = $1`,
      [id, body.title?.trim() ?? null, body.labour_fen ?? null, body.logistics_fen ?? null, body.warranty ?? null],
    );
    return { action: 'edited', detail: { ...body } };
  });
}

function requireEditor({ row, by }: Act): void {
  requireWorker(row, by, 'order.work');
  if (isOver(row.state)) throw apiError('order_state', `The order is ${row.state}`);
}

/** Writes down a part that went in. */
export function addPart(
  pool: Pool,
  by: Member,
  id: number,
  version: number | null,
  body: PartBody,
): Promise<OrderDetail> {
  return changing(pool, by, id, version, async (act) => {
    requireEditor(act);
    await act.client.query(
      `insert into work_order_part (work_order_id, name, qty, unit_fen, serial, added_by, added_at)
       values ($1, $2, $3, $4, $5, $6, $7)`,
      [id, body.name.trim(), body.qty, body.unit_fen, body.serial ?? null, by.userId, new Date(by.nowMs)],
    );
    await tell(act, 'part', { detail: { name: body.name, qty: body.qty } });
    return { action: 'part_added', detail: { ...body } };
  });
}

/** Strikes a part off; one that came out of the parts store goes back there, not from here. @throws ApiError `not_found` */
export function dropPart(
  pool: Pool,
  by: Member,
  id: number,
  partId: number,
  version: number | null,
): Promise<OrderDetail> {
  return changing(pool, by, id, version, async (act) => {
    requireEditor(act);
    const { rows } = await act.client.query<{ name: string }>(
      'delete from work_order_part where id = $1 and work_order_id = $2 and part_id is null returning name',
      [partId, id],
    );
    if (rows[0] === undefined) throw apiError('not_found');
    return { action: 'part_dropped', detail: { name: rows[0].name } };
  });
}
