import { existsSync, mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { ROOT } from './install.mjs';

/** Generated files that are committed. Each generator gives `{ path: content }`; `--check` fails if one is out of date. */
const GENERATORS = [
  './generators/asyncapi.mjs',
  './generators/errors.mjs',
  './generators/openapi.mjs',
  './generators/schema.mjs',
];

const check = process.argv.includes('--check');
process.chdir(ROOT);
let stale = 0;
for (const module of GENERATORS) {
  const { generate } = await import(module);
  for (const [path, content] of Object.entries(await generate())) {
    const file = join(ROOT, path);
    const old = existsSync(file) ? readFileSync(file, 'utf8') : null;
    if (old === content) continue;
    stale++;
    process.stdout.write(`${check ? 'out of date' : 'wrote'}: ${path}\n`);
    if (check) continue;
    mkdirSync(dirname(file), { recursive: true });
    writeFileSync(file, content);
  }
}
if (check && stale > 0) {
  process.stderr.write('run `npm run generate` and commit the result\n');
  process.exitCode = 1;
}
