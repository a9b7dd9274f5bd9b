import { type BigFraction, meanOfStations } from '@uptally/sla';
import type { Queryable } from '../../db/index.ts';
import { Filter } from '../../registry/shared/filter.ts';
import { countingOf } from '../contracts/rules.ts';
import type { Slice } from './period.ts';
import { countedSql, type SumsAsked, sourceOf } from './sums-sql.ts';

interface RateRow {
  readonly day: string;
  readonly up: number;
  readonly down: number;
  readonly stations: number;
}

/**
 * Mean of the stations' rates of each day, exact. Stations of equal numbers come as one row: most are up all day, so a fleet's
 * day is a few rows.
 */
export async function meansByDay(
  db: Queryable,
  asked: SumsAsked,
  slices: readonly Slice[],
  dimension: 'network' | 'equipment',
): Promise<Map<string, BigFraction>> {
  const means = new Map<string, BigFraction>();
  for (const slice of slices) {
    const byDay = new Map<string, RateRow[]>();
    for (const row of await selectRates(db, asked, slice, dimension)) {
      const rows = byDay.get(row.day);
      if (rows === undefined) byDay.set(row.day, [row]);
      else rows.push(row);
    }
    for (const [day, rows] of byDay) {
      const mean = meanOfStations(stationsOf(rows), { unknown: 'excluded', platform: 'excluded' });
      if (mean !== null) means.set(day, mean);
    }
  }
  return means;
}

/** Each station of a day as a tally of what counted. */
function* stationsOf(rows: readonly RateRow[]) {
  for (const { up, down, stations } of rows) {
    const tally = { required: up + down, up, down, unknown: 0, platform: 0, excluded: 0 };
    for (let i = 0; i < stations; i++) yield tally;
  }
}

async function selectRates(
  db: Queryable,
  asked: SumsAsked,
  slice: Slice,
  dimension: 'network' | 'equipment',
): Promise<RateRow[]> {
  const filter = new Filter();
  const { up, down } = countedSql(dimension === 'network' ? 'net' : 'eq', countingOf(asked.rules, dimension));
  const { rows } = await db.query<RateRow>(
    `select day::text, ${up} as up, ${down} as down, count(*)::int as stations
     ${sourceOf(filter, asked, slice)} group by day, 2, 3`,
    filter.values,
  );
  return rows;
}
