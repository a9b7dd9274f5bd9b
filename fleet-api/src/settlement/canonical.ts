import { createHash } from 'node:crypto';

/**
 * JSON of which there is one spelling: keys in the order of their UTF-16 units, no white space, as RFC 8785 for the numbers that
 * occur here (whole ones). What is undefined is left out.
 */
export function canonicalJson(value: unknown): string {
  if (Array.isArray(value)) return `[${value.map((each) => canonicalJson(each ?? null)).join(',')}]`;
  if (typeof value !== 'object' || value === null) return JSON.stringify(value);
  const entries = Object.entries(value).filter(([, each]) => each !== undefined);
  entries.sort(([a], [b]) => (a < b ? -1 : 1));
  return `{${entries.map(([key, each]) => `${JSON.stringify(key)}:${canonicalJson(each)}`).join(',')}}`;
}

/** SHA-256 of text, UTF-8. */
export function sha256Of(text: string): Buffer {
  return createHash('sha256').update(text).digest();
}

/** SHA-256 of the canonical JSON, lower-case hex. */
export function digestOf(value: unknown): string {
  return sha256Of(canonicalJson(value)).toString('hex');
}
