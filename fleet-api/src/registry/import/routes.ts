import { Type } from 'typebox';
import { callerOf } from '../../auth/caller.ts';
import { isAllowed } from '../../auth/permissions.ts';
import { answering } from '../../files/index.ts';
import { capability } from '../../http/capability.ts';
import { apiError } from '../../http/errors.ts';
import { exportRows, templateRows } from '../export/service.ts';
import { languageOf, sendCsv } from '../shared/csv.ts';
import { doerOf } from '../shared/doer.ts';
import { ImportParams, ImportQuery, ImportReport } from './schemas.ts';
import { importFile } from './service.ts';
import { MAX_BYTES, withUpload } from './upload.ts';

const Csv = Type.String({ description: 'UTF-8 with byte order mark' });

export default capability('imports', async (app, { ctx }) => {
  app.addContentTypeParser('text/csv', (_request, payload, done) => done(null, payload));

  app.post(
    '/imports/:kind',
    {
      bodyLimit: MAX_BYTES,
      config: { access: 'registry.import', idempotency: 'off' },
      schema: {
        tags: ['import'],
        summary: 'Import a CSV file (form file or body), wholly or not at all',
        consumes: ['multipart/form-data', 'text/csv'],
        params: ImportParams,
        querystring: ImportQuery,
        response: { 200: ImportReport },
      },
    },
    (request, reply) =>
      answering(request, reply, async () => {
        const { kind } = request.params;
        if (kind === 'regions' && !isAllowed(callerOf(request).role, 'catalogue.write')) throw apiError('forbidden');
        const options = { kind, dryRun: request.query.dry_run ?? false, language: languageOf(request) };
        return withUpload(request, (path) => importFile(ctx.pool, doerOf(request, ctx), { ...options, path }));
      }),
  );

  app.get(
    '/imports/templates/:kind.csv',
    {
      config: { access: 'fleet.read' },
      schema: {
        tags: ['import'],
        summary: 'An empty table with examples',
        params: ImportParams,
        produces: ['text/csv'],
        response: { 200: Csv },
      },
    },
    async (request, reply) => {
      const { kind } = request.params;
      return sendCsv(reply, kind, templateRows(kind, languageOf(request)));
    },
  );

  app.get(
    '/export/:kind.csv',
    {
      config: { access: 'fleet.read' },
      schema: {
        tags: ['import'],
        summary: 'A table that can be imported again',
        params: ImportParams,
        produces: ['text/csv'],
        response: { 200: Csv },
      },
    },
    async (request, reply) => {
      const { kind } = request.params;
      const { scope } = doerOf(request, ctx);
      return sendCsv(reply, kind, exportRows(ctx.pool, scope, kind, languageOf(request)));
    },
  );
});
