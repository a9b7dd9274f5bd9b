import { createReadStream } from 'node:fs';
import { stat } from 'node:fs/promises';
import { join } from 'node:path';
import type { FastifyRequest } from 'fastify';
import { callerOf } from '../auth/caller.ts';
import { viewerOf } from '../availability/contracts/viewer.ts';
import { attachment } from '../files/index.ts';
import { capability } from '../http/capability.ts';
import { apiError } from '../http/errors.ts';
import { cursorFrom, DEFAULT_LIMIT, pageOf } from '../http/paging.ts';
import { type DocumentRow, type Reader, selectDocument, selectDocuments } from './list-sql.ts';
import { Document, DocumentPage, DocumentParams, DocumentQuery, FileParams } from './schemas.ts';

const tags = ['documents'];
const config = { access: 'availability.read' } as const;

/** Documents that are made in the background: state, progress, files. What asks for them belongs to their capabilities. */
export default capability('documents', async (app, { ctx }) => {
  const find = async (request: FastifyRequest, id: string): Promise<DocumentRow> => {
    const row = await selectDocument(ctx.pool, readerOf(request), id);
    if (row === null) throw apiError('not_found');
    return row;
  };

  app.get(
    '/documents',
    {
      config,
      schema: { tags, summary: 'Documents, newest first', querystring: DocumentQuery, response: { 200: DocumentPage } },
    },
    async (request) => {
      const { cursor, limit = DEFAULT_LIMIT, subject = null, kind = null, contract: contractId = null } = request.query;
      const after = cursorFrom(cursor, 'created', 2) as [string, string] | null;
      const list = { subject, kind, contractId, after, limit: limit + 1 };
      const rows = await selectDocuments(ctx.pool, readerOf(request), list);
      const page = pageOf(rows, limit, 'created', (row) => [row.created_key, row.id]);
      return { ...page, items: page.items.map(documentOf) };
    },
  );

  app.get(
    '/documents/:id',
    {
      config,
      schema: { tags, summary: 'A document and how far it is', params: DocumentParams, response: { 200: Document } },
    },
    async (request) => documentOf(await find(request, request.params.id)),
  );

  app.get(
    '/documents/:id/files/:n',
    {
      config,
      schema: { tags, summary: 'A file of a document; n is its place in the list of files', params: FileParams },
    },
    async (request, reply) => {
      const row = await find(request, request.params.id);
      const file = row.files[request.params.n];
      if (row.removed_at !== null)
        throw apiError('not_found', 'The files were removed after their time; make it again');
      if (file === undefined) throw apiError('not_found', 'There is no such file (yet)');
      const path = join(ctx.settings.documentDir, file.path);
      if ((await stat(path).catch(() => null)) === null) throw apiError('not_found', 'The file is gone; make it again');
      return reply
        .header('content-type', file.media_type)
        .header('content-length', file.bytes)
        .header('content-disposition', attachment(file.name))
        .header('x-content-type-options', 'nosniff')
        .send(createReadStream(path));
    },
  );
});

/** Who asks. @throws ApiError `unauthenticated` */
export function readerOf(request: FastifyRequest): Reader {
  return { ...viewerOf(request), userId: callerOf(request).userId };
}

/** The document as the API shows it. */
export function documentOf(row: DocumentRow) {
  const { created_key: _key, progress_done: done, progress_total: total, files, removed_at, ...rest } = row;
  const shown = removed_at === null ? files : [];
  return { ...rest, removed_at, progress: { done, total }, files: shown.map(({ path: _path, ...file }) => file) };
}
