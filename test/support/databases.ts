import { existsSync, mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { TestProject } from 'vitest/node';
import { type EmbeddedDatabase, openEmbedded } from '../../fleet-api/src/db/index.ts';
// @ts-expect-error plain JavaScript, shared with the build
import { bundle } from '../../scripts/bundle.mjs';

declare module 'vitest' {
  export interface ProvidedContext {
    /** Databases, one for each worker. */
    databaseUrls: readonly string[];
    /** Folder in which a test file claims one of them, by making a folder named after its place in the list. */
    databaseClaims: string;
  }
}

const CHILD = 'fleet-api/dist/embedded-child.js';
/** Thread that draws documents, for routes that answer with paper. */
const PRINTER = 'fleet-api/dist/print-worker.js';

/**
 * Starts one database per test worker: the embedded TimescaleDB in memory or, if TEST_DATABASE_URL names a server, a fresh
 * database on that server, dropped again at the end.
 */
export default async function setup(project: TestProject): Promise<() => Promise<void>> {
  await bundle([CHILD, PRINTER]);
  const workers = Number(project.config.maxWorkers) || 2;
  const server = process.env.TEST_DATABASE_URL;
  const claims = mkdtempSync(join(tmpdir(), 'uptally-test-db-'));
  project.provide('databaseClaims', claims);
  const forget = () => rmSync(claims, { recursive: true, force: true });
  const slots = Array.from({ length: workers }, (_, slot) => slot);
  if (server !== undefined && server !== '') {
    const { createServerDatabase } = await import('./server-database.ts');
    const databases = await Promise.all(slots.map(() => createServerDatabase(server)));
    project.provide(
      'databaseUrls',
      databases.map((d) => d.url),
    );
    return async () => {
      await Promise.all(databases.map((d) => d.drop()));
      forget();
    };
  }
  if (!existsSync(CHILD)) throw new Error(`${CHILD} was not built`);
  const databases: EmbeddedDatabase[] = await Promise.all(
    slots.map(() => openEmbedded({ dataDir: null, childPath: CHILD })),
  );
  project.provide(
    'databaseUrls',
    databases.map((d) => d.url),
  );
  return async () => {
    await Promise.all(databases.map((d) => d.stop()));
    forget();
  };
}
