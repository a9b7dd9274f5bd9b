import { readdirSync, readFileSync } from 'node:fs';
import { expect, test } from 'vitest';

/** Vocabulary: types, and the constants that the rules name. */
const SHARED = ['../availability/types.ts', '../calendar/service.ts'];

test('the recount shares no code with what it checks', () => {
  const folder = new URL('../../src/recount/', import.meta.url);
  const files = readdirSync(folder);
  expect(files.length).toBeGreaterThan(0);
  for (const file of files) {
    const source = readFileSync(new URL(file, folder), 'utf8');
    for (const [statement, from = ''] of source.matchAll(/^import [^;]*from '([^']+)';$/gm)) {
      if (from.startsWith('./')) continue;
      expect(SHARED, `${file}: ${statement}`).toContain(from);
      if (from.includes('calendar')) expect(statement).toMatch(/^import type /);
    }
    expect(source).not.toMatch(/^export .* from /m);
  }
});
