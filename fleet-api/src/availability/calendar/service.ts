import { inTransaction, type Pool, type Queryable } from '../../db/index.ts';
import { apiError } from '../../http/errors.ts';
import { type Doer, record } from '../../registry/shared/doer.ts';
import type { CalendarDay, CalendarDayInput } from './schemas.ts';
import { seedCalendar } from './seed.ts';

/** Entries of a year. A platform that nobody has asked before gets its official days first. */
export async function listDays(db: Queryable, year: number): Promise<{ items: CalendarDay[]; years: number[] }> {
  await seedCalendar(db);
  const { rows } = await db.query<CalendarDay>(
    `select day::text, kind, name, source from calendar_day
     where day >= make_date($1, 1, 1) and day < make_date($1 + 1, 1, 1) order by calendar_day.day`,
    [year],
  );
  const known = await db.query<{ year: number }>(
    'select distinct extract(year from day)::int as year from calendar_day order by year',
  );
  return { items: rows, years: known.rows.map((row) => row.year) };
}

/** Enters or replaces a day. Figures of contracts with holidays follow. @throws ApiError `invalid_request` */
export async function putDay(pool: Pool, by: Doer, day: string, input: CalendarDayInput): Promise<CalendarDay> {
  if (Number.isNaN(Date.parse(day)) || !new Date(day).toISOString().startsWith(day)) {
    throw apiError('invalid_request', 'No such day');
  }
  return inTransaction(pool, async (client) => {
    await seedCalendar(client); // or the years would count as entered by hand
    const { rows } = await client.query<CalendarDay>(
      `insert into calendar_day (day, kind, name, source) values ($1, $2, $3, 'manual')
       on conflict (day) do update set kind = excluded.kind, name = excluded.name, source = excluded.source
       returning day::text, kind, name, source`,
      [day, input.kind, input.name],
    );
    await record(client, by, 'calendar_day.set', `calendar_day:${day}`, input);
    return rows[0] as CalendarDay;
  });
}

/** Makes a day an ordinary one. @throws ApiError `not_found` */
export async function removeDay(pool: Pool, by: Doer, day: string): Promise<void> {
  await inTransaction(pool, async (client) => {
    const { rowCount } = await client.query('delete from calendar_day where day::text = $1', [day]);
    if (rowCount === 0) throw apiError('not_found', 'An ordinary day already');
    await record(client, by, 'calendar_day.removed', `calendar_day:${day}`);
  });
}
