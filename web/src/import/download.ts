import { api } from '../api/client.ts';
import type { ImportKind } from './kinds.ts';

/** Hands a file to the browser to be saved. */
function save(content: Blob, name: string): void {
  const url = URL.createObjectURL(content);
  const link = Object.assign(document.createElement('a'), { href: url, download: name });
  link.click();
  // The browser has taken the blob over once the click was handled.
  setTimeout(() => URL.revokeObjectURL(url), 10_000);
}

/** Saves a table with heads in the shown language. Fetched rather than linked, so that a refusal is said in words. @throws ApiProblem */
export async function downloadTable(what: 'template' | 'export', kind: ImportKind, language: string): Promise<void> {
  const options = { params: { path: { kind } }, headers: { 'Accept-Language': language }, parseAs: 'blob' } as const;
  const { data } = await (what === 'template'
    ? api.GET('/api/v1/imports/templates/{kind}.csv', options)
    : api.GET('/api/v1/export/{kind}.csv', options));
  if (data instanceof Blob) save(data, what === 'template' ? `${kind}-template.csv` : `${kind}.csv`);
}
