import type { FastifyRequest } from 'fastify';
import { Type } from 'typebox';
import { actorOf, appendAudit } from '../audit/log.ts';
import { callerOf } from '../auth/caller.ts';
import { scopeOf } from '../auth/scope.ts';
import type { AppContext } from '../context.ts';
import { inTransaction, type PoolClient } from '../db/index.ts';
import type { App } from '../http/capability.ts';
import { apiError } from '../http/errors.ts';
import { cursorFrom, DEFAULT_LIMIT, pageOf, pageQuery } from '../http/paging.ts';
import { Id, IdParams, NoContent, Page, Query } from '../http/schemas.ts';
import { queueTest } from './notifications.ts';
import {
  deleteOncall,
  findOncall,
  insertOncall,
  listOncall,
  mayServe,
  type OncallRow,
  updateOncall,
} from './oncall.ts';
import { NewOncall, Oncall, OncallPatch } from './schemas.ts';

const tags = ['alerts'];

/** Who is on call: numbers that get the SMS of a region, or of everything. */
export function registerOncall(app: App, ctx: AppContext): void {
  listRoute(app, ctx);
  createRoute(app, ctx);
  changeRoutes(app, ctx);
  testRoute(app, ctx);
}

function listRoute(app: App, ctx: AppContext): void {
  app.get(
    '/oncall',
    {
      config: { access: 'oncall.read' },
      schema: { tags, summary: 'Numbers on call', querystring: Query(pageQuery), response: { 200: Page(Oncall) } },
    },
    async (request) => {
      const { cursor, limit = DEFAULT_LIMIT } = request.query;
      const after = cursorFrom(cursor, 'oncall', 1)?.[0] ?? 0;
      if (typeof after !== 'number' || !Number.isSafeInteger(after)) throw apiError('invalid_cursor');
      const rows = await listOncall(ctx.pool, scopeOf(callerOf(request)), after, limit + 1);
      return pageOf(rows, limit, 'oncall', (row) => [row.id]);
    },
  );
}

function createRoute(app: App, ctx: AppContext): void {
  app.post(
    '/oncall',
    {
      config: { access: 'oncall.write' },
      schema: { tags, summary: 'Put a number on call', body: NewOncall, response: { 201: Oncall } },
    },
    async (request, reply) => {
      await requireRegion(ctx, request, request.body.region_id ?? null);
      const id = await inTransaction(ctx.pool, async (client) => {
        const created = await insertOncall(client, request.body);
        await audit(ctx, client, request, 'oncall.created', `oncall:${created}`, { ...request.body });
        return created;
      });
      return reply.code(201).send(await requireOncall(ctx, request, id));
    },
  );
}

function changeRoutes(app: App, ctx: AppContext): void {
  app.patch(
    '/oncall/:id',
    {
      config: { access: 'oncall.write' },
      schema: {
        tags,
        summary: 'Change a number on call',
        params: IdParams,
        body: OncallPatch,
        response: { 200: Oncall },
      },
    },
    async (request) => {
      const { id } = request.params;
      const before = await requireOncall(ctx, request, id);
      await requireRegion(ctx, request, before.region?.id ?? null);
      if (request.body.region_id !== undefined) await requireRegion(ctx, request, request.body.region_id);
      await inTransaction(ctx.pool, async (client) => {
        await updateOncall(client, id, request.body);
        await audit(ctx, client, request, 'oncall.changed', `oncall:${id}`, { ...request.body });
      });
      return requireOncall(ctx, request, id);
    },
  );
  app.delete(
    '/oncall/:id',
    {
      config: { access: 'oncall.write' },
      schema: { tags, summary: 'Take a number off call', params: IdParams, response: { 204: NoContent } },
    },
    async (request, reply) => {
      const { id } = request.params;
      const before = await requireOncall(ctx, request, id);
      await requireRegion(ctx, request, before.region?.id ?? null);
      await inTransaction(ctx.pool, async (client) => {
        await deleteOncall(client, id);
        await audit(ctx, client, request, 'oncall.deleted', `oncall:${id}`, { name: before.name, phone: before.phone });
      });
      return reply.code(204).send(null);
    },
  );
}

function testRoute(app: App, ctx: AppContext): void {
  app.post(
    '/oncall/:id/test',
    {
      config: { access: 'oncall.write' },
      schema: {
        tags,
        summary: 'Send a test message, at most one a minute and number',
        params: IdParams,
        response: { 202: Type.Object({ notification_id: Id }) },
      },
    },
    async (request, reply) => {
      const oncall = await requireOncall(ctx, request, request.params.id);
      const id = await inTransaction(ctx.pool, async (client) => {
        const queued = await queueTest(client, oncall, ctx.clock());
        if (queued !== null) await audit(ctx, client, request, 'oncall.tested', `oncall:${oncall.id}`, {});
        return queued;
      });
      if (id === null) throw apiError('too_many_requests', 'This number had a test message within this minute');
      return reply.code(202).send({ notification_id: id });
    },
  );
}

async function requireOncall(ctx: AppContext, request: FastifyRequest, id: number): Promise<OncallRow> {
  const row = await findOncall(ctx.pool, scopeOf(callerOf(request)), id);
  if (row === null) throw apiError('not_found');
  return row;
}

/** @throws ApiError `out_of_scope` unless the caller is responsible for the region (null: for everything) */
async function requireRegion(ctx: AppContext, request: FastifyRequest, regionId: number | null): Promise<void> {
  if (!(await mayServe(ctx.pool, scopeOf(callerOf(request)), regionId))) throw apiError('out_of_scope');
}

async function audit(
  ctx: AppContext,
  client: PoolClient,
  request: FastifyRequest,
  action: string,
  subject: string,
  detail: Record<string, unknown>,
): Promise<void> {
  await appendAudit(client, new Date(ctx.clock()), { ...actorOf(request), action, subject, detail });
}
