import { randomUUID } from 'node:crypto';
import { rngFor } from '../../random/rng.ts';
import type { Crew } from './work.ts';

interface Task {
  readonly id: number;
  readonly begins_at: string;
}

interface TaskDetail {
  readonly checklist: readonly { readonly id: string; readonly kind: string; readonly required: boolean }[];
}

/** Counties that were visited already. */
const VISITED = 7;
/** Tasks are made soon after a plan was entered; this long they are waited for, ms. */
const PATIENCE_MS = 30_000;
const POLL_MS = 1_000;
const HOUR_MS = 3_600_000;

/** A monthly visit of every county (R-HN-3), some of them paid, one with a finding, one asked to be taken off. */
export async function visitCounties(crew: Crew, contractId: number, firstDay: string): Promise<void> {
  const { contractor, engineer, seed } = crew;
  const assignees = [...crew.stores.values()].map((region_id, i) => ({
    region_id,
    user_id: crew.people[i % crew.people.length],
  }));
  await contractor.post('/inspection-plans', {
    contract_id: contractId,
    name: '月度巡检（逐市县）',
    cycle: 'month',
    target: 'county',
    first_day: firstDay,
    assignees,
  });
  const tasks = rngFor(seed, 'repair-visits').shuffle(await tasksOf(crew, contractId));
  for (const [i, task] of tasks.slice(0, VISITED).entries()) {
    const beganMs = Date.parse(task.begins_at);
    const doneMs = atWork(beganMs + ((crew.nowMs - beganMs) * (i + 1)) / (VISITED + 1), i);
    const { checklist } = await engineer.get<TaskDetail>(`/inspections/${task.id}`);
    await engineer.post(`/inspections/${task.id}/finish`, {
      client_key: randomUUID(),
      done_at: new Date(doneMs).toISOString(),
      answers: answersTo(checklist, i === 2),
    });
  }
  const [asked] = tasks.slice(VISITED);
  if (asked === undefined) return;
  const reason = '台风预警期间道路封闭，申请本月免巡';
  await contractor.post(`/inspections/${asked.id}/cancellation`, { reason });
}

/** The same day within hours of work, UTC+8, or as it is if that has not come yet. */
function atWork(atMs: number, turn: number): number {
  const dayMs = Math.floor((atMs + 8 * HOUR_MS) / (24 * HOUR_MS)) * 24 * HOUR_MS - 8 * HOUR_MS;
  const workMs = dayMs + (9 + turn) * HOUR_MS + turn * 7 * 60_000;
  return workMs < Date.now() ? workMs : atMs;
}

async function tasksOf({ contractor }: Crew, contractId: number): Promise<readonly Task[]> {
  for (const untilMs = Date.now() + PATIENCE_MS; ; ) {
    const { items } = await contractor.get<{ items: readonly Task[] }>(
      `/inspections?contract=${contractId}&status=owed&limit=100`,
    );
    const begun = items.filter(({ begins_at }) => Date.parse(begins_at) < Date.now());
    if (begun.length > 0 || Date.now() > untilMs) return begun;
    await new Promise((resolve) => setTimeout(resolve, POLL_MS));
  }
}

function answersTo(checklist: TaskDetail['checklist'], finds: boolean): Record<string, object> {
  const asked = checklist.filter(({ kind }) => kind === 'ok_fault');
  return Object.fromEntries(
    asked.map(({ id }) =>
      finds && id === 'environment'
        ? [id, { result: 'fault', note: '机柜旁堆放消毒液，已请卫生院移走' }]
        : [id, { result: 'ok' }],
    ),
  );
}
