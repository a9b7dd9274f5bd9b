import { createHash } from 'node:crypto';
import { existsSync, mkdirSync, readdirSync, readFileSync, statSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { pathToFileURL } from 'node:url';
import { ROOT } from './install.mjs';

/** What the outputs depend on; the console is built by itself, since it takes longest and changes least. */
const SERVER_INPUTS = ['protocol', 'sla', 'broker', 'agent', 'fleet-api', 'alerts', 'sim', 'bench', 'scripts'];
const STAMP = 'node_modules/.cache/uptally';

/** Sizes and times of all sources under the given folders, as one digest. */
function digest(folders) {
  const hash = createHash('sha256');
  const visit = (path) => {
    for (const entry of readdirSync(path, { withFileTypes: true }).sort((a, b) => (a.name < b.name ? -1 : 1))) {
      if (entry.name === 'node_modules' || entry.name === 'dist' || entry.name === 'test') continue;
      const full = join(path, entry.name);
      if (entry.isDirectory()) visit(full);
      else hash.update(`${full}:${statSync(full).size}:${statSync(full).mtimeMs};`);
    }
  };
  for (const folder of folders) visit(join(ROOT, folder));
  return hash.update(String(statSync(join(ROOT, 'package-lock.json')).mtimeMs)).digest('hex');
}

/** Runs `work` unless its inputs are those of the last time and its outputs are there. */
async function unlessCurrent(name, inputs, outputs, work) {
  const stamp = join(ROOT, STAMP, name);
  const now = digest(inputs);
  const outputsThere = outputs.every((file) => existsSync(join(ROOT, file)));
  if (outputsThere && existsSync(stamp) && readFileSync(stamp, 'utf8') === now) return;
  const begunMs = Date.now();
  await work();
  mkdirSync(join(ROOT, STAMP), { recursive: true });
  writeFileSync(stamp, now);
  process.stdout.write(`built ${name} in ${((Date.now() - begunMs) / 1000).toFixed(1)} s\n`);
}

/** Builds what is not current: the programs and the console. */
export async function buildAll() {
  process.chdir(ROOT);
  const { bundle, bundleStandalone, ENTRIES, STANDALONE } = await import('./bundle.mjs');
  const programs = [...Object.keys(ENTRIES), ...Object.keys(STANDALONE)];
  await unlessCurrent('programs', SERVER_INPUTS, programs, async () => {
    await Promise.all([bundle(), bundleStandalone()]);
  });
  await unlessCurrent('console', ['web', 'sla'], ['web/dist/index.html'], async () => {
    const { build } = await import('vite');
    await build({ root: join(ROOT, 'web'), logLevel: 'warn' });
  });
}

if (import.meta.url === pathToFileURL(process.argv[1] ?? '').href) await buildAll();
