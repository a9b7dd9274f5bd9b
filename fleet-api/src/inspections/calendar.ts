import { dayOf, periodOf } from '@uptally/sla';
import type { Queryable } from '../db/index.ts';
import type { Member } from '../exclusions/parties.ts';
import type { CalendarAnswer, CalendarQuery } from './schemas.ts';
import { placed, seenBy, TASK_FROM } from './task-sql.ts';

/** Tasks of a month by the day on which they fall due, and by county; days of the platform's zone. */
export async function calendarOf(db: Queryable, by: Member, query: CalendarQuery): Promise<CalendarAnswer> {
  const month = query.month ?? dayOf(by.timeZone, by.nowMs).slice(0, 7);
  const { from, to } = periodOf(month, by.timeZone);
  const window = { from: new Date(from), to: new Date(to) };
  const days = await countBy(
    db,
    by,
    query,
    window,
    `((t.due_at - interval '1 millisecond') at time zone $Z)::date::text`,
  );
  const counties = await countBy(db, by, query, window, 't.county_id::text');
  const visits = await countVisits(db, by, query, window);
  const names = await namesOf(
    db,
    counties.flatMap(({ key }) => (key === null ? [] : [Number(key)])),
  );
  const every = new Set([...days.map(({ key }) => key), ...visits.keys()]);
  return {
    month,
    days: [...every]
      .filter((day) => day !== null)
      .sort()
      .map((day) => {
        const { due = 0, done = 0, missed = 0 } = days.find(({ key }) => key === day) ?? {};
        return { day, due, done, missed, visits: visits.get(day) ?? 0 };
      }),
    counties: [...names, [null, ''] as const].flatMap(([id, name]) =>
      counties
        .filter(({ key }) => key === (id === null ? null : String(id)))
        .map(({ due, done, missed }) => ({ county: id === null ? null : { id, name }, due, done, missed })),
    ),
  };
}

interface Counted {
  readonly key: string | null;
  readonly due: number;
  readonly done: number;
  readonly missed: number;
}

interface Window {
  readonly from: Date;
  readonly to: Date;
}

/** `key` is a constant of this module; `$Z` in it stands for the zone. */
async function countBy(
  db: Queryable,
  by: Member,
  query: CalendarQuery,
  { from, to }: Window,
  key: string,
): Promise<Counted[]> {
  const filter = seenBy(by);
  placed(filter, query);
  filter.where(`t.due_at > ${filter.bind(from)} and t.due_at <= ${filter.bind(to)} and t.state <> 'cancelled'`);
  const now = filter.bind(new Date(by.nowMs));
  const expression = key.includes('$Z') ? key.replace('$Z', `${filter.bind(by.timeZone)}::text`) : key;
  const { rows } = await db.query<Counted>(
    `select ${expression} as key, count(*)::int as due, count(*) filter (where t.state = 'done')::int as done,
       count(*) filter (where t.state <> 'done' and t.due_at < ${now})::int as missed
     ${TASK_FROM} ${filter.sql} group by 1 order by 1`,
    filter.values,
  );
  return rows;
}

async function countVisits(
  db: Queryable,
  by: Member,
  query: CalendarQuery,
  { from, to }: Window,
): Promise<Map<string, number>> {
  const filter = seenBy(by);
  placed(filter, query);
  filter.where(`t.done_at >= ${filter.bind(from)} and t.done_at < ${filter.bind(to)} and t.state = 'done'`);
  const { rows } = await db.query<{ day: string; visits: number }>(
    `select (t.done_at at time zone ${filter.bind(by.timeZone)}::text)::date::text as day, count(*)::int as visits
     ${TASK_FROM} ${filter.sql} group by 1`,
    filter.values,
  );
  return new Map(rows.map(({ day, visits }) => [day, visits]));
}

/** Names of regions by id, in the order in which regions are listed. */
export async function namesOf(db: Queryable, ids: readonly number[]): Promise<Map<number, string>> {
  const { rows } = await db.query<{ id: number; name: string }>(
    'select id, name from region where id = any ($1::int[]) order by sort, code',
    [ids],
  );
  return new Map(rows.map(({ id, name }) => [id, name]));
}
