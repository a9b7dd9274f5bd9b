import { ensureInstalled, run } from './install.mjs';

/** `npm test`: all tiers, or what is named on the command line (`npm test -- --project pure protocol`). */
ensureInstalled();
const { ensureTools } = await import('./tools.mjs');
const { buildAll } = await import('./build.mjs');
ensureTools();
await buildAll();
run('npx', ['vitest', 'run', ...process.argv.slice(2)]);
