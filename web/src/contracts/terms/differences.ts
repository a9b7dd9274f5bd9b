import { isEntry, pointer } from './document.ts';

export interface Change {
  /** Of the newer document, or of the older one for what is gone. */
  readonly path: string;
  readonly before: unknown;
  readonly after: unknown;
}

/** What differs between two documents. Entries of lists are matched by their id, so that one moved or put before others is no change. */
export function differences(before: unknown, after: unknown, path = ''): Change[] {
  if (JSON.stringify(before) === JSON.stringify(after)) return [];
  if (Array.isArray(before) && Array.isArray(after)) return listDifferences(before, after, path);
  if (!isEntry(before) || !isEntry(after) || isWords(before) || isWords(after)) return [{ path, before, after }];
  const keys = [...new Set([...Object.keys(before), ...Object.keys(after)])];
  return keys.flatMap((key) => differences(before[key], after[key], path + pointer(key)));
}

function listDifferences(before: readonly unknown[], after: readonly unknown[], path: string): Change[] {
  const ids = [...before, ...after].map(idOf);
  if (ids.some((id) => id === null)) return [{ path, before, after }];
  const [old, now] = [byId(before), byId(after)];
  const gone = before.flatMap((entry, i) =>
    now.has(idOf(entry) ?? '') ? [] : [{ path: path + pointer(i), before: entry, after: undefined }],
  );
  const rest = after.flatMap((entry, i) => differences(old.get(idOf(entry) ?? ''), entry, path + pointer(i)));
  return [...rest, ...gone];
}

const idOf = (entry: unknown): string | null => (isEntry(entry) && typeof entry.id === 'string' ? entry.id : null);
const byId = (list: readonly unknown[]) => new Map(list.map((entry) => [idOf(entry) ?? '', entry]));
/** `{zh, en}`: one thing said twice. */
const isWords = (entry: object): boolean => 'zh' in entry && 'en' in entry;
