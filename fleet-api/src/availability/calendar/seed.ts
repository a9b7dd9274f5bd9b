import chineseDays from 'chinese-days';
import type { Queryable } from '../../db/index.ts';

/** Where the seeded days come from, as column `source` tells: the announcements of the State Council as the package has them. */
const SOURCE = 'chinese-days 1.5.7';
/** Years that it knows in full and that figures can be about. */
const YEARS = [2025, 2026] as const;
const DAY_MS = 86_400_000;

export interface SeedDay {
  readonly day: string;
  readonly kind: 'holiday' | 'workday';
  readonly name: string;
}

/** Public holidays and make-up workdays of a year. Ordinary weekends are neither. */
export function officialDays(year: number): SeedDay[] {
  const days: SeedDay[] = [];
  for (let at = Date.UTC(year, 0, 1); at < Date.UTC(year + 1, 0, 1); at += DAY_MS) {
    const day = new Date(at).toISOString().slice(0, 10);
    const { work, name } = chineseDays.getDayDetail(day);
    // `National Day,国庆节,3` for what was announced, `Sunday` for what is so every week.
    const chinese = name.split(',')[1];
    if (chinese !== undefined) days.push({ day, kind: work ? 'workday' : 'holiday', name: chinese });
  }
  return days;
}

/**
 * Fills the calendar of the years that have no entry at all yet; called at every start. What an administrator has entered,
 * changed or deleted in a year stays. Returns the number of days added.
 */
export async function seedCalendar(db: Queryable): Promise<number> {
  const days = YEARS.flatMap(officialDays);
  const { rowCount } = await db.query(
    `with given as (select * from unnest($1::date[], $2::text[], $3::text[]) as t(day, kind, name))
     insert into calendar_day (day, kind, name, source)
     select day, kind, name, $4 from given
     where not exists (select from calendar_day c where date_trunc('year', c.day) = date_trunc('year', given.day))
     on conflict do nothing`,
    [days.map(({ day }) => day), days.map(({ kind }) => kind), days.map(({ name }) => name), SOURCE],
  );
  return rowCount ?? 0;
}
