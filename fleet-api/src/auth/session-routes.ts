import type { FastifyReply } from 'fastify';
import { Type } from 'typebox';
import { actorOf, appendAudit } from '../audit/log.ts';
import type { AppContext } from '../context.ts';
import { inTransaction } from '../db/index.ts';
import { capability } from '../http/capability.ts';
import { apiError } from '../http/errors.ts';
import { Body, IdParams, NoContent } from '../http/schemas.ts';
import { callerOf } from './caller.ts';
import { SESSION_COOKIE } from './guard.ts';
import { PhantomLocks } from './lockout.ts';
import {
  Password,
  PasswordBody,
  ProfileBody,
  SessionAnswer,
  SessionRow,
  SignInBody,
  TotpCode,
  TotpSecret,
} from './schemas.ts';
import {
  beginTotp,
  changePassword,
  confirmTotp,
  describeSession,
  listSessions,
  ownSession,
  removeTotp,
} from './session-service.ts';
import { signIn } from './sign-in.ts';

const tags = ['session'];
/** Attempts from one address; accounts lock by themselves on top of it. */
const SIGN_IN_LIMIT = { max: 30, timeWindow: '1 minute' };

export default capability('session', async (app, { ctx }) => {
  const phantoms = new PhantomLocks();

  app.post(
    '/session',
    {
      config: { access: 'public', rateLimit: SIGN_IN_LIMIT },
      schema: { tags, summary: 'Sign in', body: SignInBody, response: { 200: SessionAnswer } },
    },
    async (request, reply) => {
      const { login, password, totp } = request.body;
      const { userId, token, expiresAt } = await signIn(ctx, phantoms, {
        login,
        password,
        totp: totp ?? null,
        ip: request.ip,
        userAgent: request.headers['user-agent'] ?? null,
      });
      setSessionCookie(reply, ctx, request.protocol, token, expiresAt);
      return { ...(await describeSession(ctx, userId, null)), expires_at: expiresAt };
    },
  );

  app.get(
    '/session',
    {
      config: { access: 'session' },
      schema: { tags, summary: 'Who is signed in', response: { 200: SessionAnswer } },
    },
    async (request) => {
      const { userId, via } = callerOf(request);
      return describeSession(ctx, userId, via.kind === 'session' ? via.tokenHash : null);
    },
  );

  app.patch(
    '/session',
    {
      config: { access: 'session' },
      schema: {
        tags,
        summary: 'Change own name, language or phone',
        body: ProfileBody,
        response: { 200: SessionAnswer },
      },
    },
    async (request) => {
      const { userId } = callerOf(request);
      const { name, lang, phone } = request.body;
      await ctx.pool.query(
        `update app_user set name = coalesce($2, name), lang = coalesce($3, lang),
           phone = case when $5 then $4 else phone end where id = $1`,
        [userId, name ?? null, lang ?? null, phone ?? null, phone !== undefined],
      );
      return describeSession(ctx, userId, ownSession(callerOf(request)));
    },
  );

  app.delete(
    '/session',
    { config: { access: 'session' }, schema: { tags, summary: 'Sign out', response: { 204: NoContent } } },
    async (request, reply) => {
      const tokenHash = ownSession(callerOf(request));
      await ctx.pool.query('delete from user_session where token_hash = $1', [tokenHash]);
      reply.clearCookie(SESSION_COOKIE, { path: '/' });
      return reply.code(204).send(null);
    },
  );

  app.post(
    '/session/password',
    {
      config: { access: 'session', rateLimit: { max: 10, timeWindow: '1 minute' }, idempotency: 'off' },
      schema: {
        tags,
        summary: 'Change own password; ends the other sessions',
        body: PasswordBody,
        response: { 204: NoContent },
      },
    },
    async (request, reply) => {
      await changePassword(ctx, request, request.body.current_password, request.body.new_password);
      return reply.code(204).send(null);
    },
  );

  app.post(
    '/session/totp',
    {
      config: { access: 'self.manage', secretAnswer: true },
      schema: { tags, summary: 'Begin to set up a second factor', response: { 200: TotpSecret } },
    },
    (request) => beginTotp(ctx, request),
  );

  app.post(
    '/session/totp/confirm',
    {
      config: { access: 'self.manage', rateLimit: { max: 10, timeWindow: '1 minute' } },
      schema: {
        tags,
        summary: 'Confirm it with a first code',
        body: Body({ code: TotpCode }),
        response: { 204: NoContent },
      },
    },
    async (request, reply) => {
      await confirmTotp(ctx, request, request.body.code);
      return reply.code(204).send(null);
    },
  );

  app.post(
    '/session/totp/remove',
    {
      config: { access: 'self.manage', rateLimit: { max: 10, timeWindow: '1 minute' }, idempotency: 'off' },
      schema: {
        tags,
        summary: 'Remove the second factor',
        body: Body({ password: Password }),
        response: { 204: NoContent },
      },
    },
    async (request, reply) => {
      await removeTotp(ctx, request, request.body.password);
      return reply.code(204).send(null);
    },
  );

  app.get(
    '/sessions',
    {
      config: { access: 'self.manage' },
      schema: { tags, summary: 'Own sessions', response: { 200: Type.Object({ items: Type.Array(SessionRow) }) } },
    },
    async (request) => {
      const { userId, via } = callerOf(request);
      const own = via.kind === 'session' ? via.tokenHash : null;
      return { items: await listSessions(ctx.pool, userId, own, new Date(ctx.clock())) };
    },
  );

  app.delete(
    '/sessions/:id',
    {
      config: { access: 'self.manage' },
      schema: { tags, summary: 'End one of the own sessions', params: IdParams, response: { 204: NoContent } },
    },
    async (request, reply) => {
      const { userId } = callerOf(request);
      await inTransaction(ctx.pool, async (client) => {
        const { rowCount } = await client.query('delete from user_session where id = $1 and user_id = $2', [
          request.params.id,
          userId,
        ]);
        if (rowCount !== 1) throw apiError('not_found');
        await appendAudit(client, new Date(ctx.clock()), {
          ...actorOf(request),
          action: 'session.ended',
          subject: `session:${request.params.id}`,
        });
      });
      return reply.code(204).send(null);
    },
  );
});

function setSessionCookie(reply: FastifyReply, ctx: AppContext, protocol: string, token: string, expires: Date): void {
  reply.setCookie(SESSION_COOKIE, token, {
    path: '/',
    httpOnly: true,
    sameSite: 'strict',
    secure: protocol === 'https' || (ctx.settings.publicUrl?.startsWith('https:') ?? false),
    expires,
  });
}
