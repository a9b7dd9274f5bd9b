import { callerOf } from '../../auth/caller.ts';
import { requireAccess } from '../../auth/guard.ts';
import { capability } from '../../http/capability.ts';
import { IdParams } from '../../http/schemas.ts';
import { doerOf } from '../../registry/shared/doer.ts';
import { ReplaceBody, Replaced, Replacement } from './schemas.ts';
import { readReplacement, replace } from './service.ts';

const tags = ['stock'];

export default capability('replace', async (app, { ctx }) => {
  app.get(
    '/stations/:id/replacement',
    {
      config: { access: 'stock.read' },
      schema: {
        tags,
        summary: 'What it takes to replace the device of a station: spares that fit, open orders',
        params: IdParams,
        response: { 200: Replacement },
      },
    },
    async (request) => readReplacement(ctx.pool, doerOf(request, ctx), request.params.id),
  );

  app.post(
    '/stations/:id/replace',
    {
      config: { access: 'stock.write' },
      schema: {
        tags,
        summary: 'Replace the device of a station by a spare, in one act',
        description:
          'Installations, life-cycles, the ledger of movements, the check that the old device is wiped and, with a work order, its ' +
          'story and the clock of temporary restoration change together or not at all. If another device stands there by now than ' +
          'the caller saw, it is refused with conflict.',
        params: IdParams,
        body: ReplaceBody,
        response: { 200: Replaced },
      },
    },
    async (request) => {
      // It tells the clocks of the order that service is restored: that is a matter between the parties.
      if (request.body.work_order_id !== undefined) requireAccess(callerOf(request), 'order.work');
      return replace(ctx.pool, doerOf(request, ctx), request.params.id, request.body);
    },
  );
});
