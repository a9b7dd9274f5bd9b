import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, test } from 'vitest';

const ROOT = new URL('..', import.meta.url).pathname;

/** Which of our packages each package's sources may import. */
const ALLOWED: Readonly<Record<string, readonly string[]>> = {
  protocol: [],
  sla: [],
  agent: ['protocol'],
  broker: ['protocol'],
  'fleet-api': ['protocol', 'sla', 'broker'],
  alerts: ['protocol', 'fleet-api/db', 'fleet-api/metrics', 'fleet-api/platform'],
  sim: ['agent', 'protocol'],
  web: ['sla'],
};

function sources(dir: string): string[] {
  return readdirSync(dir, { recursive: true, encoding: 'utf8' })
    .filter((file) => /\.(ts|vue)$/.test(file))
    .map((file) => join(dir, file));
}

test.each(Object.entries(ALLOWED))('%s imports only what it may', (pkg, allowed) => {
  const own = sources(join(ROOT, pkg, 'src'));
  const foreign = own.flatMap((file) => {
    const text = readFileSync(file, 'utf8');
    const imports = [...text.matchAll(/(?:from|import)\s*\(?\s*'(@uptally\/[^']+|(?:\.\.\/)+[^']+)'/g)].map(
      (m) => m[1] ?? '',
    );
    return imports
      .filter((path) => (path.startsWith('@') ? !isAllowed(path, allowed) : escapes(file, path, pkg)))
      .map((path) => `${file.slice(ROOT.length)}: ${path}`);
  });
  expect(foreign).toEqual([]);
});

function isAllowed(path: string, allowed: readonly string[]): boolean {
  const name = path.slice('@uptally/'.length);
  return allowed.some((entry) => name === entry || (!entry.includes('/') && name.startsWith(`${entry}/`)));
}

function escapes(file: string, path: string, pkg: string): boolean {
  return !join(file, '..', path).startsWith(join(ROOT, pkg));
}
