import { parse } from 'csv-parse/sync';
import type { PurchaseImported } from './schemas.ts';

/** Reads a table of purchases as people have it: from a spreadsheet, with dates as they write them. Pure. */

export type TableFault = PurchaseImported['faults'][number];

export interface PurchaseRow {
  readonly line: number;
  /** Serial or id of the device. */
  readonly device: string;
  /** Missing: stays as it is. */
  readonly purchased_on: string | null;
  readonly warranty_until: string | null;
  readonly supplier: string | null;
}

export interface ReadTable {
  readonly rows: readonly PurchaseRow[];
  readonly faults: readonly TableFault[];
}

/** Rows of one table at most. */
export const MAX_ROWS = 20_000;
const MAX_FAULTS = 200;

const COLUMNS: Readonly<Record<string, keyof Omit<PurchaseRow, 'line'>>> = {
  serial: 'device',
  device_id: 'device',
  序列号: 'device',
  设备编号: 'device',
  purchased_on: 'purchased_on',
  购置日期: 'purchased_on',
  warranty_until: 'warranty_until',
  质保到期: 'warranty_until',
  质保到期日: 'warranty_until',
  supplier: 'supplier',
  供应商: 'supplier',
};

/** A day as written: 2026-03-01, 2026/3/1, 2026.3.1, 2026年3月1日; null if it is none. */
export function dayIn(text: string): string | null {
  const match = /^(\d{4})(?:[-/.]|年)(\d{1,2})(?:[-/.]|月)(\d{1,2})日?$/.exec(text.trim());
  if (match === null) return null;
  const [year, month, day] = match.slice(1).map(Number) as [number, number, number];
  const at = new Date(Date.UTC(year, month - 1, day));
  const isReal = at.getUTCFullYear() === year && at.getUTCMonth() === month - 1 && at.getUTCDate() === day;
  return isReal && year >= 1990 && year <= 2100 ? at.toISOString().slice(0, 10) : null;
}

/** Reads a table; what is wrong with it is told by line, at most 200 faults. */
export function readPurchases(table: string): ReadTable {
  const lines = split(table);
  const [header, ...body] = lines ?? [];
  const keys = (header ?? []).map((cell) => COLUMNS[cell.trim().toLowerCase()]);
  if (header === undefined || !keys.includes('device') || !keys.some((key) => key !== undefined && key !== 'device')) {
    return {
      rows: [],
      faults: [{ line: 1, column: null, problem: 'header', value: header?.join(',').slice(0, 100) ?? null }],
    };
  }
  if (body.length > MAX_ROWS) {
    return {
      rows: [],
      faults: [{ line: MAX_ROWS + 2, column: null, problem: 'too_many', value: String(body.length) }],
    };
  }
  const faults: TableFault[] = [];
  const seen = new Set<string>();
  const rows = body.flatMap((cells, i): PurchaseRow[] => {
    if (cells.every((cell) => cell.trim() === '')) return [];
    const row = rowOf(cells, keys, i + 2, faults);
    if (row !== null && seen.has(row.device)) {
      faults.push({ line: row.line, column: 'device', problem: 'duplicate', value: row.device });
    }
    if (row !== null) seen.add(row.device);
    return row === null ? [] : [row];
  });
  return { rows, faults: faults.slice(0, MAX_FAULTS) };
}

/** Cells by line; null if the quoting can't be read. Pasted cells are parted by tabs. */
function split(table: string): string[][] | null {
  const delimiter = table.split('\n', 1)[0]?.includes('\t') ? '\t' : ',';
  try {
    return parse(table, { bom: true, delimiter, relax_column_count: true, skip_empty_lines: false });
  } catch {
    return null;
  }
}

function rowOf(
  cells: readonly string[],
  keys: readonly (keyof Omit<PurchaseRow, 'line'> | undefined)[],
  line: number,
  faults: TableFault[],
): PurchaseRow | null {
  const of = (key: keyof Omit<PurchaseRow, 'line'>): string => cells[keys.indexOf(key)]?.trim() ?? '';
  const device = of('device').replace(/^'/, '');
  if (device === '' || device.length > 64) {
    faults.push({ line, column: 'device', problem: 'missing', value: null });
    return null;
  }
  const days = (['purchased_on', 'warranty_until'] as const).map((key) => {
    const text = of(key);
    const day = text === '' ? null : dayIn(text);
    if (text !== '' && day === null) faults.push({ line, column: key, problem: 'invalid', value: text.slice(0, 40) });
    return day;
  });
  const [purchased_on = null, warranty_until = null] = days;
  if (purchased_on !== null && warranty_until !== null && warranty_until < purchased_on) {
    faults.push({ line, column: 'warranty_until', problem: 'order', value: warranty_until });
  }
  return { line, device, purchased_on, warranty_until, supplier: of('supplier').slice(0, 120) || null };
}
