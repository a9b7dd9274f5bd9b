import writeXlsxFile, { type Cell } from 'write-excel-file/node';
import { clean } from './text.ts';

/** Media type of what {@link workbookOf} makes. */
export const XLSX = 'application/vnd.openxmlformats-officedocument.spreadsheetml.sheet';

/** A number stays one; percentages are text as they are shown, so that no program rounds 94.9996 up to a target of 95. */
export type SheetCell = string | number | null;

export interface Sheet {
  /** Name of the sheet; what spreadsheets do not take in a name is left out of it. */
  readonly name: string;
  /** What the table is of: name and value each. */
  readonly head?: readonly (readonly [string, string])[];
  readonly columns: readonly string[];
  readonly rows: readonly (readonly SheetCell[])[];
  /** Width of each column in characters; 16 where none is given. */
  readonly widths?: readonly number[];
}

const COLUMN_WIDTH = 16;
/** Limits of the format. */
const MAX_NAME = 31;
const MAX_TEXT = 32_767;

/**
 * Sheets as a workbook. Text is stored as text, which no spreadsheet runs as a formula and which keeps truncated percentages as they
 * are.
 */
export async function workbookOf(sheets: readonly Sheet[]): Promise<Buffer> {
  const names = sheetNames(sheets);
  return writeXlsxFile(
    sheets.map((sheet, i) => ({ data: dataOf(sheet), ...optionsOf(sheet), sheet: names[i] ?? '' })),
  ).toBuffer();
}

function dataOf({ head = [], columns, rows }: Sheet): Cell[][] {
  const above = head.length === 0 ? [] : [...head.map(([label, value]) => [bold(label), text(value)]), []];
  return [...above, columns.map(bold), ...rows.map((row) => row.map(cell))];
}

function optionsOf({ head = [], columns, widths }: Sheet) {
  return {
    columns: columns.map((_, i) => ({ width: widths?.[i] ?? COLUMN_WIDTH })),
    stickyRowsCount: head.length === 0 ? 1 : head.length + 2,
  };
}

/** Names as spreadsheets take them: short, without their reserved characters, no two alike. */
function sheetNames(sheets: readonly Sheet[]): string[] {
  const taken = new Set<string>();
  return sheets.map(({ name }, i) => {
    const plain =
      name
        .replace(/[[\]*?:/\\']/g, ' ')
        .trim()
        .slice(0, MAX_NAME - 3) || `${i + 1}`;
    let free = plain;
    for (let n = 2; taken.has(free.toLowerCase()); n += 1) free = `${plain} ${n}`;
    taken.add(free.toLowerCase());
    return free;
  });
}

function cell(value: SheetCell): Cell {
  if (value === null) return null;
  return typeof value === 'number'
    ? { value, type: Number, format: Number.isInteger(value) ? '0' : 'General' }
    : text(value);
}

/** Control characters would make the file unreadable. */
function text(value: string): Cell {
  return { value: clean(value).slice(0, MAX_TEXT), type: String };
}

function bold(value: string): Cell {
  return { value, type: String, fontWeight: 'bold' };
}
