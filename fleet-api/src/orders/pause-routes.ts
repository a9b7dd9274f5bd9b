import { Type } from 'typebox';
import { capability } from '../http/capability.ts';
import { versioned } from '../http/preconditions.ts';
import { Id, IdParams } from '../http/schemas.ts';
import { actorOf } from './actor.ts';
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
    async (request, reply) => versioned(reply, await proposePause(...(await actorOf(request, ctx)), request.body)),
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
        const [pool, by, id, version] = await actorOf(request, ctx);
        const decision = { approve: action === 'approve', note: request.body.note };
        return versioned(reply, await decidePause(pool, by, id, request.params.pause, version, decision));
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
      const [pool, by, id, version] = await actorOf(request, ctx);
      return versioned(reply, await endPause(pool, by, id, request.params.pause, version, request.body.at));
    },
  );
});
