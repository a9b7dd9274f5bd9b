import type { Queryable } from '../../db/index.ts';
import { setList } from '../../registry/shared/patch.ts';
import type { Contract, RulesInput } from './schemas.ts';
import { contractVisible, type Viewer } from './viewer.ts';

export type ContractRow = Omit<Contract, 'rules'> & { readonly rules: RulesInput };

const PARTY = (column: string): string =>
  `(select json_build_object('id', o.id, 'name', o.name) from org o where o.id = ${column})`;

/** $1 scope, $2 organisation, $3 sees all. */
const SELECT = `select c.id, c.code, c.name, c.is_baseline, ${PARTY('c.agency_org_id')} as agency,
    ${PARTY('c.contractor_org_id')} as contractor, c.time_zone, c.term_from::text, c.term_to::text, c.calendar, c.rules,
    coalesce((select json_agg(json_build_object('id', r.id, 'name', r.name, 'kind', r.kind) order by r.sort, r.code)
      from contract_region cr join region r on r.id = cr.region_id where cr.contract_id = c.id), '[]') as regions,
    (select count(*)::int from station st join site si on si.id = st.site_id join region r on r.id = si.region_id
      where st.decommissioned_at is null and ($1::int[] is null or r.path && $1::int[])
        and (c.is_baseline or r.path && array(select region_id from contract_region where contract_id = c.id))) as stations,
    (select max(p.to_day)::text from closed_period p where p.contract_id = c.id) as closed_to, c.created_at, c.version
  from contract c where ${contractVisible('$1', '$2', '$3')}`;

/** Every contract that may be seen; the baseline last. */
export async function selectContracts(db: Queryable, viewer: Viewer): Promise<ContractRow[]> {
  const { rows } = await db.query<ContractRow>(`${SELECT} order by c.is_baseline, c.term_from desc, c.id limit 500`, [
    viewer.scope,
    viewer.orgId,
    viewer.seesAll,
  ]);
  return rows;
}

/** One contract that may be seen, or null. */
export async function selectContract(db: Queryable, viewer: Viewer, id: number): Promise<ContractRow | null> {
  const { rows } = await db.query<ContractRow>(`${SELECT} and c.id = $4`, [
    viewer.scope,
    viewer.orgId,
    viewer.seesAll,
    id,
  ]);
  return rows[0] ?? null;
}

/** Locks the contract against others who change or close it. True if it exists. */
export async function lockContract(db: Queryable, id: number): Promise<boolean> {
  const { rowCount } = await db.query('select from contract where id = $1 for update', [id]);
  return rowCount === 1;
}

export interface WritableContract {
  readonly code: string;
  readonly name: string;
  readonly agency_org_id: number | null;
  readonly contractor_org_id: number | null;
  readonly time_zone: string;
  readonly term_from: string;
  readonly term_to: string | null;
  /** JSON text. */
  readonly calendar: string;
  /** JSON text. */
  readonly rules: string;
}

const WRITABLE = [
  'code',
  'name',
  'agency_org_id',
  'contractor_org_id',
  'time_zone',
  'term_from',
  'term_to',
  'calendar',
  'rules',
] as const satisfies readonly (keyof WritableContract)[];

/** Id of the new row. A taken code is SQLSTATE 23505. */
export async function insertContract(db: Queryable, contract: WritableContract): Promise<number> {
  const { rows } = await db.query<{ id: number }>(
    `insert into contract (${WRITABLE.join(', ')}) values ($1, $2, $3, $4, $5, $6, $7, $8, $9) returning id`,
    WRITABLE.map((column) => contract[column]),
  );
  return (rows[0] as { id: number }).id;
}

/** New version, or null if the version was another one. */
export async function updateContract(
  db: Queryable,
  id: number,
  patch: Partial<WritableContract>,
  expected: number | null,
): Promise<number | null> {
  const set = setList(WRITABLE, patch, 2);
  const { rows } = await db.query<{ version: number }>(
    `update contract set version = version + 1${set === null ? '' : `, ${set.sql}`}
     where id = $1 and version = coalesce($2, version) returning version`,
    [id, expected, ...(set?.values ?? [])],
  );
  return rows[0]?.version ?? null;
}

/** Makes the contract be about exactly these regions. Rows that stay are not touched: each change has figures computed again. */
export async function setRegions(db: Queryable, id: number, regionIds: readonly number[]): Promise<void> {
  await db.query('delete from contract_region where contract_id = $1 and region_id <> all ($2::int[])', [
    id,
    regionIds,
  ]);
  await db.query(
    'insert into contract_region (contract_id, region_id) select $1, unnest($2::int[]) on conflict do nothing',
    [id, regionIds],
  );
}

/** True if the row existed. One with closings, exclusions or bundles is SQLSTATE 23503. */
export async function deleteContract(db: Queryable, id: number): Promise<boolean> {
  const { rowCount } = await db.query('delete from contract where id = $1', [id]);
  return rowCount === 1;
}

/** Which of the given regions exist within the scope, and which nest in another of them. */
export async function checkRegions(
  db: Queryable,
  regionIds: readonly number[],
  scope: readonly number[] | null,
): Promise<{ readonly known: number; readonly nested: number }> {
  const { rows } = await db.query<{ known: number; nested: number }>(
    `select count(*)::int as known,
       count(*) filter (where (select count(*) from unnest(r.path) p where p = any ($1::int[])) > 1)::int as nested
     from region r where r.id = any ($1::int[]) and ($2::int[] is null or r.path && $2::int[])`,
    [regionIds, scope],
  );
  return rows[0] ?? { known: 0, nested: 0 };
}

/** Kind of an organisation, or null. */
export async function orgKind(db: Queryable, id: number): Promise<string | null> {
  const { rows } = await db.query<{ kind: string }>('select kind from org where id = $1', [id]);
  return rows[0]?.kind ?? null;
}
