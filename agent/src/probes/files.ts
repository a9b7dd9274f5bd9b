import { readdir, readFile } from 'node:fs/promises';

/** A small text file of /proc or /sys, trimmed; `null` if it is missing or can't be read (many of them answer EINVAL or EIO). */
export async function readText(path: string): Promise<string | null> {
  try {
    return (await readFile(path, 'utf8')).trim();
  } catch {
    return null;
  }
}

export async function readNumber(path: string): Promise<number | null> {
  const text = await readText(path);
  if (text === null || text === '') return null;
  const value = Number(text);
  return Number.isFinite(value) ? value : null;
}

/** Names in a directory, sorted; none if it is missing. */
export async function names(path: string): Promise<readonly string[]> {
  try {
    return (await readdir(path)).sort();
  } catch {
    return [];
  }
}
