import { spawnSync } from 'node:child_process';
import { existsSync } from 'node:fs';
import { join } from 'node:path';
import { ensureInstalled, ROOT } from './install.mjs';

/** `npm run verify -- --period 2026-10`: builds what is not current and recomputes availability from the records. */
ensureInstalled();
const { buildAll } = await import('./build.mjs');
await buildAll();
const envFile = join(ROOT, '.env');
const { status } = spawnSync(
  process.execPath,
  [
    ...(existsSync(envFile) ? [`--env-file=${envFile}`] : []),
    join(ROOT, 'fleet-api/dist/main.js'),
    'verify',
    ...process.argv.slice(2),
  ],
  { cwd: ROOT, stdio: 'inherit' },
);
process.exitCode = status ?? 1;
