import type { Day, Tally } from '@uptally/sla';
import type { Queryable } from '../../db/index.ts';
import type { Accrual } from './accrue.ts';
import { iso } from './times.ts';

const NUMBERS = ['up', 'down', 'unknown', 'platform', 'excluded'] as const satisfies readonly (keyof Tally)[];
const FIGURES = [
  'required_ms',
  ...NUMBERS.map((name) => `net_${name}_ms`),
  ...NUMBERS.map((name) => `eq_${name}_ms`),
] as const;
const list = (lead: string): string => [...FIGURES, 'computed_to'].map((name) => `${lead}${name}`).join(', ');

const UPSERT = `insert into accrual as a (contract_id, station_id, day, ${list('')})
select * from unnest($1::int4[], $2::int4[], $3::date[], ${FIGURES.map((_, i) => `$${i + 4}::int4[]`).join(', ')}, $${FIGURES.length + 4}::timestamptz[])
on conflict (contract_id, station_id, day) do update set ${[...FIGURES, 'computed_to'].map((name) => `${name} = excluded.${name}`).join(', ')}
where (${list('a.')}) is distinct from (${list('excluded.')})`;

/** Stores figures; rows that say the same already stay as they are. Returns how many changed. */
export async function storeAccruals(db: Queryable, accruals: readonly Accrual[]): Promise<number> {
  if (accruals.length === 0) return 0;
  const { rowCount } = await db.query({
    name: 'uptally_accruals',
    text: UPSERT,
    values: [
      accruals.map((row) => row.contractId),
      accruals.map((row) => row.stationId),
      accruals.map((row) => row.day),
      accruals.map((row) => row.network.required),
      ...NUMBERS.map((name) => accruals.map((row) => row.network[name])),
      ...NUMBERS.map((name) => accruals.map((row) => row.equipment[name])),
      accruals.map((row) => iso(row.computedTo)),
    ],
  });
  return rowCount ?? 0;
}

/** Days of a contract, first and last, whose figures of a station were made anew. */
export interface Remade {
  readonly contractId: number;
  readonly stationId: number;
  readonly firstDay: Day;
  readonly lastDay: Day;
}

const DROP = `delete from accrual a using unnest($1::int4[], $2::int4[], $3::date[], $4::date[]) as w(contract_id, station_id, from_day, last_day)
where a.contract_id = w.contract_id and a.station_id = w.station_id and a.day >= w.from_day and a.day <= w.last_day
  and not exists (select from unnest($5::int4[], $6::int4[], $7::date[]) as k(contract_id, station_id, day)
    where k.contract_id = a.contract_id and k.station_id = a.station_id and k.day = a.day)`;

/** Removes figures of days that have none any more: out of term, not commissioned, no station of the contract. */
export async function dropAccruals(
  db: Queryable,
  remade: readonly Remade[],
  kept: readonly Accrual[],
): Promise<number> {
  const made = new Map<string, number>();
  for (const { contractId, stationId } of kept) {
    const key = `${contractId}/${stationId}`;
    made.set(key, (made.get(key) ?? 0) + 1);
  }
  const lacking = remade.filter(
    ({ contractId, stationId, firstDay, lastDay }) =>
      (made.get(`${contractId}/${stationId}`) ?? 0) < daysBetween(firstDay, lastDay),
  );
  if (lacking.length === 0) return 0;
  const { rowCount } = await db.query(DROP, [
    lacking.map((row) => row.contractId),
    lacking.map((row) => row.stationId),
    lacking.map((row) => row.firstDay),
    lacking.map((row) => row.lastDay),
    kept.map((row) => row.contractId),
    kept.map((row) => row.stationId),
    kept.map((row) => row.day),
  ]);
  return rowCount ?? 0;
}

function daysBetween(first: Day, last: Day): number {
  return (Date.parse(last) - Date.parse(first)) / 86_400_000 + 1;
}
