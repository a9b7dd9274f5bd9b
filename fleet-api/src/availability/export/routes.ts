import { Type } from 'typebox';
import { capability } from '../../http/capability.ts';
import { workbookOf, XLSX } from '../../print/workbook.ts';
import { languageOf, sendCsv } from '../../registry/shared/csv.ts';
import { viewerOf } from '../contracts/viewer.ts';
import { ExportQuery } from '../figures/schemas.ts';
import { csvRows, tableOf } from './table.ts';

const tags = ['availability'];
const config = { access: 'availability.read' } as const;

export default capability('availability-exports', async (app, { ctx }) => {
  app.get(
    '/availability.csv',
    {
      config,
      schema: {
        tags,
        summary: 'Figures as CSV',
        querystring: ExportQuery,
        produces: ['text/csv'],
        response: { 200: Type.String({ description: 'UTF-8 with byte order mark' }) },
      },
    },
    async (request, reply) => {
      const asked = { db: ctx.pool, viewer: viewerOf(request), nowMs: ctx.clock() };
      const table = await tableOf(asked, request.query, languageOf(request));
      return sendCsv(reply, table.fileName, csvRows(table));
    },
  );

  app.get(
    '/availability.xlsx',
    {
      config,
      schema: {
        tags,
        summary: 'Figures as an Excel workbook',
        querystring: ExportQuery,
        produces: [XLSX],
        response: { 200: Type.Unsafe<Buffer>({ type: 'string', format: 'binary' }) },
      },
    },
    async (request, reply) => {
      const asked = { db: ctx.pool, viewer: viewerOf(request), nowMs: ctx.clock() };
      const table = await tableOf(asked, request.query, languageOf(request));
      return reply
        .header('content-type', XLSX)
        .header('content-disposition', `attachment; filename="${table.fileName}.xlsx"`)
        .send(await workbookOf([{ ...table, name: table.sheet }]));
    },
  );
});
