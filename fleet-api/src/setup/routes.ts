import { Type } from 'typebox';
import { capability } from '../http/capability.ts';
import { isSetupNeeded } from './first-run.ts';

export default capability('setup', async (app, { ctx }) => {
  app.get(
    '/setup',
    {
      config: { access: 'public' },
      schema: {
        tags: ['session'],
        summary: 'Whether the first-run set-up is unfinished',
        response: { 200: Type.Object({ needed: Type.Boolean() }) },
      },
    },
    async () => ({ needed: await isSetupNeeded(ctx.pool) }),
  );
});
