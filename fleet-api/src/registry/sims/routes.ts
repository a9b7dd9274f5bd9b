import { capability } from '../../http/capability.ts';
import { expectedVersion, sendVersion } from '../../http/preconditions.ts';
import { IdParams } from '../../http/schemas.ts';
import { doerOf } from '../shared/doer.ts';
import { NewSim, SimCard, SimPage, SimPatch, SimQuery } from './schemas.ts';
import { changeSim, createSim, getSim, listSims } from './service.ts';

const tags = ['sims'];

export default capability('sims', async (app, { ctx }) => {
  app.get(
    '/sims',
    {
      config: { access: 'fleet.read' },
      schema: { tags, summary: 'List SIM cards', querystring: SimQuery, response: { 200: SimPage } },
    },
    async (request) => listSims(ctx.pool, doerOf(request, ctx), request.query),
  );

  app.post(
    '/sims',
    {
      config: { access: 'registry.write' },
      schema: { tags, summary: 'Add a SIM card', body: NewSim, response: { 201: SimCard } },
    },
    async (request, reply) => {
      const sim = await createSim(ctx.pool, doerOf(request, ctx), request.body);
      sendVersion(reply, sim.version);
      return reply.code(201).send(sim);
    },
  );

  app.get(
    '/sims/:id',
    {
      config: { access: 'fleet.read' },
      schema: { tags, summary: 'One SIM card', params: IdParams, response: { 200: SimCard } },
    },
    async (request, reply) => {
      const sim = await getSim(ctx.pool, doerOf(request, ctx), request.params.id);
      sendVersion(reply, sim.version);
      return sim;
    },
  );

  app.patch(
    '/sims/:id',
    {
      config: { access: 'registry.write' },
      schema: { tags, summary: 'Change a SIM card', params: IdParams, body: SimPatch, response: { 200: SimCard } },
    },
    async (request, reply) => {
      const { id } = request.params;
      const sim = await changeSim(ctx.pool, doerOf(request, ctx), id, request.body, expectedVersion(request));
      sendVersion(reply, sim.version);
      return sim;
    },
  );
});
