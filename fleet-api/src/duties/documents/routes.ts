import { Type } from 'typebox';
import { memberOf } from '../../exclusions/parties.ts';
import { answering, FileContent, MAX_FILE_BYTES, MEDIA_TYPES, readUpload, sendFile } from '../../files/index.ts';
import { capability } from '../../http/capability.ts';
import { versioned } from '../../http/preconditions.ts';
import { Id, IdParams } from '../../http/schemas.ts';
import {
  AcceptBody,
  DocumentFigure,
  DueDetail,
  DuePage,
  DueQuery,
  FigureQuery,
  ReasonBody,
  SubmitBody,
} from './schemas.ts';
import {
  addFile,
  decideDocument,
  figureOf,
  getDue,
  getFile,
  listDue,
  requireUploader,
  submitDocument,
} from './service.ts';

const tags = ['duties'];
const params = IdParams;
const response = { 200: DueDetail };

export default capability('documents-due', async (app, { ctx }) => {
  app.get(
    '/documents-due',
    {
      config: { access: 'availability.read' },
      schema: { tags, summary: 'Documents owed', querystring: DueQuery, response: { 200: DuePage } },
    },
    async (request) => listDue(ctx.pool, await memberOf(request, ctx), request.query),
  );

  app.get(
    '/documents-due/figures',
    {
      config: { access: 'availability.read' },
      schema: {
        tags,
        summary: 'Document timeliness of a period: documents that fall due in it',
        querystring: FigureQuery,
        response: { 200: DocumentFigure },
      },
    },
    async (request) => figureOf(ctx.pool, await memberOf(request, ctx), request.query),
  );

  app.get(
    '/documents-due/:id',
    {
      config: { access: 'availability.read' },
      schema: { tags, summary: 'One document owed, with every handing-in', params, response },
    },
    async (request, reply) => {
      return versioned(reply, await getDue(ctx.pool, await memberOf(request, ctx), request.params.id));
    },
  );

  app.post(
    '/documents-due/:id/submit',
    {
      config: { access: 'duty.submit' },
      schema: {
        tags,
        summary: 'Hand a document in',
        description:
          'By the contractor: files that were added before, or a report that was made here. Now is the instant that counts; to hand ' +
          'in more before the agency decides keeps the earlier one.',
        params,
        body: SubmitBody,
        response,
      },
    },
    async (request) => {
      const by = await memberOf(request, ctx);
      return submitDocument(ctx.pool, by, request.params.id, request.body, ctx.settings.documentDir);
    },
  );

  app.post(
    '/documents-due/:id/accept',
    {
      config: { access: 'duty.decide' },
      schema: { tags, summary: 'Take a document that was handed in', params, body: AcceptBody, response },
    },
    async (request) =>
      decideDocument(ctx.pool, await memberOf(request, ctx), request.params.id, 'accept', request.body),
  );

  app.post(
    '/documents-due/:id/return',
    {
      config: { access: 'duty.decide' },
      schema: {
        tags,
        summary: 'Give a document back',
        description: 'By the agency, with the reason. It counts as not handed in until it is handed in again.',
        params,
        body: ReasonBody,
        response,
      },
    },
    async (request) =>
      decideDocument(ctx.pool, await memberOf(request, ctx), request.params.id, 'return', request.body),
  );

  app.post(
    '/documents-due/:id/waive',
    {
      config: { access: 'duty.decide' },
      schema: {
        tags,
        summary: 'Let go of a document: it counts nowhere',
        description: 'By the agency, whose claim it is, with the reason.',
        params,
        body: ReasonBody,
        response,
      },
    },
    async (request) => decideDocument(ctx.pool, await memberOf(request, ctx), request.params.id, 'waive', request.body),
  );

  app.post(
    '/documents-due/:id/files',
    {
      bodyLimit: MAX_FILE_BYTES,
      config: { access: 'duty.submit', idempotency: 'off', rateLimit: { max: 60, timeWindow: '1 minute' } },
      schema: {
        tags,
        summary: 'Add a file to a document owed (field `file` of a form)',
        description: 'PDF, PNG or JPEG by its content, 10 MB at most. It counts once it is handed in.',
        consumes: ['multipart/form-data'],
        params,
        response,
      },
    },
    (request, reply) =>
      answering(request, reply, async () => {
        const by = await memberOf(request, ctx);
        await requireUploader(ctx.pool, by, request.params.id);
        return addFile(ctx.pool, by, request.params.id, await readUpload(request));
      }),
  );

  app.get(
    '/documents-due/:id/files/:fid',
    {
      config: { access: 'availability.read' },
      schema: {
        tags,
        summary: 'A file of a document owed',
        params: Type.Object({ id: Id, fid: Id }),
        produces: [...MEDIA_TYPES],
        response: { 200: FileContent },
      },
    },
    async (request, reply) => {
      const { id, fid } = request.params;
      return sendFile(reply, await getFile(ctx.pool, await memberOf(request, ctx), id, fid));
    },
  );
});
