import { Type } from 'typebox';
import { capability } from '../../http/capability.ts';
import { versioned } from '../../http/preconditions.ts';
import { Body, Id, IdParams } from '../../http/schemas.ts';
import { actorOf } from '../../orders/actor.ts';
import { OrderDetail } from '../../orders/detail-schemas.ts';
import { giveBack, take } from './order.ts';

const tags = ['orders'];
const config = { access: 'order.work' } as const;
const response = { 200: OrderDetail };
const TakeBody = Body({ part_id: Id, region_id: Id, qty: Type.Integer({ minimum: 1, maximum: 9999 }) });

export default capability('order-store-parts', async (app, { ctx }) => {
  app.post(
    '/orders/:id/store-parts',
    {
      config,
      schema: { tags, summary: 'Take a part out of a store for an order', params: IdParams, body: TakeBody, response },
    },
    async (request, reply) => versioned(reply, await take(...(await actorOf(request, ctx)), request.body)),
  );

  app.delete(
    '/orders/:id/store-parts/:line',
    {
      config,
      schema: {
        tags,
        summary: 'Give a part back to the store that it was taken from',
        params: Type.Object({ id: Id, line: Id }),
        response,
      },
    },
    async (request, reply) => {
      const [pool, by, id, version] = await actorOf(request, ctx);
      return versioned(reply, await giveBack(pool, by, id, request.params.line, version));
    },
  );
});
