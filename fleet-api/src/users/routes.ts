import type { FastifyRequest } from 'fastify';
import { callerOf } from '../auth/caller.ts';
import type { AppContext } from '../context.ts';
import { capability } from '../http/capability.ts';
import { cursorFrom, DEFAULT_LIMIT, pageOf } from '../http/paging.ts';
import { expectedVersion, sendVersion } from '../http/preconditions.ts';
import { IdParams, NoContent, Page } from '../http/schemas.ts';
import { selectUsers } from './queries.ts';
import { visibleOrg } from './rules.ts';
import { CreatedUser, NewUser, PasswordReset, User, UserChange, UserQuery } from './schemas.ts';
import { changeUser, createUser, endUserSessions, readUser, resetPassword, resetTotp, unlockUser } from './service.ts';

const tags = ['users'];
const SORT = 'login';

export default capability('users', async (app, { ctx }) => {
  app.get(
    '/users',
    {
      config: { access: 'user.read' },
      schema: {
        tags,
        summary: 'People; those of the own organisation for anybody but administrators',
        querystring: UserQuery,
        response: { 200: Page(User) },
      },
    },
    async (request) => {
      const limit = request.query.limit ?? DEFAULT_LIMIT;
      const after = cursorFrom(request.query.cursor, SORT, 1);
      const query = { ...request.query, limit };
      const rows = await selectUsers(ctx.pool, new Date(ctx.clock()), visibleOrg(callerOf(request)), query, after);
      return pageOf(rows, limit, SORT, (user) => [user.login]);
    },
  );

  app.post(
    '/users',
    {
      config: { access: 'user.write', secretAnswer: true },
      schema: { tags, summary: 'Create a person', body: NewUser, response: { 201: CreatedUser } },
    },
    async (request, reply) => reply.code(201).send(await createUser(ctx, request, request.body)),
  );

  app.get(
    '/users/:id',
    {
      config: { access: 'user.read' },
      schema: { tags, summary: 'One person', params: IdParams, response: { 200: User } },
    },
    async (request, reply) => {
      const user = await readUser(ctx, request, request.params.id);
      sendVersion(reply, user.version);
      return user;
    },
  );

  app.patch(
    '/users/:id',
    {
      config: { access: 'user.write' },
      schema: {
        tags,
        summary: 'Change name, role, organisation, regions; disable or enable',
        params: IdParams,
        body: UserChange,
        response: { 200: User },
      },
    },
    async (request, reply) => {
      const user = await changeUser(ctx, request, request.params.id, request.body, expectedVersion(request));
      sendVersion(reply, user.version);
      return user;
    },
  );

  app.post(
    '/users/:id/reset-password',
    {
      config: { access: 'user.write', secretAnswer: true },
      schema: { tags, summary: 'Give a one-time password', params: IdParams, response: { 200: PasswordReset } },
    },
    (request) => resetPassword(ctx, request, request.params.id),
  );

  const acts = [
    ['POST', '/users/:id/unlock', 'End a lock after failed attempts', unlockUser],
    ['POST', '/users/:id/reset-totp', 'Take a lost second factor away', resetTotp],
    ['DELETE', '/users/:id/sessions', 'Sign a person out everywhere', endUserSessions],
  ] as const satisfies readonly (readonly [string, string, string, Act])[];
  for (const [method, url, summary, act] of acts) {
    app.route({
      method,
      url,
      config: { access: 'user.write' },
      schema: { tags, summary, params: IdParams, response: { 204: NoContent } },
      handler: async (request, reply) => {
        await act(ctx, request, request.params.id);
        return reply.code(204).send(null);
      },
    });
  }
});

type Act = (ctx: AppContext, request: FastifyRequest, id: number) => Promise<void>;
