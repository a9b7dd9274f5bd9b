import writeXlsxFile, { type Cell as SheetCell } from 'write-excel-file/node';
import type { Cell, Table } from './table.ts';

const COLUMN_WIDTH = 16;

/**
 * The table as a workbook of one sheet. Text is stored as text, which no spreadsheet runs as a formula and which keeps truncated
 * percentages as they are.
 */
export async function workbookOf(table: Table): Promise<Buffer> {
  const head = table.head.map(([label, value]) => [bold(label), text(value)]);
  const rows = table.rows.map((row) => row.map(cell));
  return writeXlsxFile([...head, [], table.columns.map(bold), ...rows], {
    sheet: table.sheet,
    columns: table.columns.map(() => ({ width: COLUMN_WIDTH })),
    stickyRowsCount: table.head.length + 2,
  }).toBuffer();
}

function cell(value: Cell): SheetCell {
  if (value === null) return null;
  return typeof value === 'number' ? { value, type: Number, format: '0' } : text(value);
}

function text(value: string): SheetCell {
  return { value, type: String };
}

function bold(value: string): SheetCell {
  return { value, type: String, fontWeight: 'bold' };
}
