import { existsSync, readFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';

/** Root of the repository or installation: the folder that holds the packages side by side. */
export function findRoot(): string {
  for (let dir = dirname(fileURLToPath(import.meta.url)); dirname(dir) !== dir; dir = dirname(dir)) {
    if (existsSync(join(dir, 'fleet-api', 'migrations'))) return dir;
  }
  throw new Error('fleet-api/migrations not found above the program');
}

/** Version of this build. */
export function readVersion(root: string): string {
  const { version } = JSON.parse(readFileSync(join(root, 'package.json'), 'utf8')) as { version: string };
  return version;
}

/** Where a data folder keeps documents that were made in the background. */
export function documentDir(dataDir: string): string {
  return join(dataDir, 'documents');
}

/** Where a data folder keeps its private keys and the evidence bundles that wait to be fetched. */
export function evidencePaths(dataDir: string): { readonly keyDir: string; readonly bundleDir: string } {
  return { keyDir: join(dataDir, 'keys'), bundleDir: join(dataDir, 'bundles') };
}
