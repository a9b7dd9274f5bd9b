import { canonicalJson } from '../canonical.ts';

/** A place where two JSON values differ. */
export interface Unlike {
  /** JSON pointer; empty: the whole. */
  readonly path: string;
  /** Canonical JSON, text as it is; empty: nothing is there. */
  readonly kept: string;
  readonly recomputed: string;
}

/** Where two values differ, by their smallest parts, the first `most` of them. */
export function unlike(kept: unknown, recomputed: unknown, most: number): Unlike[] {
  const found: Unlike[] = [];
  walk('', kept, recomputed, found, most);
  return found;
}

function walk(path: string, a: unknown, b: unknown, found: Unlike[], most: number): void {
  if (found.length >= most || canonicalJson(a ?? null) === canonicalJson(b ?? null)) return;
  if (!isParted(a) || !isParted(b)) {
    found.push({ path, kept: shown(a), recomputed: shown(b) });
    return;
  }
  const [left, right] = [new Map(Object.entries(a)), new Map(Object.entries(b))];
  for (const key of [...new Set([...left.keys(), ...right.keys()])].toSorted()) {
    walk(`${path}/${key}`, left.get(key), right.get(key), found, most);
  }
}

const isParted = (value: unknown): value is object => typeof value === 'object' && value !== null;
const shown = (value: unknown): string =>
  value === undefined ? '' : typeof value === 'string' ? value : canonicalJson(value);
