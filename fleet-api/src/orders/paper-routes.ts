import { Type } from 'typebox';
import { memberOf } from '../exclusions/parties.ts';
import { FileContent } from '../files/index.ts';
import { capability } from '../http/capability.ts';
import { IdParams } from '../http/schemas.ts';
import { renderPdf, workbookOf, XLSX } from '../print/index.ts';
import { languageOf, sendCsv } from '../registry/shared/csv.ts';
import { orderNumber } from '../repair/numbers.ts';
import { orderRows, orderSheet } from './export.ts';
import { OrderFilters } from './schemas.ts';
import { sheetOf } from './sheet.ts';

const tags = ['work orders'];
const config = { access: 'repair.read' } as const;

export default capability('work-order-papers', async (app, { ctx }) => {
  app.get(
    '/orders/:id/sheet.pdf',
    {
      config: { ...config, rateLimit: { max: 30, timeWindow: '1 minute' } },
      schema: {
        tags,
        summary: 'The service sheet of an order as PDF',
        params: IdParams,
        produces: ['application/pdf'],
        response: { 200: FileContent },
      },
    },
    async (request, reply) => {
      const { id } = request.params;
      const sheet = await sheetOf(ctx.pool, await memberOf(request, ctx), id, languageOf(request));
      return reply
        .header('content-type', 'application/pdf')
        .header('content-disposition', `inline; filename="${orderNumber(id)}.pdf"`)
        .send(await renderPdf(sheet));
    },
  );

  app.get(
    '/orders.csv',
    {
      config,
      schema: {
        tags,
        summary: 'Work orders as CSV, newest first',
        querystring: OrderFilters,
        produces: ['text/csv'],
        response: { 200: Type.String({ description: 'UTF-8 with byte order mark' }) },
      },
    },
    async (request, reply) => {
      const by = await memberOf(request, ctx);
      return sendCsv(reply, 'work-orders', orderRows(ctx.pool, by, request.query, languageOf(request)));
    },
  );

  app.get(
    '/orders.xlsx',
    {
      config,
      schema: {
        tags,
        summary: 'Work orders as an Excel workbook, newest first; at most 50,000 rows',
        querystring: OrderFilters,
        produces: [XLSX],
        response: { 200: FileContent },
      },
    },
    async (request, reply) => {
      const by = await memberOf(request, ctx);
      const sheet = await orderSheet(ctx.pool, by, request.query, languageOf(request));
      return reply
        .header('content-type', XLSX)
        .header('content-disposition', 'attachment; filename="work-orders.xlsx"')
        .send(await workbookOf([sheet]));
    },
  );
});
