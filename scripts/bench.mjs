import { join } from 'node:path';
import { ensureInstalled, ROOT, run } from './install.mjs';

/** `npm run bench [-- name ...]`: builds and runs the benchmarks. */
ensureInstalled();
const { buildAll } = await import('./build.mjs');
await buildAll();
run(process.execPath, [join(ROOT, 'bench/dist/main.js'), ...process.argv.slice(2)]);
