import { capability } from '../../http/capability.ts';
import { IdParams } from '../../http/schemas.ts';
import { doerOf } from '../shared/doer.ts';
import { Model, ModelList, ModelPatch, NewModel } from './schemas.ts';
import { changeModel, createModel, listModels } from './service.ts';

const tags = ['models'];

export default capability('models', async (app, { ctx }) => {
  app.get(
    '/models',
    {
      config: { access: 'fleet.read' },
      schema: { tags, summary: 'Device models', response: { 200: ModelList } },
    },
    async (request) => ({ items: await listModels(ctx.pool, doerOf(request, ctx).scope) }),
  );

  app.post(
    '/models',
    {
      config: { access: 'catalogue.write' },
      schema: { tags, summary: 'Add a model', body: NewModel, response: { 201: Model } },
    },
    async (request, reply) => reply.code(201).send(await createModel(ctx.pool, doerOf(request, ctx), request.body)),
  );

  app.patch(
    '/models/:id',
    {
      config: { access: 'catalogue.write' },
      schema: { tags, summary: 'Change a model', params: IdParams, body: ModelPatch, response: { 200: Model } },
    },
    async (request) => changeModel(ctx.pool, doerOf(request, ctx), request.params.id, request.body),
  );
});
