import { capability } from '../../http/capability.ts';
import { expectedVersion, sendVersion } from '../../http/preconditions.ts';
import { IdParams } from '../../http/schemas.ts';
import { doerOf } from '../../registry/shared/doer.ts';
import {
  NewPart,
  Part,
  PartList,
  PartMinimum,
  PartMove,
  PartMovementPage,
  PartMovementQuery,
  PartPatch,
  PartQuery,
} from './schemas.ts';
import * as service from './service.ts';

const tags = ['stock'];
const read = { access: 'stock.read' } as const;
const plan = { access: 'stock.plan' } as const;
const params = IdParams;
const response = { 200: Part };

export default capability('parts', async (app, { ctx }) => {
  app.get(
    '/stock/parts',
    {
      config: read,
      schema: {
        tags,
        summary: 'Parts, and what the stores have of them',
        querystring: PartQuery,
        response: { 200: PartList },
      },
    },
    async (request) => service.listParts(ctx.pool, doerOf(request, ctx), request.query),
  );

  app.post(
    '/stock/parts',
    { config: plan, schema: { tags, summary: 'Add a part to the catalogue', body: NewPart, response: { 201: Part } } },
    async (request, reply) => {
      const part = await service.addPart(ctx.pool, doerOf(request, ctx), request.body);
      sendVersion(reply, part.version);
      return reply.code(201).send(part);
    },
  );

  app.patch(
    '/stock/parts/:id',
    { config: plan, schema: { tags, summary: 'Change a part of the catalogue', params, body: PartPatch, response } },
    async (request, reply) => {
      const by = doerOf(request, ctx);
      const part = await service.changePart(ctx.pool, by, request.params.id, request.body, expectedVersion(request));
      sendVersion(reply, part.version);
      return part;
    },
  );

  app.put(
    '/stock/parts/:id/minimum',
    {
      config: plan,
      schema: { tags, summary: 'Set how many a store should have', params, body: PartMinimum, response },
    },
    async (request) => service.changePartMinimum(ctx.pool, doerOf(request, ctx), request.params.id, request.body),
  );

  app.post(
    '/stock/parts/:id/movements',
    {
      config: { access: 'stock.write' },
      schema: { tags, summary: 'Parts come, go, or are counted', params, body: PartMove, response },
    },
    async (request) => service.moveParts(ctx.pool, doerOf(request, ctx), request.params.id, request.body),
  );

  app.get(
    '/stock/part-movements',
    {
      config: read,
      schema: {
        tags,
        summary: 'Where parts went, newest first',
        querystring: PartMovementQuery,
        response: { 200: PartMovementPage },
      },
    },
    async (request) => service.listPartMoves(ctx.pool, doerOf(request, ctx), request.query),
  );
});
