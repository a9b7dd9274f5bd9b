import { Type } from 'typebox';
import { memberOf } from '../exclusions/parties.ts';
import { FileContent, MEDIA_TYPES, readFile, sendFile } from '../files/index.ts';
import { capability } from '../http/capability.ts';
import { apiError } from '../http/errors.ts';
import { Id, IdParams } from '../http/schemas.ts';
import { workbookOf, XLSX } from '../print/index.ts';
import { languageOf, sendCsv } from '../registry/shared/csv.ts';
import { faultRows, faultSheet } from './export.ts';
import { countFaults } from './list-sql.ts';
import * as schemas from './schemas.ts';
import * as service from './service.ts';
import { changeSeverity, decideSeverity } from './severity.ts';

const tags = ['faults'];
const params = IdParams;
const read = { access: 'repair.read' } as const;
const manage = { access: 'order.manage' } as const;
const response = { 200: schemas.FaultDetail };

export default capability('faults', async (app, { ctx }) => {
  app.get(
    '/faults',
    {
      config: read,
      schema: { tags, summary: 'List faults', querystring: schemas.FaultQuery, response: { 200: schemas.FaultPage } },
    },
    async (request) => service.listFaults(ctx.pool, await memberOf(request, ctx), request.query),
  );

  app.get(
    '/faults/count',
    {
      config: read,
      schema: {
        tags,
        summary: 'Count faults',
        querystring: schemas.FaultFilters,
        response: { 200: schemas.FaultCount },
      },
    },
    async (request) => countFaults(ctx.pool, await memberOf(request, ctx), request.query),
  );

  app.get(
    '/faults.csv',
    {
      config: read,
      schema: {
        tags,
        summary: 'Faults as CSV',
        querystring: schemas.FaultFilters,
        produces: ['text/csv'],
        response: { 200: Type.String({ description: 'UTF-8 with byte order mark' }) },
      },
    },
    async (request, reply) => {
      const by = await memberOf(request, ctx);
      return sendCsv(reply, 'faults', faultRows(ctx.pool, by, request.query, languageOf(request)));
    },
  );

  app.get(
    '/faults.xlsx',
    {
      config: read,
      schema: {
        tags,
        summary: 'Faults as an Excel workbook; at most 50,000 rows',
        querystring: schemas.FaultFilters,
        produces: [XLSX],
        response: { 200: Type.Unsafe<Buffer>({ type: 'string', format: 'binary' }) },
      },
    },
    async (request, reply) => {
      const by = await memberOf(request, ctx);
      const sheet = await faultSheet(ctx.pool, by, request.query, languageOf(request));
      return reply
        .header('content-type', XLSX)
        .header('content-disposition', 'attachment; filename="faults.xlsx"')
        .send(await workbookOf([sheet]));
    },
  );

  app.post(
    '/faults',
    {
      config: { access: 'fault.report' },
      schema: {
        tags,
        summary: 'Report a fault, e.g. one told by phone',
        description:
          'One that is known already takes the report as a further voice. Otherwise it is opened and gets a work order.',
        body: schemas.NewReport,
        response: { 201: schemas.Reported },
      },
    },
    async (request, reply) =>
      reply.code(201).send(await service.reportFault(ctx.pool, await memberOf(request, ctx), request.body)),
  );

  app.get(
    '/faults/:id',
    { config: read, schema: { tags, summary: 'One fault with its clocks and evidence', params, response } },
    async (request) => service.getFault(ctx.pool, await memberOf(request, ctx), request.params.id),
  );

  app.get(
    '/faults/:id/files/:fid',
    {
      config: read,
      schema: {
        tags,
        summary: 'A photo that came with a report',
        params: Type.Object({ id: Id, fid: Id }),
        produces: [...MEDIA_TYPES],
        response: { 200: FileContent },
      },
    },
    async (request, reply) => {
      const { id, fid } = request.params;
      await service.getFault(ctx.pool, await memberOf(request, ctx), id);
      const file = await readFile(ctx.pool, service.subjectOf(id), fid);
      if (file === null) throw apiError('not_found');
      return sendFile(reply, file);
    },
  );

  app.post(
    '/faults/:id/severity',
    {
      config: manage,
      schema: {
        tags,
        summary: 'Set another severity, or propose it',
        description:
          'Open clocks are computed anew from the opening on; what has ended stays judged as it was. What would give more time is ' +
          'only proposed by the contractor (`severity_proposal` of the answer): it holds once the agency approves it.',
        params,
        body: schemas.SeverityBody,
        response,
      },
    },
    async (request) => changeSeverity(ctx.pool, await memberOf(request, ctx), request.params.id, request.body),
  );

  const decisions = {
    approve: 'Approve the severity that the other side proposed',
    reject: 'Reject the severity that the other side proposed',
    withdraw: 'Take back the severity that the own organisation proposed',
  } as const;
  for (const decision of ['approve', 'reject', 'withdraw'] as const) {
    app.post(
      `/faults/:id/severity/${decision}`,
      {
        config: { access: 'pause.decide' },
        schema: { tags, summary: decisions[decision], params, body: schemas.DecideSeverityBody, response },
      },
      async (request) => {
        const { note } = request.body;
        return decideSeverity(ctx.pool, await memberOf(request, ctx), request.params.id, { decision, note });
      },
    );
  }

  app.post(
    '/faults/:id/cancel',
    {
      config: { access: 'fault.report' },
      schema: {
        tags,
        summary: 'Withdraw a fault: there was none',
        description:
          'Takes it out of the figures, so the agency does it; where a contract has none, a manager of the contractor.',
        params,
        body: schemas.CancelBody,
        response,
      },
    },
    async (request) =>
      service.cancelFault(ctx.pool, await memberOf(request, ctx), request.params.id, request.body.reason),
  );

  app.post(
    '/faults/:id/merge',
    {
      config: manage,
      schema: {
        tags,
        summary: 'Merge duplicates',
        description:
          'Open ones of one site. The one that began first holds the others, whichever is named; it is the answer.',
        params,
        body: schemas.MergeBody,
        response,
      },
    },
    async (request) =>
      service.mergeFaults(ctx.pool, await memberOf(request, ctx), request.params.id, request.body.fault_ids),
  );

  app.post(
    '/faults/:id/unmerge',
    {
      config: { access: 'pause.decide' },
      schema: { tags, summary: 'Take the merge of a duplicate back, by either side', params, response },
    },
    async (request) => service.unmergeFault(ctx.pool, await memberOf(request, ctx), request.params.id),
  );

  app.post(
    '/orders/:id/split',
    {
      config: manage,
      schema: {
        tags,
        summary: 'Take faults off an order into one of their own',
        params,
        body: schemas.SplitBody,
        response: { 200: schemas.SplitAnswer },
      },
    },
    async (request) =>
      service.splitFaults(ctx.pool, await memberOf(request, ctx), request.params.id, request.body.fault_ids),
  );
});
