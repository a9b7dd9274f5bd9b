import { capability } from '../http/capability.ts';
import { IdParams, NoContent } from '../http/schemas.ts';
import { doerOf } from '../registry/shared/doer.ts';
import { NewSuspension, Suspension, SuspensionPage, SuspensionPatch, SuspensionQuery } from './schemas.ts';
import { changeSuspension, deleteSuspension, listSuspensions, suspendStation } from './service.ts';

const tags = ['stations'];
const params = IdParams;

export default capability('suspensions', async (app, { ctx }) => {
  app.get(
    '/stations/:id/suspensions',
    {
      config: { access: 'availability.read' },
      schema: {
        tags,
        summary: 'When a station was not required',
        params,
        querystring: SuspensionQuery,
        response: { 200: SuspensionPage },
      },
    },
    async (request) => listSuspensions(ctx.pool, doerOf(request, ctx), request.params.id, request.query),
  );

  app.post(
    '/stations/:id/suspensions',
    {
      config: { access: 'suspension.write' },
      schema: {
        tags,
        summary: 'Suspend a station',
        description:
          'None of the time counts, whatever the contract. It needs no consent, so only people of an agency or of the operator of ' +
          'the platform may; a contractor proposes an exclusion instead. Refused if it overlaps another suspension of the station ' +
          'or touches a closed period of any of its contracts.',
        params,
        body: NewSuspension,
        response: { 201: Suspension },
      },
    },
    async (request, reply) =>
      reply.code(201).send(await suspendStation(ctx.pool, doerOf(request, ctx), request.params.id, request.body)),
  );

  app.patch(
    '/suspensions/:id',
    {
      config: { access: 'suspension.write' },
      schema: {
        tags,
        summary: 'Change or end a suspension',
        description: 'What it adds or takes away must lie in open periods; what stays may reach into closed ones.',
        params,
        body: SuspensionPatch,
        response: { 200: Suspension },
      },
    },
    async (request) => changeSuspension(ctx.pool, doerOf(request, ctx), request.params.id, request.body),
  );

  app.delete(
    '/suspensions/:id',
    {
      config: { access: 'suspension.write' },
      schema: { tags, summary: 'Take a suspension back', params, response: { 204: NoContent } },
    },
    async (request, reply) => {
      await deleteSuspension(ctx.pool, doerOf(request, ctx), request.params.id);
      return reply.code(204).send(null);
    },
  );
});
