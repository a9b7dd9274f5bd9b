import { createHash } from 'node:crypto';
import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { inTransaction, type Pool, type PoolClient } from './pool.ts';

/** One numbered file of `migrations/`. Applied once, in order, in a transaction. */
export interface Migration {
  readonly number: number;
  readonly name: string;
  readonly sql: string;
  readonly sha256: string;
}

/** The database and this program do not fit together. `code` tells how. */
export class MigrationError extends Error {
  readonly code: 'newer_database' | 'changed_migration' | 'timescaledb_missing';
  constructor(code: MigrationError['code'], message: string, options?: ErrorOptions) {
    super(message, options);
    this.name = 'MigrationError';
    this.code = code;
  }
}

/** Any 64-bit number that nobody else uses for an advisory lock. */
const LOCK_KEY = 7_227_700_001;

/** Reads the migrations that this build carries. Throws if numbers repeat or leave a gap. */
export function loadMigrations(dir = migrationsDir()): readonly Migration[] {
  const files = readdirSync(dir).filter((file) => /^\d{4}_[a-z0-9_]+\.sql$/.test(file));
  return files.sort().map((file, i) => {
    const sql = readFileSync(join(dir, file), 'utf8');
    const number = Number(file.slice(0, 4));
    if (number !== i + 1) throw new Error(`migration ${file}: expected number ${i + 1}`);
    return { number, name: file.slice(5, -4), sql, sha256: createHash('sha256').update(sql).digest('hex') };
  });
}

function migrationsDir(): string {
  for (let dir = dirname(fileURLToPath(import.meta.url)); dirname(dir) !== dir; dir = dirname(dir)) {
    if (existsSync(join(dir, 'migrations', '0001_core.sql'))) return join(dir, 'migrations');
  }
  throw new Error('no migrations directory beside the program');
}

/**
 * Brings the schema up to date and returns the numbers applied now. Processes that race wait for each other on a lock held by
 * the transaction; a database from a newer program is refused. Throws {@link MigrationError}.
 */
export async function migrate(pool: Pool, migrations = loadMigrations()): Promise<readonly number[]> {
  await pool.query('create schema if not exists uptally').catch(ignoreRace);
  await pool.query('create extension if not exists timescaledb schema public').catch(ignoreRace);
  return inTransaction(pool, async (client) => {
    await client.query('select pg_advisory_xact_lock($1)', [LOCK_KEY]);
    await requireTimescale(client);
    const done = await applied(client);
    checkHistory(done, migrations);
    const due = migrations.filter((m) => !done.has(m.number));
    for (const migration of due) await apply(client, migration);
    return due.map((m) => m.number);
  });
}

/** True if the database has exactly the migrations that this build carries. */
export async function isCurrent(pool: Pool, migrations = loadMigrations()): Promise<boolean> {
  const { rows } = await pool.query<{ newest: number | null }>(
    'select max(number)::int as newest from schema_migration',
  );
  return rows[0]?.newest === migrations.at(-1)?.number;
}

/** Two processes may create the same thing at once: the loser sees a unique violation on a catalogue, which is fine. */
function ignoreRace(error: { code?: string }): void {
  if (error.code !== '23505' && error.code !== '42P06' && error.code !== '42710') throw error;
}

async function requireTimescale(client: PoolClient): Promise<void> {
  const { rows } = await client.query<{ extversion: string }>(
    `select extversion from pg_extension where extname = 'timescaledb'`,
  );
  if (rows.length === 0)
    throw new MigrationError('timescaledb_missing', 'this PostgreSQL has no timescaledb extension');
}

async function applied(client: PoolClient): Promise<Map<number, string>> {
  await client.query(`create table if not exists schema_migration (
    number int primary key, name text not null, sha256 text not null, applied_at timestamptz not null default now())`);
  const { rows } = await client.query<{ number: number; sha256: string }>(
    'select number, sha256 from schema_migration',
  );
  return new Map(rows.map((row) => [row.number, row.sha256]));
}

function checkHistory(done: ReadonlyMap<number, string>, migrations: readonly Migration[]): void {
  const known = new Map(migrations.map((m) => [m.number, m.sha256]));
  for (const [number, sha256] of done) {
    const own = known.get(number);
    if (own === undefined) {
      throw new MigrationError(
        'newer_database',
        `the database has migration ${number}, which this version does not know: use a newer version`,
      );
    }
    if (own !== sha256)
      throw new MigrationError('changed_migration', `migration ${number} was changed after it was applied`);
  }
}

async function apply(client: PoolClient, { number, name, sql, sha256 }: Migration): Promise<void> {
  try {
    await client.query(sql);
  } catch (cause) {
    throw new Error(`migration ${number} (${name}) failed: ${cause instanceof Error ? cause.message : 'unknown'}`, {
      cause,
    });
  }
  await client.query('insert into schema_migration (number, name, sha256) values ($1, $2, $3)', [number, name, sha256]);
}
