import { inTransaction, type Pool, type PoolClient } from '../db/index.ts';
import type { Member } from '../exclusions/parties.ts';
import { CAUSES } from '../faults/causes.ts';
import { openFault } from '../faults/open.ts';
import { apiError } from '../http/errors.ts';
import type { Answer, Answers } from './answers.ts';
import type { ChecklistItem } from './checklist.ts';
import { tell, visible } from './service.ts';
import { lockTask, setFault, type TaskDetailRow } from './task-sql.ts';

/** Opens the faults that the answers ask for, and notes them there; the time of a fault is that of the visit. */
export async function withFaults(
  client: PoolClient,
  by: Member,
  row: TaskDetailRow,
  answers: Answers,
  atMs: number,
): Promise<Answers> {
  const noted: Record<string, Answer> = {};
  for (const [id, given] of Object.entries(answers)) {
    const { open_fault: isWanted, fault_id: _claimed, ...answer } = given;
    const item = row.checklist.find((each) => each.id === id);
    const opens = isWanted === true && answer.result === 'fault' && item !== undefined;
    const opened = opens ? await openAt(client, by, row, { item, answer, stationId: null, atMs }) : null;
    noted[id] = opened === null ? answer : { ...answer, fault_id: opened.faultId };
  }
  return noted;
}

/**
 * Opens a fault for an item that was found faulty at a task that is done. Once is enough: an item that has its fault keeps it.
 * @throws ApiError `not_found`, `conflict`, `inspection_not_faulty`, `unknown_reference`
 */
export function openItemFault(
  pool: Pool,
  by: Member,
  id: number,
  wish: { readonly item: string; readonly station_id?: number; readonly description?: string },
): Promise<{ fault_id: number; created: boolean; work_order_id: number | null }> {
  return inTransaction(pool, async (client) => {
    await lockTask(client, id);
    const row = await visible(client, by, id);
    const answer = row.answers[wish.item];
    const item = row.checklist.find((each) => each.id === wish.item);
    if (item === undefined || answer?.result !== 'fault') throw apiError('inspection_not_faulty');
    if (answer.fault_id !== undefined) throw apiError('conflict', `Fault ${answer.fault_id} has been opened for it`);
    const told = wish.description === undefined ? answer : { ...answer, note: wish.description };
    const atMs = row.done_at?.getTime() ?? by.nowMs;
    const opened = await openAt(client, by, row, { item, answer: told, stationId: wish.station_id ?? null, atMs });
    await setFault(client, id, wish.item, opened.faultId);
    await tell(client, by, row, 'fault_opened', { item: wish.item, fault: opened.faultId });
    return { fault_id: opened.faultId, created: opened.created, work_order_id: opened.orderId };
  });
}

interface Found {
  readonly item: ChecklistItem;
  readonly answer: Answer;
  /** Which station of a site or county; null: that of the task, or the site as a whole. */
  readonly stationId: number | null;
  readonly atMs: number;
}

async function openAt(client: PoolClient, by: Member, row: TaskDetailRow, { item, answer, stationId, atMs }: Found) {
  const station = stationId ?? row.station_id;
  if (stationId !== null) await requireWithin(client, row, stationId);
  else if (station === null && row.site_id === null) {
    throw apiError('unknown_reference', 'Say at which station of the county');
  }
  return openFault(client, {
    stationId: station,
    siteId: row.site_id,
    source: 'person',
    cause: CAUSES.find((cause) => cause === item.component) ?? 'other',
    ...(item.component === undefined ? {} : { component: item.component }),
    description: [item.zh, answer.note].filter((part) => part !== undefined && part !== '').join('：'),
    userId: by.userId,
    openedAtMs: atMs,
    nowMs: by.nowMs,
  });
}

async function requireWithin(client: PoolClient, row: TaskDetailRow, stationId: number): Promise<void> {
  const { rowCount } = await client.query(
    `select from station st join site si on si.id = st.site_id join region r on r.id = si.region_id
     where st.id = $1 and ($2::int is null or si.id = $2) and ($3::int is null or st.id = $3) and r.path @> $4::int[]`,
    [stationId, row.site_id, row.station_id, row.region_path],
  );
  if (rowCount === 0) throw apiError('unknown_reference', 'The station does not belong to this inspection');
}
