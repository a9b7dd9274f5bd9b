import { type ClosedRange, slicesOf } from '../../availability/figures/period.ts';
import type { Queryable } from '../../db/index.ts';

const STATES = ['up', 'down', 'unknown', 'platform', 'excluded'] as const;
type Numbers = Readonly<Record<(typeof STATES)[number], number>>;

/** What evidence says now less what was closed, of all stations together, ms. */
export interface ChangedMs {
  readonly required: number;
  readonly network: Numbers;
  readonly equipment: Numbers;
}

/** Stations whose figures of closed days are no longer those that were closed, and by how much. */
export async function changedStations(
  db: Queryable,
  contractId: number,
  closed: readonly ClosedRange[],
): Promise<{ readonly stations: number; readonly ms: ChangedMs }> {
  const stations = new Set<number>();
  const sums = new Map<string, number>();
  for (const range of closed) {
    for (const { fromDay, toDay } of slicesOf(range, [])) {
      const { rows } = await db.query<Record<string, number> & { station_id: number }>(CHANGED, [
        range.id,
        contractId,
        fromDay,
        toDay,
      ]);
      for (const { station_id, ...numbers } of rows) {
        stations.add(station_id);
        for (const [name, by] of Object.entries(numbers)) sums.set(name, (sums.get(name) ?? 0) + by);
      }
    }
  }
  const numbers = (prefix: 'net' | 'eq') =>
    Object.fromEntries(STATES.map((state) => [state, sums.get(`${prefix}_${state}_ms`) ?? 0])) as unknown as Numbers;
  const ms = { required: sums.get('required_ms') ?? 0, network: numbers('net'), equipment: numbers('eq') };
  return { stations: stations.size, ms };
}

const COLUMNS = ['required_ms', ...['net', 'eq'].flatMap((p) => STATES.map((state) => `${p}_${state}_ms`))];
const CHANGED = `with f as (select * from closed_accrual where closed_id = $1 and day >= $3::date and day < $4::date),
    n as (select * from accrual where contract_id = $2 and day >= $3::date and day < $4::date)
  select coalesce(f.station_id, n.station_id) as station_id,
    ${COLUMNS.map((c) => `sum(coalesce(n.${c}, 0) - coalesce(f.${c}, 0))::bigint as ${c}`).join(', ')}
  from f full join n on n.station_id = f.station_id and n.day = f.day
  where (${COLUMNS.map((c) => `f.${c}`).join(', ')}) is distinct from (${COLUMNS.map((c) => `n.${c}`).join(', ')})
  group by 1`;
