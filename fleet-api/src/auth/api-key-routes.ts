import { Type } from 'typebox';
import { actorOf, appendAudit } from '../audit/log.ts';
import { inTransaction } from '../db/index.ts';
import { capability } from '../http/capability.ts';
import { apiError } from '../http/errors.ts';
import { IdParams, NoContent } from '../http/schemas.ts';
import { callerOf } from './caller.ts';
import { API_KEY_PREFIX, hashSecret, newSecret } from './credentials.ts';
import { ApiKeyBody, ApiKeyRow, NewApiKey } from './schemas.ts';
import { ownSession } from './session-service.ts';

const tags = ['api-keys'];

/** Keys for programs. A key has the rights of the person who made it, at any time; administrators see and revoke all. */
export default capability('api-keys', async (app, { ctx }) => {
  app.get(
    '/api-keys',
    {
      config: { access: 'self.manage' },
      schema: {
        tags,
        summary: 'Own keys; all for administrators',
        response: { 200: Type.Object({ items: Type.Array(ApiKeyRow) }) },
      },
    },
    async (request) => {
      const { userId, role } = callerOf(request);
      const { rows } = await ctx.pool.query(
        `select k.id, k.label, k.user_id, u.login as user_login, k.created_at, k.expires_at, k.revoked_at, k.last_used_at
         from api_key k join app_user u on u.id = k.user_id
         where $1::int is null or k.user_id = $1 order by k.id desc limit 1000`,
        [role === 'admin' ? null : userId],
      );
      return { items: rows };
    },
  );

  app.post(
    '/api-keys',
    {
      config: { access: 'self.manage', secretAnswer: true },
      schema: { tags, summary: 'Make a key; it is shown once', body: ApiKeyBody, response: { 201: NewApiKey } },
    },
    async (request, reply) => {
      const { userId } = callerOf(request);
      ownSession(callerOf(request));
      const key = API_KEY_PREFIX + newSecret();
      const { label, expires_at } = request.body;
      const id = await inTransaction(ctx.pool, async (client) => {
        const { rows } = await client.query<{ id: number }>(
          'insert into api_key (key_hash, label, user_id, created_at, expires_at) values ($1, $2, $3, $4, $5) returning id',
          [hashSecret(key), label, userId, new Date(ctx.clock()), expires_at ?? null],
        );
        const id = rows[0]?.id ?? 0;
        await appendAudit(client, new Date(ctx.clock()), {
          ...actorOf(request),
          action: 'api_key.created',
          subject: `api_key:${id}`,
          detail: { label },
        });
        return id;
      });
      return reply.code(201).send({ id, key });
    },
  );

  app.delete(
    '/api-keys/:id',
    {
      config: { access: 'self.manage' },
      schema: { tags, summary: 'Revoke a key', params: IdParams, response: { 204: NoContent } },
    },
    async (request, reply) => {
      const { userId, role } = callerOf(request);
      await inTransaction(ctx.pool, async (client) => {
        const { rowCount } = await client.query(
          `update api_key set revoked_at = coalesce(revoked_at, $2)
           where id = $1 and ($3::int is null or user_id = $3)`,
          [request.params.id, new Date(ctx.clock()), role === 'admin' ? null : userId],
        );
        if (rowCount !== 1) throw apiError('not_found');
        await appendAudit(client, new Date(ctx.clock()), {
          ...actorOf(request),
          action: 'api_key.revoked',
          subject: `api_key:${request.params.id}`,
        });
      });
      return reply.code(204).send(null);
    },
  );
});
