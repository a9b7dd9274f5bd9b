import type { Change } from './schemas.ts';

/**
 * What differs between two documents. Lists of things with an id are matched by it, so that an inserted clause is one change and not a
 * change of all that follow; other lists are values.
 */
export function changesBetween(before: unknown, after: unknown): Change[] {
  return walk('', before, after);
}

function walk(path: string, before: unknown, after: unknown): Change[] {
  if (JSON.stringify(before) === JSON.stringify(after)) return [];
  const [a, b] = [partsOf(before), partsOf(after)];
  if (a === null || b === null) return [{ path, kind: 'changed', before, after }];
  const keys = [...new Set([...a.keys(), ...b.keys()])];
  const changes = keys.flatMap((key): Change[] => {
    const at = `${path}/${key}`;
    if (!a.has(key)) return [{ path: at, kind: 'added', before: null, after: b.get(key) }];
    if (!b.has(key)) return [{ path: at, kind: 'removed', before: a.get(key), after: null }];
    return walk(at, a.get(key), b.get(key));
  });
  const isMoved = changes.length === 0 && Array.isArray(before);
  return isMoved ? [{ path, kind: 'changed', before: [...a.keys()], after: [...b.keys()] }] : changes;
}

/** Fields of an object, things of a list by id; null for a value. */
function partsOf(value: unknown): Map<string, unknown> | null {
  if (Array.isArray(value)) {
    const ids = value.map((each) =>
      typeof each === 'object' && each !== null && 'id' in each ? String(each.id) : null,
    );
    if (ids.length === 0 || ids.includes(null) || new Set(ids).size < ids.length) return null;
    return new Map(value.map((each, i) => [ids[i] ?? '', each]));
  }
  return typeof value === 'object' && value !== null ? new Map(Object.entries(value)) : null;
}
