// @vitest-environment node
import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';

const ROOT = join(import.meta.dirname, '../../src');
const LOCALES = ['zh-CN', 'en'] as const;

function flatten(value: unknown, prefix: string): [string, string][] {
  if (typeof value === 'string') return [[prefix, value]];
  return Object.entries(value as object).flatMap(([key, inner]) => flatten(inner, prefix ? `${prefix}.${key}` : key));
}

function messages(locale: string): Map<string, string> {
  const folder = join(ROOT, 'i18n', locale);
  const files = readdirSync(folder).filter((name) => name.endsWith('.json'));
  return new Map(
    files.flatMap((name) =>
      flatten(JSON.parse(readFileSync(join(folder, name), 'utf8')), name.slice(0, -'.json'.length)),
    ),
  );
}

function sources(): { path: string; text: string }[] {
  return readdirSync(ROOT, { recursive: true, encoding: 'utf8' })
    .filter((path) => /\.(vue|ts)$/.test(path) && !path.includes('generated'))
    .map((path) => ({ path, text: readFileSync(join(ROOT, path), 'utf8') }));
}

function placeholders(text: string): string[] {
  return [...new Set(text.match(/\{\w+\}/g) ?? [])].sort();
}

const [zh, en] = LOCALES.map(messages) as [Map<string, string>, Map<string, string>];

describe('messages', () => {
  it('exist in both languages', () => {
    expect([...en.keys()].filter((key) => !zh.has(key))).toEqual([]);
    expect([...zh.keys()].filter((key) => !en.has(key))).toEqual([]);
  });

  it('have the same placeholders in both languages', () => {
    const different = [...zh].filter(
      ([key, text]) => placeholders(text).join() !== placeholders(en.get(key) ?? '').join(),
    );
    expect(different.map(([key]) => key)).toEqual([]);
  });

  it('are never empty', () => {
    const empty = [...zh, ...en].filter(([, text]) => text.trim() === '');
    expect(empty.map(([key]) => key)).toEqual([]);
  });

  it('exist for every key that the console names', () => {
    const missing = sources().flatMap(({ path, text }) =>
      [...text.matchAll(/\bt\(\s*'([\w.-]+)'/g)].flatMap(([, key]) => (key && !zh.has(key) ? [`${path}: ${key}`] : [])),
    );
    expect(missing).toEqual([]);
  });

  it('have at least one entry for every key that the console puts together', () => {
    const missing = sources().flatMap(({ path, text }) =>
      [...text.matchAll(/\bt\(\s*`([\w.-]+)\.\$\{/g)].flatMap(([, prefix]) =>
        [...zh.keys()].some((key) => key.startsWith(`${prefix}.`)) ? [] : [`${path}: ${prefix}`],
      ),
    );
    expect(missing).toEqual([]);
  });
});
