import { capability } from '../../http/capability.ts';
import { DEFAULT_LIMIT } from '../../http/paging.ts';
import { doerOf } from '../../registry/shared/doer.ts';
import { MovementPage, MovementQuery } from './schemas.ts';
import { selectMovements } from './sql.ts';

export default capability('stock-movements', async (app, { ctx }) => {
  app.get(
    '/stock/movements',
    {
      config: { access: 'stock.read' },
      schema: {
        tags: ['stock'],
        summary: 'Where devices went, newest first',
        querystring: MovementQuery,
        response: { 200: MovementPage },
      },
    },
    async (request) =>
      selectMovements(ctx.pool, doerOf(request, ctx).scope, request.query, request.query.limit ?? DEFAULT_LIMIT),
  );
});
