import { Type } from 'typebox';
import { capability } from '../../http/capability.ts';
import { Id, IdParams, NoContent } from '../../http/schemas.ts';
import { doerOf } from '../shared/doer.ts';
import { NewRegion, RegionList, RegionPatch } from './schemas.ts';
import { changeRegion, createRegion, listRegions, removeRegion } from './service.ts';

const tags = ['regions'];

export default capability('regions', async (app, { ctx }) => {
  app.get(
    '/regions',
    {
      config: { access: 'fleet.read' },
      schema: { tags, summary: 'The tree of regions with counts, parents first', response: { 200: RegionList } },
    },
    async (request) => ({ items: await listRegions(ctx.pool, doerOf(request, ctx).scope) }),
  );

  app.post(
    '/regions',
    {
      config: { access: 'catalogue.write' },
      schema: { tags, summary: 'Add a region', body: NewRegion, response: { 201: Type.Object({ id: Id }) } },
    },
    async (request, reply) =>
      reply.code(201).send({ id: await createRegion(ctx.pool, doerOf(request, ctx), request.body) }),
  );

  app.patch(
    '/regions/:id',
    {
      config: { access: 'catalogue.write' },
      schema: {
        tags,
        summary: 'Rename or re-order a region',
        params: IdParams,
        body: RegionPatch,
        response: { 204: NoContent },
      },
    },
    async (request, reply) => {
      await changeRegion(ctx.pool, doerOf(request, ctx), request.params.id, request.body);
      return reply.code(204).send(null);
    },
  );

  app.delete(
    '/regions/:id',
    {
      config: { access: 'catalogue.write' },
      schema: { tags, summary: 'Delete an unused region', params: IdParams, response: { 204: NoContent } },
    },
    async (request, reply) => {
      await removeRegion(ctx.pool, doerOf(request, ctx), request.params.id);
      return reply.code(204).send(null);
    },
  );
});
