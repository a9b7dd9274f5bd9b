import { inTransaction, type Pool } from '../db/index.ts';

/** A table as the planner knows it and as it is. */
interface Table {
  /** Quoted for SQL. */
  readonly name: string;
  readonly pages: number;
  /** Pages when it was last analysed; null: it never was. */
  readonly known_pages: number | null;
}

/** Smaller tables are read whole whatever the planner believes, and waste nothing worth having back. */
const MIN_PAGES = 8;
/** A table is seen to again when it has grown by a fifth, or after this time, ms. */
const GROWTH = 1.2;
const AGAIN_MS = 6 * 3_600_000;
/** Rows sampled are 300 times this. The server's usual 100 would hold the embedded database for half a second. */
const STATISTICS_TARGET = 20;

/**
 * Sees to tables where no autovacuum does: without it the planner would know nothing of tables that grow, and rows that were deleted or
 * replaced would keep their place for ever. Records are left out: they are only ever added, and compression sees to their chunks.
 */
export class TableKeeper {
  readonly #pool: Pool;
  readonly #clock: () => number;
  readonly #seenAtMs = new Map<string, number>();

  constructor(pool: Pool, clock: () => number) {
    this.#pool = pool;
    this.#clock = clock;
  }

  /** Sees to the table that needs it most, the one that grew most first. Returns its name, or null if none needs it. */
  async tidyNext(): Promise<string | null> {
    const nowMs = this.#clock();
    const { rows } = await this.#pool.query<Table>(TABLES, [MIN_PAGES]);
    const next = rows
      .map((table) => ({ ...table, growth: table.pages / Math.max(1, table.known_pages ?? 1) }))
      .filter(({ name, growth }) => growth > GROWTH || nowMs - (this.#seenAtMs.get(name) ?? 0) >= AGAIN_MS)
      .sort((a, b) => b.growth - a.growth)[0];
    if (next === undefined) return null;
    this.#seenAtMs.set(next.name, nowMs);
    await this.#pool.query(`vacuum ${next.name}`);
    await inTransaction(this.#pool, async (client) => {
      await client.query(`set local default_statistics_target = ${STATISTICS_TARGET}`);
      await client.query(`analyze ${next.name}`);
    });
    return next.name;
  }
}

const TABLES = `
  select c.oid::regclass::text as name, pg_relation_size(c.oid) / current_setting('block_size')::int as pages,
    case when c.reltuples >= 0 then c.relpages end as known_pages
  from pg_class c
  join pg_namespace n on n.oid = c.relnamespace
  left join _timescaledb_catalog.hypertable h on h.schema_name = n.nspname and h.table_name = c.relname
  where n.nspname = 'uptally' and c.relkind = 'r' and h.id is null
    and pg_relation_size(c.oid) > $1::int * current_setting('block_size')::int`;
