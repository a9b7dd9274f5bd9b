import { callerOf } from '../../auth/caller.ts';
import { capability } from '../../http/capability.ts';
import { IdParams } from '../../http/schemas.ts';
import { doerOf } from '../../registry/shared/doer.ts';
import { viewerOf } from '../contracts/viewer.ts';
import { Closing, ClosingDetail, ClosingList, ClosingParams, ClosingQuery, NewClosing } from './schemas.ts';
import { closePeriod, closingDetail, listClosings } from './service.ts';

const tags = ['availability'];
const config = { access: 'availability.read' } as const;

export default capability('closings', async (app, { ctx }) => {
  app.get(
    '/contracts/:id/closings',
    {
      config,
      schema: { tags, summary: 'Closed periods, newest first', params: IdParams, response: { 200: ClosingList } },
    },
    async (request) => ({ items: await listClosings(ctx.pool, viewerOf(request), request.params.id) }),
  );

  app.post(
    '/contracts/:id/closings',
    {
      config: { access: 'period.close' },
      schema: {
        tags,
        summary: 'Close a period: its figures no longer change',
        description:
          'By an administrator, or a manager or auditor of a party, who sees all regions of the contract; once the period and the time given to late evidence are over.',
        params: IdParams,
        body: NewClosing,
        response: { 201: Closing },
      },
    },
    async (request, reply) => {
      const by = { ...doerOf(request, ctx), viewer: viewerOf(request), role: callerOf(request).role };
      return reply.code(201).send(await closePeriod(ctx.pool, by, request.params.id, request.body.period));
    },
  );

  app.get(
    '/contracts/:id/closings/:cid',
    {
      config,
      schema: {
        tags,
        summary: 'A closed period, and what evidence has changed since',
        params: ClosingParams,
        querystring: ClosingQuery,
        response: { 200: ClosingDetail },
      },
    },
    async (request) => {
      const { id, cid } = request.params;
      return closingDetail(ctx.pool, viewerOf(request), { contractId: id, closingId: cid, ...request.query });
    },
  );
});
