import type { FastifyRequest } from 'fastify';
import { Type } from 'typebox';
import { actorOf, appendAudit } from '../audit/log.ts';
import { callerOf } from '../auth/caller.ts';
import { scopeOf } from '../auth/scope.ts';
import type { AppContext } from '../context.ts';
import { inTransaction, type PoolClient } from '../db/index.ts';
import { type App, capability } from '../http/capability.ts';
import { apiError } from '../http/errors.ts';
import { cursorFrom, DEFAULT_LIMIT, pageOf } from '../http/paging.ts';
import { Page } from '../http/schemas.ts';
import { cancelBatch, findBatch, listBatches } from './batches.ts';
import { deviceInScope, listBatchCommands, listDeviceCommands } from './commands.ts';
import {
  Batch,
  BatchListQuery,
  BatchParams,
  Command,
  CommandListQuery,
  DeviceParams,
  NewCommand,
  NewCommandQuery,
  Preview,
} from './schemas.ts';
import { previewCommand, sendCommand } from './service.ts';

const tags = ['commands'];

/** Commands to devices: send with preview, follow batches, cancel (R-H2-6, R-DG-3). */
export default capability('commands', async (app, { ctx }) => {
  sendRoute(app, ctx);
  batchRoutes(app, ctx);
  listRoutes(app, ctx);
});

function sendRoute(app: App, ctx: AppContext): void {
  app.post(
    '/commands',
    {
      config: { access: 'command.send' },
      schema: {
        tags,
        summary: 'Send a command to one device, a list or a filter; with preview=true only count',
        querystring: NewCommandQuery,
        body: NewCommand,
        response: { 200: Preview, 201: Batch },
      },
    },
    async (request, reply) => {
      const caller = callerOf(request);
      const scope = scopeOf(caller);
      if (request.query.preview === true) return previewCommand(ctx.pool, scope, request.body);
      const id = await sendCommand(ctx.pool, {
        body: request.body,
        scope,
        userId: caller.userId,
        nowMs: ctx.clock(),
        andThen: (client, batch) =>
          audit(ctx, client, request, 'command.sent', `command_batch:${batch.id}`, {
            op: batch.op,
            total: batch.total,
          }),
      });
      const batch = await findBatch(ctx.pool, scope, id);
      if (batch === null) throw apiError('not_found');
      return reply.code(201).send(batch);
    },
  );
}

function batchRoutes(app: App, ctx: AppContext): void {
  app.get(
    '/command-batches/:id',
    {
      config: { access: 'command.read' },
      schema: { tags, summary: 'A batch with its counts per state', params: BatchParams, response: { 200: Batch } },
    },
    async (request) => {
      const batch = await findBatch(ctx.pool, scopeOf(callerOf(request)), request.params.id);
      if (batch === null) throw apiError('not_found');
      return batch;
    },
  );
  app.post(
    '/command-batches/:id/cancel',
    {
      config: { access: 'command.send' },
      schema: {
        tags,
        summary: 'Cancel what no device has accepted yet',
        params: BatchParams,
        response: { 200: Type.Object({ cancelled: Type.Integer(), batch: Batch }) },
      },
    },
    async (request) => {
      const scope = scopeOf(callerOf(request));
      const { id } = request.params;
      if ((await findBatch(ctx.pool, scope, id)) === null) throw apiError('not_found');
      const cancelled = await inTransaction(ctx.pool, async (client) => {
        const count = await cancelBatch(client, scope, id, ctx.clock());
        await audit(ctx, client, request, 'command.cancelled', `command_batch:${id}`, { cancelled: count });
        return count;
      });
      const batch = await findBatch(ctx.pool, scope, id);
      if (batch === null) throw apiError('not_found');
      return { cancelled, batch };
    },
  );
}

function listRoutes(app: App, ctx: AppContext): void {
  app.get(
    '/command-batches',
    {
      config: { access: 'command.read' },
      schema: { tags, summary: 'Batches, newest first', querystring: BatchListQuery, response: { 200: Page(Batch) } },
    },
    async (request) => {
      const { cursor, limit = DEFAULT_LIMIT, op } = request.query;
      const before = pairFrom(cursor, 'created');
      const rows = await listBatches(ctx.pool, scopeOf(callerOf(request)), {
        op: op ?? null,
        before,
        limit: limit + 1,
      });
      return pageOf(rows, limit, 'created', (row) => [row.cursor_at, row.id]);
    },
  );
  app.get(
    '/command-batches/:id/commands',
    {
      config: { access: 'command.read' },
      schema: {
        tags,
        summary: 'The commands of a batch, by device',
        params: BatchParams,
        querystring: CommandListQuery,
        response: { 200: Page(Command) },
      },
    },
    async (request) => {
      const { cursor, limit = DEFAULT_LIMIT, state } = request.query;
      const scope = scopeOf(callerOf(request));
      const batchId = request.params.id;
      const after = pairFrom(cursor, 'device');
      const rows = await listBatchCommands(ctx.pool, scope, { batchId, state: state ?? null, after, limit: limit + 1 });
      return pageOf(rows, limit, 'device', (row) => [row.device_id, row.id]);
    },
  );
  app.get(
    '/devices/:id/commands',
    {
      config: { access: 'command.read' },
      schema: {
        tags,
        summary: 'Commands to one device, newest first',
        params: DeviceParams,
        querystring: CommandListQuery,
        response: { 200: Page(Command) },
      },
    },
    async (request) => {
      const { cursor, limit = DEFAULT_LIMIT, state } = request.query;
      const scope = scopeOf(callerOf(request));
      const deviceId = request.params.id;
      if (!(await deviceInScope(ctx.pool, scope, deviceId))) throw apiError('not_found');
      const before = pairFrom(cursor, 'created');
      const rows = await listDeviceCommands(ctx.pool, scope, {
        deviceId,
        state: state ?? null,
        before,
        limit: limit + 1,
      });
      return pageOf(rows, limit, 'created', (row) => [row.cursor_at, row.id]);
    },
  );
}

/** A cursor of (text or instant, uuid), or null for the first page. */
function pairFrom(cursor: string | undefined, sort: string): readonly [string, string] | null {
  const values = cursorFrom(cursor, sort, 2);
  if (values === null) return null;
  const [first, id] = values;
  if (typeof first !== 'string' || typeof id !== 'string' || !/^[0-9a-f-]{36}$/.test(id))
    throw apiError('invalid_cursor');
  if (sort === 'created' && Number.isNaN(Date.parse(first))) throw apiError('invalid_cursor');
  return [first, id];
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
