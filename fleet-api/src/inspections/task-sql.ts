import { inScope } from '../auth/scope.ts';
import { contractVisible } from '../availability/contracts/viewer.ts';
import type { Queryable } from '../db/index.ts';
import { type Member, type Parties, viewerOf } from '../exclusions/parties.ts';
import { cursorFrom, type PageOf, pageOf } from '../http/paging.ts';
import { Filter } from '../registry/shared/filter.ts';
import { regionNamesSql } from '../registry/shared/region-names.ts';
import type { Answers } from './answers.ts';
import type { ChecklistItem } from './checklist.ts';
import type { Task, TaskQuery } from './schemas.ts';

const person = (id: string): string =>
  `(select json_build_object('id', u.id, 'name', u.name) from app_user u where u.id = ${id})`;
const org = (id: string): string =>
  `(select json_build_object('id', o.id, 'name', o.name) from org o where o.id = ${id})`;

/** Columns of a task as lists show it, over {@link TASK_FROM}. */
export const TASK_COLUMNS = `t.id, t.state, t.version, t.begins_at, t.due_at, t.started_at, t.done_at, t.recorded_at, t.faulty,
  t.station_id, t.site_id, t.region_path, t.assignee_id,
  json_build_object('id', t.plan_id, 'name', v.name) as plan,
  json_build_object('id', c.id, 'code', c.code, 'name', c.name, 'time_zone', c.time_zone) as contract,
  json_build_object('is_baseline', c.is_baseline, 'agency_org_id', c.agency_org_id,
    'contractor_org_id', c.contractor_org_id) as parties,
  json_build_object('key', t.period_key, 'name', t.period_name, 'from_day', t.period_from::text, 'to_day', t.period_to::text) as period,
  json_build_object('kind', t.target, 'id', t.target_id, 'code', coalesce(st.code, si.code, k.code),
    'name', coalesce(st.name, si.name, k.name),
    'site', case when st.id is not null then json_build_object('id', si.id, 'name', si.name) end,
    'region', ${regionNamesSql('coalesce(si.region_id, t.county_id)')}) as place,
  case when k.id is not null then json_build_object('id', k.id, 'name', k.name) end as county,
  ${person('t.assignee_id')} as assignee, ${person('t.started_by')} as started_by, ${person('t.done_by')} as done_by,
  case when t.cancel_asked_at is not null then json_build_object('reason', t.cancel_reason, 'asked_at', t.cancel_asked_at,
    'asked_by', ${person('t.cancel_asked_by')}, 'asked_org', ${org('t.cancel_asked_org_id')}, 'decision', t.cancel_decision,
    'decided_at', t.cancel_decided_at, 'decided_by', ${person('t.cancel_decided_by')}, 'note', t.cancel_note) end as cancellation,
  (select json_build_object('id', o.id, 'kind', o.kind) from org o where o.id = t.cancel_asked_org_id) as asked_org`;

export const TASK_FROM = `from inspection_task t
  join inspection_plan_version v on v.plan_id = t.plan_id and v.version = t.plan_version
  join contract c on c.id = t.contract_id
  left join station st on st.id = t.station_id left join site si on si.id = t.site_id left join region k on k.id = t.county_id`;

export interface TaskRow extends Omit<Task, 'status' | 'begins_at' | 'due_at' | 'done_at'> {
  readonly begins_at: Date;
  readonly due_at: Date;
  readonly done_at: Date | null;
  readonly station_id: number | null;
  readonly site_id: number | null;
  readonly region_path: readonly number[];
  readonly parties: Parties;
  readonly asked_org: { readonly id: number; readonly kind: string } | null;
}

/** What of a task only its own page needs. */
export interface TaskDetailRow extends TaskRow {
  readonly checklist: readonly ChecklistItem[];
  readonly answers: Answers;
  readonly readings: readonly unknown[];
  readonly note: string | null;
  readonly device_id: string | null;
}

const DETAIL_COLUMNS = `${TASK_COLUMNS}, v.checklist, t.answers, t.readings, t.note,
  (select d.device_id from device d where d.device_key = t.device_key) as device_id`;

/** Filter on what a person sees. */
export function seenBy(by: Member): Filter {
  const filter = new Filter();
  const viewer = viewerOf(by);
  const scope = filter.bind(viewer.scope);
  filter.where(contractVisible(scope, filter.bind(viewer.orgId), filter.bind(viewer.seesAll)));
  return filter.where(inScope('t.region_path', scope));
}

/** Narrows tasks to a place, plan or contract. */
export function placed(
  filter: Filter,
  query: Pick<TaskQuery, 'contract' | 'plan' | 'region' | 'site' | 'station'>,
): void {
  filter.optional(query.contract, (p) => `t.contract_id = ${p}`);
  filter.optional(query.plan, (p) => `t.plan_id = ${p}`);
  filter.optional(query.region, (p) => `t.region_path @> array[${p}::int]`);
  filter.optional(query.site, (p) => `t.site_id = ${p}`);
  filter.optional(query.station, (p) => `t.station_id = ${p}`);
}

const SORT = 'due';

/** Tasks that a person sees, by their due instants. */
export async function selectTasks(
  db: Queryable,
  by: Member,
  query: TaskQuery & { readonly limit: number },
): Promise<PageOf<TaskRow>> {
  const filter = seenBy(by);
  placed(filter, query);
  filter.optional(query.from, (p) => `t.due_at > ${p}::timestamptz`);
  filter.optional(query.to, (p) => `t.due_at <= ${p}::timestamptz`);
  filter.optional(query.assignee, (p) => `t.assignee_id = ${p}`);
  if (query.status !== undefined) ofStatus(filter, query.status, new Date(by.nowMs));
  const after = cursorFrom(query.cursor, SORT, 2);
  if (after !== null) {
    filter.where(`(t.due_at, t.id) > (${filter.bind(after[0])}::timestamptz, ${filter.bind(after[1])}::int)`);
  }
  const { rows } = await db.query<TaskRow & { due_key: string }>(
    `select ${TASK_COLUMNS}, t.due_at::text as due_key ${TASK_FROM} ${filter.sql} order by t.due_at, t.id limit ${query.limit + 1}`,
    filter.values,
  );
  return pageOf(rows, query.limit, SORT, (row) => [row.due_key, row.id]);
}

/** The clock's part of a state, as {@link statusOf} says it of one row. */
function ofStatus(filter: Filter, status: NonNullable<TaskQuery['status']>, now: Date): void {
  const at = `${filter.bind(now)}::timestamptz`;
  const conditions: Readonly<Record<typeof status, string>> = {
    upcoming: `t.state = 'open' and t.begins_at > ${at}`,
    open: `t.state = 'open' and t.begins_at <= ${at} and t.due_at >= ${at}`,
    started: `t.state = 'started' and t.due_at >= ${at}`,
    missed: `t.state in ('open', 'started') and t.due_at < ${at}`,
    done: `t.state = 'done' and t.done_at <= t.due_at and ${at} is not null`,
    done_late: `t.state = 'done' and t.done_at > t.due_at and ${at} is not null`,
    cancelled: `t.state = 'cancelled' and ${at} is not null`,
    owed: `t.state in ('open', 'started') and t.begins_at <= ${at}`,
    asked: `t.cancel_asked_at is not null and t.cancel_decision is null and t.state in ('open', 'started') and ${at} is not null`,
  };
  filter.where(conditions[status]);
}

/** What the clock makes of the state of a task. */
export function statusOf(
  row: Pick<TaskRow, 'state' | 'begins_at' | 'due_at' | 'done_at'>,
  nowMs: number,
): Task['status'] {
  const { state, begins_at, due_at, done_at } = row;
  if (state === 'cancelled') return 'cancelled';
  if (state === 'done') return done_at !== null && done_at > due_at ? 'done_late' : 'done';
  if (due_at.getTime() < nowMs) return 'missed';
  if (state === 'started') return 'started';
  return begins_at.getTime() > nowMs ? 'upcoming' : 'open';
}

/** Tasks by id that a person sees, in the order of their due instants. */
export async function selectDetails(db: Queryable, by: Member, ids: readonly number[]): Promise<TaskDetailRow[]> {
  const filter = seenBy(by);
  filter.where(`t.id = any (${filter.bind(ids)}::int[])`);
  const { rows } = await db.query<TaskDetailRow>(
    `select ${DETAIL_COLUMNS} ${TASK_FROM} ${filter.sql} order by t.due_at, t.id`,
    filter.values,
  );
  return rows;
}

/** What somebody has to do: tasks of the person, begun and overdue ones included, soonest first. */
export async function selectMine(db: Queryable, by: Member, limit: number): Promise<{ ids: number[]; total: number }> {
  const filter = seenBy(by);
  filter.where(`t.assignee_id = ${filter.bind(by.userId)} and t.state in ('open', 'started')`);
  filter.where(`t.begins_at <= ${filter.bind(new Date(by.nowMs))}::timestamptz + interval '7 days'`);
  const { rows } = await db.query<{ id: number; total: number }>(
    `select t.id, (count(*) over ())::int as total ${TASK_FROM} ${filter.sql} order by t.due_at, t.id limit ${limit}`,
    filter.values,
  );
  return { ids: rows.map(({ id }) => id), total: rows[0]?.total ?? 0 };
}

/** Locks a task until the end of the transaction. */
export async function lockTask(db: Queryable, id: number): Promise<void> {
  await db.query('select 1 from inspection_task where id = $1 for no key update', [id]);
}

/** The task that a phone's word was about, or null. */
export async function taskOfKey(db: Queryable, clientKey: string): Promise<number | null> {
  const { rows } = await db.query<{ id: number }>('select id from inspection_task where client_key = $1', [clientKey]);
  return rows[0]?.id ?? null;
}

export async function setStarted(db: Queryable, id: number, userId: number, at: Date): Promise<void> {
  await db.query(
    `update inspection_task set state = 'started', started_at = $3, started_by = $2, assignee_id = coalesce(assignee_id, $2),
       version = version + 1 where id = $1`,
    [id, userId, at],
  );
}

export interface Finish {
  readonly userId: number;
  readonly now: Date;
  readonly doneAt: Date;
  readonly clientKey: string;
  readonly answers: Answers;
  readonly readings: readonly unknown[];
  readonly note: string | null;
  readonly faulty: number;
}

/** Stores that a task was carried out, with the device that stood at its station then. An open request to take it off is void. */
export async function setDone(db: Queryable, id: number, finish: Finish): Promise<void> {
  await db.query(
    `update inspection_task t set state = 'done', done_at = $3, recorded_at = $4, done_by = $2, client_key = $5, answers = $6,
       readings = $7, note = $8, faulty = $9, version = version + 1,
       started_at = coalesce(started_at, $3), started_by = coalesce(started_by, $2),
       device_key = (select i.device_key from installation i where i.station_id = t.station_id and i.from_at <= $3
         and (i.to_at is null or i.to_at > $3) limit 1)
     where id = $1`,
    [
      id,
      finish.userId,
      finish.doneAt,
      finish.now,
      finish.clientKey,
      JSON.stringify(finish.answers),
      JSON.stringify(finish.readings),
      finish.note,
      finish.faulty,
    ],
  );
}

export async function setAssignee(db: Queryable, id: number, userId: number | null): Promise<void> {
  await db.query('update inspection_task set assignee_id = $2, version = version + 1 where id = $1', [id, userId]);
}

/** Remembers the fault that was opened for an item of a task that is done. */
export async function setFault(db: Queryable, id: number, item: string, faultId: number): Promise<void> {
  await db.query(
    `update inspection_task set version = version + 1,
       answers = jsonb_set(answers, array[$2::text], coalesce(answers -> $2::text, '{}') || jsonb_build_object('fault_id', $3::int))
     where id = $1`,
    [id, item, faultId],
  );
}

/** People who may carry out inspections of a contract: managers and engineers of its contractor; of the baseline, of any. */
export async function selectInspectors(
  db: Queryable,
  contractId: number,
): Promise<{ readonly id: number; readonly name: string }[]> {
  const { rows } = await db.query<{ id: number; name: string }>(
    `select u.id, u.name from app_user u join org o on o.id = u.org_id join contract c on c.id = $1
     where u.disabled_at is null and u.role in ('manager', 'engineer')
       and (u.org_id = c.contractor_org_id or c.is_baseline and o.kind = 'contractor')
     order by u.name, u.id limit 500`,
    [contractId],
  );
  return rows;
}
