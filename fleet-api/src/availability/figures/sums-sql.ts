import { addTallies, type CountingRule, EMPTY_TALLY, type Tally } from '@uptally/sla';
import type { Queryable } from '../../db/index.ts';
import { Filter } from '../../registry/shared/filter.ts';
import { countingOf } from '../contracts/rules.ts';
import type { Rules } from '../contracts/schemas.ts';
import type { Slice } from './period.ts';

/** Station-days by the contract's rule: those on which anything counted, and those of them that are intact. */
export interface DayCounts {
  readonly intact: number;
  readonly counted: number;
}

export interface DimensionSums {
  readonly tally: Tally;
  readonly days: DayCounts;
}

export interface Sums {
  readonly network: DimensionSums;
  readonly equipment: DimensionSums;
  /** Station-days that went into them. */
  readonly rows: number;
  /** Those of them that are not frozen. */
  readonly openRows: number;
  /** Of a station: the latest instant that any row has been computed to, of a day: the earliest. Unix ms; null for frozen rows. */
  readonly computedTo: number | null;
}

const NO_DAYS: DayCounts = { intact: 0, counted: 0 };
export const EMPTY_SUMS: Sums = {
  network: { tally: EMPTY_TALLY, days: NO_DAYS },
  equipment: { tally: EMPTY_TALLY, days: NO_DAYS },
  rows: 0,
  openRows: 0,
  computedTo: null,
};

export interface SumsAsked {
  readonly contractId: number;
  readonly rules: Rules;
  /** Null: every station that has rows. */
  readonly stationIds: readonly number[] | null;
}

/** Sums of each station over all slices. One statement a slice. */
export async function sumsByStation(
  db: Queryable,
  asked: SumsAsked,
  slices: readonly Slice[],
): Promise<Map<number, Sums>> {
  const sums = new Map<number, Sums>();
  for (const slice of slices) {
    for (const row of await sumSlice(db, asked, slice, 'station')) {
      const key = Number(row.key);
      sums.set(key, addSums(sums.get(key) ?? EMPTY_SUMS, present(row, slice.closedId !== null)));
    }
  }
  return sums;
}

/** Sums of each day, in order. */
export async function sumsByDay(
  db: Queryable,
  asked: SumsAsked,
  slices: readonly Slice[],
): Promise<{ readonly day: string; readonly closed: boolean; readonly sums: Sums }[]> {
  const days = [];
  for (const slice of slices) {
    for (const row of await sumSlice(db, asked, slice, 'day')) {
      const closed = slice.closedId !== null;
      days.push({ day: row.key, closed, sums: present(row, closed) });
    }
  }
  return days;
}

/** Sums of all stations and days, what a year's are quickest read as. Days are not counted unless `counts` says so: each row costs as much again. */
export async function sumsOfAll(
  db: Queryable,
  asked: SumsAsked,
  slices: readonly Slice[],
  counts: 'days' | 'time',
): Promise<Sums> {
  let all = EMPTY_SUMS;
  for (const slice of slices) {
    for (const row of await sumSlice(db, asked, slice, 'all', counts)) {
      if (row.rows > 0) all = addSums(all, present(row, slice.closedId !== null));
    }
  }
  return all;
}

/** Adds what two sets of rows came to. */
export function addSums(a: Sums, b: Sums): Sums {
  const add = (x: DimensionSums, y: DimensionSums): DimensionSums => ({
    tally: addTallies([x.tally, y.tally]),
    days: { intact: x.days.intact + y.days.intact, counted: x.days.counted + y.days.counted },
  });
  return {
    network: add(a.network, b.network),
    equipment: add(a.equipment, b.equipment),
    rows: a.rows + b.rows,
    openRows: a.openRows + b.openRows,
    computedTo: a.computedTo === null ? b.computedTo : Math.max(a.computedTo, b.computedTo ?? a.computedTo),
  };
}

/** Where the rows of a slice are, as `from ... where ...`. */
export function sourceOf(filter: Filter, asked: SumsAsked, slice: Slice): string {
  const closed = slice.closedId !== null;
  filter.where(
    closed ? `closed_id = ${filter.bind(slice.closedId)}` : `contract_id = ${filter.bind(asked.contractId)}`,
  );
  filter.where(`day >= ${filter.bind(slice.fromDay)}::date and day < ${filter.bind(slice.toDay)}::date`);
  if (asked.stationIds !== null) filter.where(`station_id = any (${filter.bind(asked.stationIds)}::int[])`);
  return `from ${closed ? 'closed_accrual' : 'accrual'} ${filter.sql}`;
}

/** What counts against and what counts at all of one row, as SQL: {@link counted} of the core says the same. */
export function countedSql(prefix: 'net' | 'eq', { unknown, platform }: CountingRule) {
  const add = (as: string): string =>
    (unknown === as ? ` + ${prefix}_unknown_ms` : '') + (platform === as ? ` + ${prefix}_platform_ms` : '');
  const down = `(${prefix}_down_ms${add('down')})`;
  const up = `(${prefix}_up_ms${add('up')})`;
  return { up, down, all: `(${up} + ${down})` };
}

interface SumRow {
  readonly key: string;
  readonly rows: number;
  readonly computed_to: Date | null;
  readonly required: number;
  readonly net: readonly [number, number, number, number, number, number, number];
  readonly eq: readonly [number, number, number, number, number, number, number];
}

const KEYS = { station: 'station_id', day: 'day', all: null } as const;

async function sumSlice(
  db: Queryable,
  asked: SumsAsked,
  slice: Slice,
  by: keyof typeof KEYS,
  counts: 'days' | 'time' = 'days',
): Promise<SumRow[]> {
  const filter = new Filter();
  const source = sourceOf(filter, asked, slice);
  const maxDown = counts === 'days' ? `${filter.bind(asked.rules.daily_max_down_ms)}::int` : null;
  const computed = by === 'day' ? 'min(computed_to)' : 'max(computed_to)';
  const key = KEYS[by];
  const { rows } = await db.query<SumRow>(
    `select ${key === null ? `''` : key}::text as key, count(*)::int as rows, sum(required_ms) as required,
       ${slice.closedId === null ? computed : 'null::timestamptz'} as computed_to,
       ${dimensionSql('net', countingOf(asked.rules, 'network'), maxDown)} as net,
       ${dimensionSql('eq', countingOf(asked.rules, 'equipment'), maxDown)} as eq
     ${source} ${key === null ? '' : `group by ${key} order by ${key}`}`,
    filter.values,
  );
  return rows;
}

/** Without `maxDown`, no days are counted. */
function dimensionSql(prefix: 'net' | 'eq', rule: CountingRule, maxDown: string | null): string {
  const { down, all } = countedSql(prefix, rule);
  const sum = (column: string): string => `sum(${prefix}_${column}_ms)`;
  const days =
    maxDown === null
      ? '0, 0'
      : `count(*) filter (where ${all} > 0 and ${down} <= ${maxDown}), count(*) filter (where ${all} > 0)`;
  return `json_build_array(${['up', 'down', 'unknown', 'platform', 'excluded'].map(sum).join(', ')}, ${days})`;
}

function present(row: SumRow, closed: boolean): Sums {
  const dimension = ([up, down, unknown, platform, excluded, intact, counted]: SumRow['net']): DimensionSums => ({
    tally: { required: row.required, up, down, unknown, platform, excluded },
    days: { intact, counted },
  });
  return {
    network: dimension(row.net),
    equipment: dimension(row.eq),
    rows: row.rows,
    openRows: closed ? 0 : row.rows,
    computedTo: row.computed_to?.getTime() ?? null,
  };
}
