import { type Draft, type Entry, entriesOf, isEntry, NAMED, type Named } from './document.ts';
import type { Field } from './field.ts';
import { LISTS } from './fields.ts';

/** Gives an entry another id, and everything that names it with it. */
export function rename(draft: Draft, list: Named, from: string, to: string): void {
  for (const entry of entriesOf(draft, list)) if (entry.id === from) entry.id = to;
  for (const other of NAMED) {
    for (const entry of entriesOf(draft, other)) renameIn(entry, LISTS[other].fields(entry), list, from, to);
  }
}

function renameIn(holder: Entry, fields: readonly Field[], list: Named, from: string, to: string): void {
  for (const field of fields) {
    const value = holder[field.key];
    if (field.input === 'one' && field.of === list && value === from) holder[field.key] = to;
    if (field.input === 'many' && field.of === list && Array.isArray(value)) {
      holder[field.key] = value.map((id) => (id === from ? to : id));
    }
    if ((field.input === 'of' || field.input === 'subject') && isEntry(value)) renameOf(value, list, from, to);
    if (field.input === 'rows' && Array.isArray(value)) {
      for (const row of value.filter(isEntry)) renameIn(row, field.row(row), list, from, to);
    }
  }
}

function renameOf(of: Entry, list: Named, from: string, to: string): void {
  if (list === 'prices' && of.price === from) of.price = to;
  if (list === 'metrics' && of.metric === from) of.metric = to;
  if (list !== 'clauses') return;
  if (of.clause === from) of.clause = to;
  if (Array.isArray(of.clauses)) of.clauses = of.clauses.map((id) => (id === from ? to : id));
}

/** Who names an entry: titles can then say what would break if it went. */
export function usersOf(draft: Draft, list: Named, id: string): Entry[] {
  const probe = '\u0000';
  return NAMED.flatMap((other) =>
    entriesOf(draft, other).filter((entry) => {
      const copy = JSON.parse(JSON.stringify(entry)) as Entry;
      renameIn(copy, LISTS[other].fields(copy), list, id, probe);
      return JSON.stringify(copy).includes('\\u0000');
    }),
  );
}

/** An id that the list does not have yet. */
export function freeNumber(list: readonly unknown[], make: (n: number) => Entry): Entry {
  const taken = new Set(list.filter(isEntry).map(({ id }) => id));
  for (let n = list.length + 1; ; n++) {
    const entry = make(n);
    if (entry.id === undefined || !taken.has(entry.id) || n > list.length + 1000) return entry;
  }
}
