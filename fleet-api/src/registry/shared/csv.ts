import { pipeline, Readable } from 'node:stream';
import { stringify } from 'csv-stringify';
import type { FastifyReply, FastifyRequest } from 'fastify';

/** Languages in which tables and faults are told. */
export type Language = 'zh' | 'en';

/** A cell that a spreadsheet would run as a formula. Numbers with a sign are none. */
const FORMULA = /^[=+\-@\t\r]/;
const SIGNED_NUMBER = /^[+-]?\d+(\.\d+)?$/;

/** `en` if the caller prefers it, else Chinese. */
export function languageOf(request: FastifyRequest): Language {
  const header = request.headers['accept-language'] ?? '';
  const english = header.search(/\ben\b/i);
  const chinese = header.search(/\bzh\b/i);
  return english >= 0 && (chinese < 0 || english < chinese) ? 'en' : 'zh';
}

/** Puts an apostrophe before what a spreadsheet would take for a formula (OWASP, CSV injection). */
export function neutralise(cell: string): string {
  return FORMULA.test(cell) && !SIGNED_NUMBER.test(cell) ? `'${cell}` : cell;
}

/** Takes the apostrophe of {@link neutralise} away again. */
export function denature(cell: string): string {
  return cell.startsWith("'") && FORMULA.test(cell.slice(1)) ? cell.slice(1) : cell;
}

/** A cell's text: instants as RFC 3339 in UTC, nothing for null. */
export function cellOf(value: string | number | boolean | Date | null): string {
  if (value === null) return '';
  return value instanceof Date ? value.toISOString() : neutralise(String(value));
}

/** Streams rows, header first, as UTF-8 with a byte order mark: spreadsheets would take Chinese for something else. */
export function sendCsv(reply: FastifyReply, name: string, rows: AsyncIterable<readonly string[]>): FastifyReply {
  const body = stringify({ bom: true, record_delimiter: 'windows' });
  // A failure on the way destroys `body`, which breaks the connection off: a table cut short must not look whole.
  pipeline(Readable.from(rows, { objectMode: true }), body, () => undefined);
  return reply
    .header('content-type', 'text/csv; charset=utf-8')
    .header('content-disposition', `attachment; filename="${name}.csv"`)
    .send(body);
}
