import { createHash } from 'node:crypto';
import { inScope } from '../../auth/scope.ts';
import type { Queryable } from '../../db/index.ts';
import type { DayRange } from '../figures/period.ts';

/** Held by whoever writes accruals, for a transaction; so nothing changes while a period is copied. */
const ACCRUAL_LOCK = 7_227_700_021;
const HASH_PAGE_ROWS = 10_000;

const NUMBERS = ['net', 'eq'].flatMap((prefix) =>
  ['up', 'down', 'unknown', 'platform', 'excluded'].map((state) => `${prefix}_${state}_ms`),
);
const COLUMNS = ['station_id', 'day', 'required_ms', ...NUMBERS].join(', ');

export interface ClosingRow {
  readonly id: number;
  readonly contract_id: number;
  readonly from_day: string;
  readonly to_day: string;
  readonly closed_at: Date;
  readonly closed_by: { readonly id: number; readonly name: string } | null;
  readonly figures_sha256: string;
}

const SELECT = `select p.id, p.contract_id, p.from_day::text, p.to_day::text, p.closed_at,
    (select json_build_object('id', u.id, 'name', u.name) from app_user u where u.id = p.closed_by) as closed_by,
    encode(p.figures_sha256, 'hex') as figures_sha256
  from closed_period p where p.contract_id = $1`;

/** Closed periods of a contract, newest first. */
export async function selectClosings(db: Queryable, contractId: number): Promise<ClosingRow[]> {
  const { rows } = await db.query<ClosingRow>(`${SELECT} order by p.from_day desc limit 1000`, [contractId]);
  return rows;
}

export async function selectClosing(db: Queryable, contractId: number, id: number): Promise<ClosingRow | null> {
  const { rows } = await db.query<ClosingRow>(`${SELECT} and p.id = $2`, [contractId, id]);
  return rows[0] ?? null;
}

/** Waits until nobody writes accruals, and keeps them from it until the transaction ends. */
export async function lockAccruals(db: Queryable): Promise<void> {
  await db.query('select pg_advisory_xact_lock($1)', [ACCRUAL_LOCK]);
}

/** True if every region that the contract is about lies within the scope. */
export async function seesWholeContract(
  db: Queryable,
  contractId: number,
  scope: readonly number[] | null,
): Promise<boolean> {
  if (scope === null) return true;
  const { rows } = await db.query<{ whole: boolean }>(
    `select coalesce(bool_and(${inScope('r.path', '$2')}), false) as whole
     from contract_region cr join region r on r.id = cr.region_id where cr.contract_id = $1`,
    [contractId, scope],
  );
  return rows[0]?.whole ?? false;
}

/** True if a closed period shares a day with the range. */
export async function overlapsClosed(db: Queryable, contractId: number, range: DayRange): Promise<boolean> {
  const { rowCount } = await db.query(
    'select from closed_period where contract_id = $1 and from_day < $3::date and to_day > $2::date limit 1',
    [contractId, range.fromDay, range.toDay],
  );
  return rowCount !== 0;
}

/** True if evidence of the period waits to be accrued, or a day has not been computed to its end. */
export async function isUnsettled(
  db: Queryable,
  contractId: number,
  period: DayRange & { readonly from: number; readonly to: number },
  timeZone: string,
): Promise<boolean> {
  const { rows } = await db.query<{ unsettled: boolean }>(
    `select exists (select from evidence_mark m where coalesce(m.contract_id, $1::int) = $1::int
         and m.from_at < $5::timestamptz and m.to_at >= $4::timestamptz)
       or exists (select from accrual_due d where d.due && tstzmultirange(tstzrange($4::timestamptz, $5::timestamptz)))
       or exists (select from accrual a where a.contract_id = $1 and a.day >= $2::date and a.day < $3::date
         and a.computed_to < (a.day + 1)::timestamp at time zone $6::text) as unsettled`,
    [contractId, period.fromDay, period.toDay, new Date(period.from), new Date(period.to), timeZone],
  );
  return rows[0]?.unsettled ?? true;
}

export interface NewClosingRow extends DayRange {
  readonly contractId: number;
  readonly closedBy: number | null;
  readonly closedAt: Date;
}

/** Id of the new row. Its checksum follows, see {@link setChecksum}. */
export async function insertClosing(db: Queryable, closing: NewClosingRow): Promise<number> {
  const { rows } = await db.query<{ id: number }>(
    `insert into closed_period (contract_id, from_day, to_day, closed_by, closed_at, figures_sha256)
     values ($1, $2, $3, $4, $5, '') returning id`,
    [closing.contractId, closing.fromDay, closing.toDay, closing.closedBy, closing.closedAt],
  );
  return (rows[0] as { id: number }).id;
}

/** Copies the running figures of a slice of days. */
export async function freezeSlice(db: Queryable, closingId: number, contractId: number, slice: DayRange) {
  await db.query(
    `insert into closed_accrual (closed_id, ${COLUMNS})
     select $1, ${COLUMNS} from accrual where contract_id = $2 and day >= $3::date and day < $4::date`,
    [closingId, contractId, slice.fromDay, slice.toDay],
  );
}

export async function setChecksum(db: Queryable, closingId: number, sha256: Buffer): Promise<void> {
  await db.query('update closed_period set figures_sha256 = $2 where id = $1', [closingId, sha256]);
}

/** SHA-256 over the frozen rows: one line each, numbers joined by commas, by station and day. */
export async function checksumOf(db: Queryable, closingId: number): Promise<Buffer> {
  const hash = createHash('sha256');
  let after: { station_id: number; day: string } | undefined = { station_id: 0, day: '0001-01-01' };
  while (after !== undefined) {
    const page: { rows: { station_id: number; day: string; line: string }[] } = await db.query(
      `select station_id, day::text, concat_ws(',', ${COLUMNS}) as line from closed_accrual
       where closed_id = $1 and (station_id, day) > ($2, $3::date)
       order by closed_accrual.station_id, closed_accrual.day limit $4`,
      [closingId, after.station_id, after.day, HASH_PAGE_ROWS],
    );
    for (const { line } of page.rows) hash.update(`${line}\n`);
    after = page.rows.length < HASH_PAGE_ROWS ? undefined : page.rows.at(-1);
  }
  return hash.digest();
}

export interface DifferenceRow {
  readonly station_id: number;
  readonly code: string | null;
  readonly name: string | null;
  readonly site: { readonly id: number; readonly name: string } | null;
  readonly days: string[];
  readonly required: number;
  /** up, down, unknown, platform, excluded. */
  readonly net: readonly [number, number, number, number, number];
  readonly eq: readonly [number, number, number, number, number];
}

export interface DifferencesAsked {
  readonly closing: ClosingRow;
  /** Null: all. */
  readonly stationIds: readonly number[] | null;
  readonly afterStation: number;
  readonly limit: number;
}

/** Stations of which the running figures say something else now, by id, and how many there are in all. */
export async function selectDifferences(
  db: Queryable,
  { closing, stationIds, afterStation, limit }: DifferencesAsked,
): Promise<{ readonly rows: DifferenceRow[]; readonly total: number }> {
  const numbers = ['required_ms', ...NUMBERS];
  const less = (column: string): string => `coalesce(n.${column}, 0) - coalesce(f.${column}, 0) as ${column}`;
  const sums = (prefix: string): string =>
    NUMBERS.filter((column) => column.startsWith(prefix))
      .map((column) => `sum(${column})`)
      .join(', ');
  const { rows } = await db.query<DifferenceRow & { total: number }>(
    `with f as (select * from closed_accrual where closed_id = $1),
     n as (select * from accrual where contract_id = $2 and day >= $3::date and day < $4::date),
     changed as (
       select coalesce(f.station_id, n.station_id) as station_id, coalesce(f.day, n.day) as day, ${numbers.map(less).join(', ')}
       from f full join n on n.station_id = f.station_id and n.day = f.day
       where (${numbers.map((c) => `f.${c}`).join(', ')}) is distinct from (${numbers.map((c) => `n.${c}`).join(', ')})),
     stations as (
       select station_id, array_agg(day::text order by day) as days, sum(required_ms) as required,
         json_build_array(${sums('net')}) as net, json_build_array(${sums('eq')}) as eq
       from changed where $5::int[] is null or station_id = any ($5::int[]) group by station_id)
     select s.*, st.code, st.name, case when si.id is not null then json_build_object('id', si.id, 'name', si.name) end as site,
       (select count(*)::int from stations) as total
     from stations s left join station st on st.id = s.station_id left join site si on si.id = st.site_id
     where s.station_id > $6 order by s.station_id limit $7`,
    [closing.id, closing.contract_id, closing.from_day, closing.to_day, stationIds, afterStation, limit],
  );
  return { rows, total: rows[0]?.total ?? 0 };
}
