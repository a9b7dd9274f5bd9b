import { spawn } from 'node:child_process';
import { existsSync } from 'node:fs';
import { join } from 'node:path';
import { ensureInstalled, ROOT } from './install.mjs';

/** `npm start` and `npm run demo`: installs, builds and runs the all-in-one server. Needs nothing but Node. */
ensureInstalled();
const { buildAll } = await import('./build.mjs');
await buildAll();

const envFile = join(ROOT, '.env');
const server = spawn(
  process.execPath,
  [...(existsSync(envFile) ? [`--env-file=${envFile}`] : []), join(ROOT, 'fleet-api/dist/main.js'), 'serve'],
  {
    cwd: ROOT,
    stdio: 'inherit',
    env: { ...process.env, ...(process.argv.includes('--demo') ? { UPTALLY_DEMO: '1' } : {}) },
  },
);
// The terminal interrupts the whole group; this process only waits for the server to stop in order.
for (const signal of ['SIGINT', 'SIGTERM']) process.on(signal, () => server.kill(signal));
server.on('exit', (code, signal) => {
  process.exitCode = signal === null ? (code ?? 1) : 1;
});
