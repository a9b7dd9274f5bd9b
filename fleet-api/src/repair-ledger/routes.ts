import { Type } from 'typebox';
import { memberOf } from '../exclusions/parties.ts';
import { capability } from '../http/capability.ts';
import { IdParams } from '../http/schemas.ts';
import { type SheetCell, workbookOf, XLSX } from '../print/workbook.ts';
import { cellOf, languageOf, sendCsv } from '../registry/shared/csv.ts';
import { loadSeverityNames } from '../repair/severity-names.ts';
import {
  AnswerBody,
  ConfirmBody,
  Confirmed,
  DisputeBody,
  ExportQuery,
  LedgerFilters,
  LedgerLine,
  LedgerPage,
  LedgerQuery,
  LedgerSummary,
} from './schemas.ts';
import { answerLine, confirmLines, disputeLine, everyLine, listLines, summaryOf } from './service.ts';
import { columnsOf, rowOf, sheetName } from './table.ts';

const tags = ['ledger'];
/** Lines of one workbook; a CSV is streamed and may have them all. */
const MAX_SHEET_LINES = 20_000;
const MAX_CSV_LINES = 500_000;

export default capability('repair-ledger', async (app, { ctx }) => {
  app.get(
    '/ledger',
    {
      config: { access: 'repair.read' },
      schema: {
        tags,
        summary: 'Maintenance ledger: a line for each work order',
        querystring: LedgerQuery,
        response: { 200: LedgerPage },
      },
    },
    async (request) => listLines(ctx.pool, await memberOf(request, ctx), request.query),
  );

  app.get(
    '/ledger/summary',
    {
      config: { access: 'repair.read' },
      schema: {
        tags,
        summary: 'How many lines there are by state',
        querystring: LedgerFilters,
        response: { 200: LedgerSummary },
      },
    },
    async (request) => summaryOf(ctx.pool, await memberOf(request, ctx), request.query),
  );

  app.post(
    '/ledger/confirm',
    {
      config: { access: 'ledger.confirm' },
      schema: {
        tags,
        summary: 'Confirm lines, by id or all unconfirmed ones that a filter finds',
        description:
          'By the agency, for closed orders. `expected` must be the number of lines, else nothing is confirmed. If an order or its ' +
          'parts change afterwards, its line waits for confirmation again.',
        body: ConfirmBody,
        response: { 200: Confirmed },
      },
    },
    async (request) => ({ confirmed: await confirmLines(ctx.pool, await memberOf(request, ctx), request.body) }),
  );

  app.post(
    '/ledger/:id/dispute',
    {
      config: { access: 'ledger.confirm' },
      schema: {
        tags,
        summary: 'Dispute a line, with the reason',
        params: IdParams,
        body: DisputeBody,
        response: { 200: LedgerLine },
      },
    },
    async (request) => disputeLine(ctx.pool, await memberOf(request, ctx), request.params.id, request.body.reason),
  );

  app.post(
    '/ledger/:id/answer',
    {
      config: { access: 'duty.submit' },
      schema: {
        tags,
        summary: 'Answer to a dispute (contractor)',
        params: IdParams,
        body: AnswerBody,
        response: { 200: LedgerLine },
      },
    },
    async (request) => answerLine(ctx.pool, await memberOf(request, ctx), request.params.id, request.body.text),
  );

  app.get(
    '/ledger.csv',
    {
      config: { access: 'repair.read' },
      schema: {
        tags,
        summary: 'The ledger as CSV',
        querystring: ExportQuery,
        produces: ['text/csv'],
        response: { 200: Type.String({ description: 'UTF-8 with byte order mark' }) },
      },
    },
    async (request, reply) => {
      const [by, language] = [await memberOf(request, ctx), languageOf(request)];
      const lines = everyLine(ctx.pool, by, request.query, MAX_CSV_LINES);
      async function* rows(): AsyncGenerator<string[]> {
        yield [...columnsOf(language)];
        const names = await loadSeverityNames(ctx.pool);
        for await (const line of lines) yield rowOf(line, language, names).map(cellOf);
      }
      return sendCsv(reply, 'maintenance-ledger', rows());
    },
  );

  app.get(
    '/ledger.xlsx',
    {
      config: { access: 'repair.read' },
      schema: {
        tags,
        summary: 'The ledger as an Excel workbook; the newest 20,000 lines',
        querystring: ExportQuery,
        produces: [XLSX],
        response: { 200: Type.Unsafe<Buffer>({ type: 'string', format: 'binary' }) },
      },
    },
    async (request, reply) => {
      const [by, language] = [await memberOf(request, ctx), languageOf(request)];
      const rows: SheetCell[][] = [];
      const names = await loadSeverityNames(ctx.pool);
      for await (const line of everyLine(ctx.pool, by, request.query, MAX_SHEET_LINES))
        rows.push(rowOf(line, language, names));
      const sheet = { name: sheetName(language), columns: columnsOf(language), rows };
      return reply
        .header('content-type', XLSX)
        .header('content-disposition', 'attachment; filename="maintenance-ledger.xlsx"')
        .send(await workbookOf([sheet]));
    },
  );
});
