import { Type } from 'typebox';
import type { AppContext } from '../context.ts';
import { type App, capability } from '../http/capability.ts';
import { apiError } from '../http/errors.ts';
import { NoContent } from '../http/schemas.ts';
import { applyReport } from './status.ts';
import { signatureMatches, twilioSignature } from './twilio-signature.ts';

/** Largest form that a delivery report can sensibly be, bytes. */
const FORM_BYTES = 16 * 1024;

/** Where Twilio, or the local server in its place, reports what became of a message. Believed only with its signature. */
export default capability('sms-status', async (app, { ctx }) => {
  await app.register(async (scope) => statusRoute(scope as App, ctx));
});

/** In a scope of its own, since forms are understood here only. */
function statusRoute(app: App, ctx: AppContext): void {
  app.addContentTypeParser(
    'application/x-www-form-urlencoded',
    { parseAs: 'string', bodyLimit: FORM_BYTES },
    async (_request: unknown, body: string) => Object.fromEntries(new URLSearchParams(body)),
  );
  app.post(
    '/twilio/status',
    {
      config: { access: 'public', idempotency: 'off' },
      schema: {
        tags: ['alerts'],
        summary: 'Delivery report of the SMS provider, signed by it',
        headers: Type.Object({ 'x-twilio-signature': Type.Optional(Type.String({ maxLength: 100 })) }),
        querystring: Type.Object({ n: Type.Optional(Type.String({ maxLength: 32 })) }),
        body: Type.Record(Type.String({ maxLength: 64 }), Type.String({ maxLength: 4096 })),
        response: { 204: NoContent },
      },
    },
    async (request, reply) => {
      const token = ctx.settings.smsAuthToken ?? null;
      const given = request.headers['x-twilio-signature'] ?? '';
      const origins = [ctx.settings.publicUrl?.replace(/\/$/, ''), `${request.protocol}://${request.host}`];
      const genuine = origins.some(
        (origin) =>
          origin !== undefined &&
          token !== null &&
          signatureMatches(given, twilioSignature(token, `${origin}${request.url}`, request.body)),
      );
      if (!genuine) throw apiError('unauthenticated', 'The signature does not fit');
      const { MessageSid: sid, MessageStatus: status, ErrorCode: errorCode } = request.body;
      if (sid === undefined || status === undefined)
        throw apiError('invalid_request', 'No MessageSid or MessageStatus');
      await applyReport(ctx.pool, {
        sid: sid.slice(0, 64),
        status,
        errorCode: errorCode?.slice(0, 16) ?? null,
        ref: request.query.n ?? null,
        atMs: ctx.clock(),
      });
      return reply.code(204).send(null);
    },
  );
}
