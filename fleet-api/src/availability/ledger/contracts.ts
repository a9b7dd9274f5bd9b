import { addDays, type Calendar, type Day, type DayTable, dayBounds, type Interval, parseCalendar } from '@uptally/sla';
import type { Queryable } from '../../db/index.ts';
import { NEVER_MS } from './times.ts';

/** A contract, as far as figures are made by it. */
export interface LedgerContract {
  readonly id: number;
  readonly isBaseline: boolean;
  readonly timeZone: string;
  readonly term: Interval;
  readonly calendar: Calendar;
  /** Regions whose stations it is about; the baseline is about all. */
  readonly regionIds: ReadonlySet<number>;
}

interface Row {
  readonly id: number;
  readonly is_baseline: boolean;
  readonly time_zone: string;
  readonly term_from: Day;
  readonly term_to: Day | null;
  readonly calendar: unknown;
  readonly region_ids: readonly number[];
}

const CONTRACTS = `select id, is_baseline, time_zone, to_char(term_from, 'YYYY-MM-DD') as term_from, to_char(term_to, 'YYYY-MM-DD') as term_to,
  calendar, array(select region_id from contract_region r where r.contract_id = c.id) as region_ids
from contract c order by id`;

/** Every contract. Throws a CalendarError if one has a calendar that nobody can read. */
export async function loadContracts(db: Queryable): Promise<readonly LedgerContract[]> {
  const { rows } = await db.query<Row>(CONTRACTS);
  return rows.map((row) => ({
    id: row.id,
    isBaseline: row.is_baseline,
    timeZone: row.time_zone,
    term: {
      from: dayBounds(row.time_zone, row.term_from).from,
      to: row.term_to === null ? NEVER_MS : dayBounds(row.time_zone, addDays(row.term_to, -1)).to,
    },
    calendar: parseCalendar(row.calendar),
    regionIds: new Set(row.region_ids),
  }));
}

/** Holidays and make-up workdays. */
export async function loadDayTable(db: Queryable): Promise<DayTable> {
  const { rows } = await db.query<{ day: Day; kind: 'holiday' | 'workday' }>(
    `select to_char(day, 'YYYY-MM-DD') as day, kind from calendar_day`,
  );
  const days = (kind: string): ReadonlySet<Day> =>
    new Set(rows.filter((row) => row.kind === kind).map(({ day }) => day));
  return { holidays: days('holiday'), workdays: days('workday') };
}
