import type { Pool } from '../../db/index.ts';
import { COLUMNS, headerOf, type ImportKind } from '../import/columns.ts';
import { cellOf, type Language } from '../shared/csv.ts';
import { selectExport } from './sql.ts';

const PAGE_ROWS = 2000;

/** A table as the import reads it, header first: exported, edited, imported again. No connection is held between pages. */
export async function* exportRows(
  pool: Pool,
  scope: readonly number[] | null,
  kind: ImportKind,
  language: Language,
): AsyncGenerator<string[]> {
  yield COLUMNS[kind].map((column) => headerOf(column, language));
  let afterId = 0;
  for (;;) {
    const rows = await selectExport(pool, kind, { scope, afterId, limit: PAGE_ROWS });
    for (const { id, cells } of rows) {
      yield cells.map(cellOf);
      afterId = id;
    }
    if (rows.length < PAGE_ROWS) return;
  }
}

/** Header and two example rows, to be overwritten. */
export async function* templateRows(kind: ImportKind, language: Language): AsyncGenerator<string[]> {
  yield COLUMNS[kind].map((column) => headerOf(column, language));
  for (const i of [0, 1] as const) yield COLUMNS[kind].map((column) => column.examples[i]);
}
