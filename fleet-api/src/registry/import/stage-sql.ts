import type { PoolClient, Queryable } from '../../db/index.ts';
import { FAULTS, type FaultCode, type FaultList } from './faults.ts';
import type { ReadRow } from './reader.ts';

/** Rows sent to the database at a time. */
export const STAGE_ROWS = 2000;
/** Faults of one check fetched at most; the others are counted. */
const FETCHED = 1000;

/** What the checks and upserts of an import are told. Placeholders $1 and $2 of each of their statements. */
export interface ImportContext {
  /** $1: regions whose subtrees the caller may change; null: all. */
  readonly scope: readonly number[] | null;
  /** $2: the moment of the import. */
  readonly now: Date;
}

/** A check: selects `line`, `key`, `code`, `value` of the rows of import_row that fail. */
export type Check = string;

export interface Applied {
  readonly created: number;
  readonly updated: number;
}

/** Makes the staging table of this transaction: a row's cells as one object. */
export async function createStage(client: PoolClient): Promise<void> {
  await client.query('create temporary table import_row (line int not null, v jsonb not null) on commit drop');
}

export async function stageRows(client: PoolClient, rows: readonly ReadRow[]): Promise<void> {
  await client.query('insert into import_row (line, v) select * from unnest($1::int[], $2::jsonb[])', [
    rows.map((row) => row.line),
    rows.map((row) => JSON.stringify(row.values)),
  ]);
}

/** Gives the planner the size of the stage, and its key an index. `key` is a constant of the column table. */
export async function indexStage(client: PoolClient, key: string): Promise<void> {
  await client.query(`create index on import_row ((v->>'${key}'))`);
  await client.query('analyze import_row');
}

/** Rows whose value of a column stood in an earlier row. */
export function duplicates(key: string): Check {
  return `select line, '${key}' as key, 'duplicate' as code, v->>'${key}' as value
    from (select line, v, row_number() over (partition by v->>'${key}' order by line) as n from import_row where v ? '${key}') d
    where n > 1`;
}

/** Regions in scope; needs the caller's scope as $1. */
export const IN_SCOPE = 'select id from region where $1::int[] is null or path && $1::int[]';

/** Runs the checks, one statement each, and collects what they find. */
export async function runChecks(
  db: Queryable,
  checks: readonly Check[],
  context: ImportContext,
  faults: FaultList,
): Promise<void> {
  for (const check of checks) {
    const { rows } = await db.query<{
      line: number;
      key: string | null;
      code: string;
      value: string | null;
      total: number;
    }>(
      `with context as (select $1::int[] as scope, $2::timestamptz as now), found as (${check})
       select line, key, code, left(value, 100) as value, count(*) over ()::int as total
       from found order by line limit ${FETCHED}`,
      [context.scope, context.now],
    );
    rows.forEach(({ line, key, code, value, total }, i) => {
      const unfetched = i === rows.length - 1 ? total - rows.length : 0;
      faults.add({ line, key, code: code in FAULTS ? (code as FaultCode) : 'invalid', value }, unfetched);
    });
  }
}

/** Runs a statement that upserts from import_row and says how many rows it created and changed. */
export async function apply(db: Queryable, statement: string, context: ImportContext): Promise<Applied> {
  const { rows } = await db.query<Applied>(
    `with context as (select $1::int[] as scope, $2::timestamptz as now), ${statement}`,
    [context.scope, context.now],
  );
  return rows[0] ?? { created: 0, updated: 0 };
}
