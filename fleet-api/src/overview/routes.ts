import { callerOf } from '../auth/caller.ts';
import { scopeOf } from '../auth/scope.ts';
import { capability } from '../http/capability.ts';
import { Overview } from './schemas.ts';
import { overviewOf } from './service.ts';

export default capability('overview', async (app, { ctx }) => {
  app.get(
    '/overview',
    {
      config: { access: 'fleet.read' },
      schema: {
        tags: ['overview'],
        summary: 'What needs a person now, and the state of the whole',
        response: { 200: Overview },
      },
    },
    async (request) => overviewOf(ctx.pool, scopeOf(callerOf(request)), ctx.clock()),
  );
});
