import { capability } from '../../http/capability.ts';
import { IdParams, NoContent } from '../../http/schemas.ts';
import { DeviceIdParams } from '../../registry/devices/schemas.ts';
import { doerOf } from '../../registry/shared/doer.ts';
import {
  Compatibility,
  CompatibleBody,
  MinimumBody,
  Moved,
  ReceiptBody,
  RetireBody,
  SparePage,
  SpareQuery,
  Stock,
  TransferBody,
} from './schemas.ts';
import * as service from './service.ts';

const tags = ['stock'];
const read = { access: 'stock.read' } as const;
const write = { access: 'stock.write' } as const;
const plan = { access: 'stock.plan' } as const;

export default capability('stock', async (app, { ctx }) => {
  app.get(
    '/stock',
    {
      config: read,
      schema: { tags, summary: 'Spares by store and model, with minimum levels', response: { 200: Stock } },
    },
    async (request) => service.readStock(ctx.pool, doerOf(request, ctx)),
  );

  app.get(
    '/stock/spares',
    {
      config: read,
      schema: {
        tags,
        summary: 'Devices that stand at no station: in stock, broken, at the repair centre',
        querystring: SpareQuery,
        response: { 200: SparePage },
      },
    },
    async (request) => service.listSpares(ctx.pool, doerOf(request, ctx), request.query),
  );

  app.put(
    '/stock/minimums',
    {
      config: plan,
      schema: {
        tags,
        summary: 'Set how many spares of a model a store should have',
        body: MinimumBody,
        response: { 204: NoContent },
      },
    },
    async (request, reply) => {
      await service.changeMinimum(ctx.pool, doerOf(request, ctx), request.body);
      return reply.code(204).send(null);
    },
  );

  app.get(
    '/stock/stand-ins',
    {
      config: read,
      schema: { tags, summary: 'Which models may stand in for which', response: { 200: Compatibility } },
    },
    async () => service.readCompatibility(ctx.pool),
  );

  app.put(
    '/stock/stand-ins/:id',
    {
      config: plan,
      schema: {
        tags,
        summary: 'Set the models that may stand in for a model',
        params: IdParams,
        body: CompatibleBody,
        response: { 200: Compatibility },
      },
    },
    async (request) =>
      service.changeStandIns(ctx.pool, doerOf(request, ctx), request.params.id, request.body.stand_in_ids),
  );

  app.post(
    '/stock/transfers',
    {
      config: write,
      schema: { tags, summary: 'Move spares to another store', body: TransferBody, response: { 200: Moved } },
    },
    async (request) => service.transfer(ctx.pool, doerOf(request, ctx), request.body),
  );

  app.post(
    '/stock/receipts',
    {
      config: write,
      schema: {
        tags,
        summary: 'Take new devices into a store',
        description: 'They are registered by their serials; each enrols with its serial when it is switched on.',
        body: ReceiptBody,
        response: { 200: Moved },
      },
    },
    async (request) => service.receive(ctx.pool, doerOf(request, ctx), request.body),
  );

  app.post(
    '/devices/:id/retire',
    {
      config: write,
      schema: { tags, summary: 'Retire a spare', params: DeviceIdParams, body: RetireBody, response: { 200: Moved } },
    },
    async (request) => service.retire(ctx.pool, doerOf(request, ctx), request.params.id, request.body.reason),
  );
});
