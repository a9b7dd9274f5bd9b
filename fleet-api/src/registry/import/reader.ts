import { createReadStream } from 'node:fs';
import { open } from 'node:fs/promises';
import { Readable } from 'node:stream';
import { CsvError, parse } from 'csv-parse';
import { denature } from '../shared/csv.ts';
import { type Cell, COLUMNS, type Column, type ImportKind } from './columns.ts';
import type { Fault, FaultCode } from './faults.ts';

/** Data rows at most. */
export const MAX_ROWS = 200_000;
const MAX_RECORD_BYTES = 64 * 1024;
const SNIFF_BYTES = 64 * 1024;

/** A row whose cells are all readable; keys of empty cells are missing. */
export interface ReadRow {
  readonly line: number;
  readonly values: Readonly<Record<string, Cell>>;
}

export interface ReadHandlers {
  readonly onRow: (row: ReadRow) => Promise<void>;
  readonly onFault: (fault: Fault) => void;
}

export interface ReadSummary {
  /** Data rows, good and bad. */
  readonly rows: number;
  /** Header as the file has it, by column key: faults name columns in the reader's own words. */
  readonly headers: ReadonlyMap<string, string>;
  readonly ignored: readonly string[];
}

/** Reads a CSV file row by row; memory does not grow with the file. A fault of the file as a whole ends the reading. */
export async function readTable(path: string, kind: ImportKind, handlers: ReadHandlers): Promise<ReadSummary> {
  const columns = COLUMNS[kind];
  const { encoding, delimiter } = await sniff(path);
  let layout: Layout | null = null;
  let rows = 0;
  const fileFault = (line: number, code: FaultCode): void => handlers.onFault({ line, key: null, code, value: null });
  try {
    const options = {
      delimiter,
      info: true,
      skip_empty_lines: true,
      relax_column_count: true,
      max_record_size: MAX_RECORD_BYTES,
    };
    const text = Readable.from(decoded(path, encoding));
    const parser = text.pipe(parse(options));
    text.once('error', (error) => parser.destroy(error));
    for await (const item of parser) {
      const { record, info } = item as { record: string[]; info: { lines: number; records: number } };
      const line = info.lines - newlinesIn(record);
      if (layout === null) {
        layout = layoutOf(record, columns, handlers.onFault);
        if (layout.broken) break;
        continue;
      }
      if (record.every((cell) => cell.trim() === '')) continue;
      if (++rows > MAX_ROWS) {
        fileFault(line, 'too_many_rows');
        break;
      }
      const row = readRow(record, line, layout, handlers.onFault);
      if (row !== null) await handlers.onRow(row);
    }
  } catch (error) {
    const isEncoding = error instanceof TypeError && Reflect.get(error, 'code') === 'ERR_ENCODING_INVALID_ENCODED_DATA';
    if (isEncoding) fileFault(0, 'encoding');
    else if (error instanceof CsvError) fileFault(Number(Reflect.get(error, 'lines') ?? 0), 'malformed');
    else throw error;
  }
  if (rows === 0 && layout?.broken !== true) fileFault(1, 'empty_file');
  return { rows, headers: layout?.headers ?? new Map(), ignored: layout?.ignored ?? [] };
}

interface Layout {
  /** Column of each cell; null: not one of ours. */
  readonly columns: readonly (Column | null)[];
  readonly headers: ReadonlyMap<string, string>;
  readonly required: readonly Column[];
  readonly ignored: readonly string[];
  readonly broken: boolean;
}

function layoutOf(header: readonly string[], known: readonly Column[], onFault: (fault: Fault) => void): Layout {
  const byName = new Map(
    known.flatMap((column) =>
      [column.key, column.zh, ...(column.aliases ?? [])].map((name) => [canonical(name), column] as const),
    ),
  );
  const columns = header.map((name) => byName.get(canonical(name)) ?? null);
  const headers = new Map<string, string>();
  let broken = false;
  columns.forEach((column, i) => {
    if (column === null) return;
    if (headers.has(column.key)) {
      onFault({ line: 1, key: column.key, code: 'repeated_column', value: header[i] ?? null });
      broken = true;
    }
    headers.set(column.key, (header[i] ?? '').trim());
  });
  const required = known.filter((column) => column.required === true);
  for (const column of required.filter(({ key }) => !headers.has(key))) {
    onFault({ line: 1, key: column.key, code: 'missing_column', value: null });
    broken = true;
  }
  const ignored = header.filter((name, i) => columns[i] === null && name.trim() !== '').slice(0, 50);
  return { columns, headers, required, ignored, broken };
}

function canonical(name: string): string {
  return name.replace(/[\s_*＊]/g, '').toLowerCase();
}

/** The row's values, or null if any cell is faulty: then every faulty cell has been told. */
function readRow(
  record: readonly string[],
  line: number,
  layout: Layout,
  onFault: (fault: Fault) => void,
): ReadRow | null {
  const values: Record<string, Cell> = {};
  let sound = true;
  const fault = (key: string | null, code: FaultCode, value: string | null): void => {
    onFault({ line, key, code, value: value === null ? null : value.slice(0, 100) });
    sound = false;
  };
  if (record.slice(layout.columns.length).some((cell) => cell.trim() !== '')) fault(null, 'too_many_cells', null);
  layout.columns.forEach((column, i) => {
    const cell = denature((record[i] ?? '').trim());
    if (column === null || cell === '') return;
    const reading = column.read(cell);
    if ('fault' in reading) fault(column.key, reading.fault, cell);
    else values[column.key] = reading.value;
  });
  for (const { key } of layout.required) {
    const at = layout.columns.findIndex((column) => column?.key === key);
    if ((record[at] ?? '').trim() === '') fault(key, 'missing', null);
  }
  return sound ? { line, values } : null;
}

/** Line breaks inside quoted cells: csv-parse counts to the end of the record, people look for its beginning. */
function newlinesIn(record: readonly string[]): number {
  return record.reduce((sum, cell) => sum + (cell.match(/\n/g)?.length ?? 0), 0);
}

interface Sniffed {
  readonly encoding: 'utf-8' | 'gb18030';
  readonly delimiter: string;
}

/** UTF-8 unless the beginning can't be that: then it is GB18030, which Chinese spreadsheets write. */
async function sniff(path: string): Promise<Sniffed> {
  const file = await open(path, 'r');
  try {
    const { buffer, bytesRead } = await file.read(Buffer.alloc(SNIFF_BYTES), 0, SNIFF_BYTES, 0);
    const head = buffer.subarray(0, bytesRead);
    const encoding = isUtf8(head) ? 'utf-8' : 'gb18030';
    const [first = ''] = new TextDecoder(encoding).decode(head).split(/\r?\n/, 1);
    const delimiter = [',', '\t', ';'].reduce((a, b) => (count(first, b) > count(first, a) ? b : a));
    return { encoding, delimiter };
  } finally {
    await file.close();
  }
}

function isUtf8(head: Uint8Array): boolean {
  try {
    new TextDecoder('utf-8', { fatal: true }).decode(head, { stream: true }); // the end may cut a letter in two
    return true;
  } catch {
    return false;
  }
}

function count(text: string, character: string): number {
  return text.split(character).length - 1;
}

async function* decoded(path: string, encoding: Sniffed['encoding']): AsyncGenerator<string> {
  const decoder = new TextDecoder(encoding, { fatal: true }); // takes a byte order mark away
  for await (const chunk of createReadStream(path)) yield decoder.decode(chunk as Buffer, { stream: true });
  yield decoder.decode();
}
