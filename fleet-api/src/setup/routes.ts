import { Type } from 'typebox';
import { callerOf } from '../auth/caller.ts';
import { Password, SessionAnswer } from '../auth/schemas.ts';
import { describeSession, ownSession } from '../auth/session-service.ts';
import { capability } from '../http/capability.ts';
import { Body, text } from '../http/schemas.ts';
import { finishSetup } from './first-run.ts';
import { isSetupNeeded } from './state.ts';

const tags = ['session'];

export default capability('setup', async (app, { ctx }) => {
  app.get(
    '/setup',
    {
      config: { access: 'public' },
      schema: {
        tags,
        summary: 'Whether the first run is unfinished',
        description: 'If so: sign in as `admin` with the one-time password that the server printed, then POST /setup.',
        response: { 200: Type.Object({ needed: Type.Boolean() }) },
      },
    },
    async () => ({ needed: await isSetupNeeded(ctx.pool) }),
  );

  app.post(
    '/setup',
    {
      config: { access: 'session', idempotency: 'off' },
      schema: {
        tags,
        summary: 'Finish the first run',
        body: Body({ org_name: text(80), name: Type.Optional(text(80)), new_password: Type.Optional(Password) }),
        response: { 200: SessionAnswer },
      },
    },
    async (request) => {
      await finishSetup(ctx, request, request.body);
      const caller = callerOf(request);
      return describeSession(ctx, caller.userId, ownSession(caller));
    },
  );
});
