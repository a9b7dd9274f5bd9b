import type { FastifyRequest } from 'fastify';
import type { AppContext } from '../../context.ts';
import { memberOf } from '../../exclusions/parties.ts';
import { answering, FileContent, MAX_FILE_BYTES, MEDIA_TYPES, readUpload, sendFile } from '../../files/index.ts';
import { type App, capability } from '../../http/capability.ts';
import { apiError } from '../../http/errors.ts';
import { IdParams } from '../../http/schemas.ts';
import { frameOf, requireSide } from '../access.ts';
import { setSeen } from '../restate/sql.ts';
import * as disputes from './disputes.ts';
import {
  DisputeFileParams,
  DisputeParams,
  EmptyBody,
  NewComment,
  NewDispute,
  NoteBody,
  RestatementParams,
  StatementDetail,
} from './schemas.ts';
import { getStatement, visible } from './service.ts';

const tags = ['settlement'];
const read = { config: { access: 'settlement.read' } } as const;
const write = { config: { access: 'settlement.write' } } as const;
const params = DisputeParams;
const response = { 200: StatementDetail };

/** Lines that a side does not accept, and what evidence has changed since. */
export default capability('statement-disputes', async (app, { ctx }) => {
  talkRoutes(app, ctx);
  fileRoutes(app, ctx);
  seenRoute(app, ctx);
});

function talkRoutes(app: App, ctx: AppContext): void {
  app.post(
    '/statements/:id/disputes',
    { ...write, schema: { tags, summary: 'Dispute a line', params: IdParams, body: NewDispute, response } },
    async (request) => disputes.openDispute(ctx.pool, await memberOf(request, ctx), request.params.id, request.body),
  );
  app.post(
    '/statements/:id/disputes/:did/comments',
    { ...write, schema: { tags, summary: 'Say something about a dispute', params, body: NewComment, response } },
    async (request) => {
      const { id, did } = request.params;
      return disputes.commentDispute(ctx.pool, await memberOf(request, ctx), id, did, request.body.body);
    },
  );
  for (const action of ['withdraw', 'uphold'] as const) {
    const summary = action === 'withdraw' ? 'Give in: the line stands' : 'Grant it: the statement can be opened again';
    app.post(
      `/statements/:id/disputes/:did/${action}`,
      { ...write, schema: { tags, summary, params, body: NoteBody, response } },
      async (request) => {
        const { id, did } = request.params;
        const by = await memberOf(request, ctx);
        return disputes.resolveDispute(ctx.pool, by, id, did, { action, note: request.body.note });
      },
    );
  }
}

function fileRoutes(app: App, ctx: AppContext): void {
  const before = async (request: FastifyRequest): Promise<void> => {
    const { id, did } = request.params as { id: number; did: number };
    await disputes.requireDisputer(ctx.pool, await memberOf(request, ctx), id, did);
  };
  app.post(
    '/statements/:id/disputes/:did/files',
    {
      bodyLimit: MAX_FILE_BYTES,
      config: { access: 'settlement.write', idempotency: 'off', rateLimit: { max: 60, timeWindow: '1 minute' } },
      schema: {
        tags,
        summary: 'Add a file (field `file` of a form): PDF, PNG or JPEG, 10 MB at most',
        consumes: ['multipart/form-data'],
        params,
        response,
      },
    },
    (request, reply) =>
      answering(request, reply, async () => {
        const { id, did } = request.params;
        await before(request);
        const upload = await readUpload(request);
        return await disputes.addDisputeFile(ctx.pool, await memberOf(request, ctx), id, did, upload);
      }),
  );
  app.get(
    '/statements/:id/disputes/:did/files/:fid',
    {
      ...read,
      schema: {
        tags,
        summary: 'A file of a dispute',
        params: DisputeFileParams,
        produces: [...MEDIA_TYPES],
        response: { 200: FileContent },
      },
    },
    async (request, reply) => {
      const { id, did, fid } = request.params;
      return sendFile(reply, await disputes.disputeFile(ctx.pool, await memberOf(request, ctx), id, did, fid));
    },
  );
}

function seenRoute(app: App, ctx: AppContext): void {
  app.post(
    '/statements/:id/restatements/:rid/seen',
    {
      ...write,
      schema: {
        tags,
        summary: 'Your side has taken notice of a restatement',
        params: RestatementParams,
        body: EmptyBody,
        response,
      },
    },
    async (request) => {
      const by = await memberOf(request, ctx);
      const { id, rid } = request.params;
      const row = await visible(ctx.pool, by, id);
      const side = requireSide(await frameOf(ctx.pool, by, row.contract.id));
      if (!(await setSeen(ctx.pool, id, rid, side, new Date(by.nowMs)))) throw apiError('not_found');
      return getStatement(ctx.pool, by, id);
    },
  );
}
