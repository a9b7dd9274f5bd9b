import { Type } from 'typebox';
import { memberOf } from '../exclusions/parties.ts';
import { capability } from '../http/capability.ts';
import { expectedVersion, sendVersion } from '../http/preconditions.ts';
import { Id, IdParams } from '../http/schemas.ts';
import { DecideBody, EndBody, OrderDetail, PauseBody } from './detail-schemas.ts';
import { decidePause, endPause, proposePause } from './pauses.ts';

const tags = ['work orders'];
const response = { 200: OrderDetail };
const params = Type.Object({ id: Id, pause: Type.String({ pattern: '^p\\d{1,15}$' }) });

export default capability('work-order-pauses', async (app, { ctx }) => {
  app.post(
    '/orders/:id/pauses',
    {
      config: { access: 'fault.report' },
      schema: {
        tags,
        summary: 'Propose time that is not to count on the clocks',
        description:
          'By either side, with the reason, for the open faults of the order: from the opening on, and before the limit has ' +
          'passed. It counts once the other side approves it, then for all of the span.',
        params: IdParams,
        body: PauseBody,
        response,
      },
    },
    async (request, reply) => {
      const by = await memberOf(request, ctx);
      const order = await proposePause(ctx.pool, by, request.params.id, expectedVersion(request), request.body);
      sendVersion(reply, order.version);
      return order;
    },
  );

  for (const action of ['approve', 'reject'] as const) {
    app.post(
      `/orders/:id/pauses/:pause/${action}`,
      {
        config: { access: 'pause.decide' },
        schema: {
          tags,
          summary: `${action === 'approve' ? 'Approve' : 'Reject'} a pause that the other side proposed`,
          params,
          body: DecideBody,
          response,
        },
      },
      async (request, reply) => {
        const { id, pause } = request.params;
        const decision = { approve: action === 'approve', note: request.body.note };
        const by = await memberOf(request, ctx);
        const order = await decidePause(ctx.pool, by, id, pause, expectedVersion(request), decision);
        sendVersion(reply, order.version);
        return order;
      },
    );
  }

  app.post(
    '/orders/:id/pauses/:pause/end',
    {
      config: { access: 'fault.report' },
      schema: { tags, summary: 'Say that the cause of a pause is gone', params, body: EndBody, response },
    },
    async (request, reply) => {
      const { id, pause } = request.params;
      const by = await memberOf(request, ctx);
      const order = await endPause(ctx.pool, by, id, pause, expectedVersion(request), request.body.at);
      sendVersion(reply, order.version);
      return order;
    },
  );
});
