import { mkdirSync } from 'node:fs';
import { pathToFileURL } from 'node:url';
import { build } from 'esbuild';
import { bundle, npmPackagesOutside } from '../bundle.mjs';

const BUNDLE = 'node_modules/.cache/uptally/describe-schema.mjs';
const CHILD = 'fleet-api/dist/embedded-child.js';

/** The schema that the migrations make, read from the catalogues of a database in memory. */
export async function generate() {
  mkdirSync('node_modules/.cache/uptally', { recursive: true });
  await bundle([CHILD]);
  await build({
    stdin: {
      contents: `export { migrate, openEmbedded, openPool } from './fleet-api/src/db/index.ts';
        export { dumpSchema } from './fleet-api/src/db/schema-dump.ts';`,
      resolveDir: '.',
    },
    outfile: BUNDLE,
    bundle: true,
    platform: 'node',
    format: 'esm',
    target: 'node20',
    define: { 'import.meta.url': JSON.stringify(pathToFileURL('fleet-api/src/db/index.ts').href) },
    logLevel: 'warning',
    plugins: [npmPackagesOutside],
  });
  const { dumpSchema, migrate, openEmbedded, openPool } = await import(pathToFileURL(BUNDLE).href);
  const database = await openEmbedded({ dataDir: null, childPath: CHILD });
  const pool = openPool({ url: database.url });
  try {
    await migrate(pool);
    return { 'fleet-api/schema.sql': await dumpSchema(pool) };
  } finally {
    await pool.end();
    await database.stop();
  }
}
