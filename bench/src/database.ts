import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { loadMigrations, migrate, openEmbedded, openPool } from '@uptally/fleet-api/db';

/** Root of the repository: the bundle lies in bench/dist. */
export const ROOT = join(dirname(fileURLToPath(import.meta.url)), '../..');

export type DatabaseKind = 'server' | 'embedded';

/** A fresh database with our schema, gone after {@link close}. */
export interface BenchDatabase {
  readonly kind: DatabaseKind;
  readonly url: string;
  /** For the conditions, e.g. `PostgreSQL 17.5, TimescaleDB 2.23.0`. */
  readonly version: string;
  /** Process of the embedded engine. */
  readonly pid: number | null;
  close(): Promise<void>;
}

/** The databases that can be measured here: the embedded one always, a server if its URL is given. */
export function databaseKinds(): readonly DatabaseKind[] {
  return serverUrl() === null ? ['embedded'] : ['server', 'embedded'];
}

function serverUrl(): string | null {
  return process.env.BENCH_DATABASE_URL ?? process.env.DATABASE_URL ?? null;
}

export async function openDatabase(kind: DatabaseKind): Promise<BenchDatabase> {
  const opened = kind === 'server' ? await openServer() : await openEngine();
  const pool = openPool({ url: opened.url, max: 1 });
  try {
    await migrate(pool, loadMigrations(join(ROOT, 'fleet-api/migrations')));
    const { rows } = await pool.query<{ version: string }>(
      `select 'PostgreSQL ' || split_part(current_setting('server_version'), ' ', 1) || ', TimescaleDB ' || extversion as version
       from pg_extension where extname = 'timescaledb'`,
    );
    return { ...opened, kind, version: rows[0]?.version ?? 'unknown' };
  } catch (error) {
    await opened.close();
    throw error;
  } finally {
    await pool.end();
  }
}

/** A database of its own on the server; the URL must belong to a role that may create one. */
async function openServer(): Promise<Omit<BenchDatabase, 'kind' | 'version'>> {
  const url = new URL(serverUrl() ?? '');
  const name = `uptally_bench_${process.pid}`;
  const admin = openPool({ url: url.href, max: 1 });
  await admin.query(`create database ${name}`);
  const own = new URL(url.href);
  own.pathname = `/${name}`;
  const pool = openPool({ url: own.href, max: 1 });
  await pool.query('create extension if not exists timescaledb');
  await pool.end();
  return {
    url: own.href,
    pid: null,
    close: async () => {
      await admin.query(`drop database if exists ${name} with (force)`);
      await admin.end();
    },
  };
}

async function openEngine(): Promise<Omit<BenchDatabase, 'kind' | 'version'>> {
  const dataDir = mkdtempSync(join(tmpdir(), 'uptally-bench-'));
  const engine = await openEmbedded({ dataDir, childPath: join(ROOT, 'fleet-api/dist/embedded-child.js') });
  return {
    url: engine.url,
    pid: engine.pid(),
    close: async () => {
      await engine.stop();
      rmSync(dataDir, { recursive: true, force: true });
    },
  };
}
