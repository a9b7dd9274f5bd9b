import { memberOf } from '../../exclusions/parties.ts';
import { capability } from '../../http/capability.ts';
import { IdParams } from '../../http/schemas.ts';
import { DecideInput, INPUT_ACTIONS, InputList, InputParams, InputQuery, MetricInput, NewInput } from './schemas.ts';
import { decideInput, listInputs, proposeInput } from './service.ts';

const tags = ['settlement'];
const write = { config: { access: 'settlement.write' } } as const;

/** Values that no record proves: one side states them with their source, the other agrees. */
export default capability('metric-inputs', async (app, { ctx }) => {
  app.get(
    '/contracts/:id/metric-inputs',
    {
      config: { access: 'settlement.read' },
      schema: {
        tags,
        summary: 'Values that people stated, newest first',
        params: IdParams,
        querystring: InputQuery,
        response: { 200: InputList },
      },
    },
    async (request) => listInputs(ctx.pool, await memberOf(request, ctx), request.params.id, request.query),
  );
  app.post(
    '/contracts/:id/metric-inputs',
    {
      ...write,
      schema: {
        tags,
        summary: 'State the value of a metric over a period',
        params: IdParams,
        body: NewInput,
        response: { 201: MetricInput },
      },
    },
    async (request, reply) => {
      const by = await memberOf(request, ctx);
      return reply.code(201).send(await proposeInput(ctx.pool, by, request.params.id, request.body));
    },
  );
  for (const action of INPUT_ACTIONS) {
    app.post(
      `/contracts/:id/metric-inputs/:iid/${action}`,
      {
        ...write,
        schema: {
          tags,
          summary: `The ${action === 'withdraw' ? 'same' : 'other'} side: ${action}`,
          params: InputParams,
          body: DecideInput,
          response: { 200: MetricInput },
        },
      },
      async (request) => {
        const { id, iid } = request.params;
        const by = await memberOf(request, ctx);
        return decideInput(ctx.pool, by, id, iid, { action, note: request.body.note });
      },
    );
  }
});
