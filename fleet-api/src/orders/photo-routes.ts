import { Type } from 'typebox';
import { memberOf } from '../exclusions/parties.ts';
import {
  answering,
  FileContent,
  IMAGE_TYPES,
  listFiles,
  MAX_FILE_BYTES,
  MEDIA_TYPES,
  readFile,
  readUpload,
  sendFile,
  storeFile,
} from '../files/index.ts';
import { capability } from '../http/capability.ts';
import { apiError } from '../http/errors.ts';
import { Id, IdParams } from '../http/schemas.ts';
import { tell } from './acts.ts';
import { OrderDetail } from './detail-schemas.ts';
import { selectStanding } from './detail-sql.ts';
import { changing } from './service.ts';
import { subjectOf } from './sql.ts';
import { isContractor, sideIn } from './standing.ts';

const tags = ['work orders'];
/** Photos of one order at most. */
const MAX_PHOTOS = 50;

export default capability('work-order-photos', async (app, { ctx }) => {
  app.post(
    '/orders/:id/photos',
    {
      bodyLimit: MAX_FILE_BYTES,
      config: { access: 'fault.report', idempotency: 'off', rateLimit: { max: 60, timeWindow: '1 minute' } },
      schema: {
        tags,
        summary: 'Add a photo (field `file` of a form)',
        description: 'JPEG or PNG by its content, 10 MB and 50 photos at most. The same content again changes nothing.',
        consumes: ['multipart/form-data'],
        params: IdParams,
        response: { 200: OrderDetail },
      },
    },
    (request, reply) =>
      answering(request, reply, async () => {
        const { id } = request.params;
        const by = await memberOf(request, ctx);
        // Before anything of it is read.
        const row = await selectStanding(ctx.pool, by.scope, id, { lock: false });
        if (row === null) throw apiError('not_found');
        if (!isContractor(row, by) && sideIn(row, by) === null) throw apiError('order_not_yours');
        const upload = await readUpload(request, IMAGE_TYPES);
        return await changing(ctx.pool, by, id, null, async (act) => {
          const files = await listFiles(act.client, subjectOf(id));
          if (files.length >= MAX_PHOTOS) throw apiError('too_many_files', `At most ${MAX_PHOTOS} photos`);
          const file = { ...upload, subject: subjectOf(id), purpose: 'photo', userId: by.userId, nowMs: by.nowMs };
          const fileId = await storeFile(act.client, file);
          if (!files.some((each) => each.id === fileId)) await tell(act, 'photo', { detail: { file: fileId } });
          return { action: 'photo_added', detail: { file: fileId, name: upload.name } };
        });
      }),
  );

  app.get(
    '/orders/:id/files/:file',
    {
      config: { access: 'repair.read' },
      schema: {
        tags,
        summary: 'A photo or signature of an order',
        params: Type.Object({ id: Id, file: Id }),
        produces: [...MEDIA_TYPES],
        response: { 200: FileContent },
      },
    },
    async (request, reply) => {
      const { id, file } = request.params;
      const by = await memberOf(request, ctx);
      if ((await selectStanding(ctx.pool, by.scope, id, { lock: false })) === null) throw apiError('not_found');
      const stored = await readFile(ctx.pool, subjectOf(id), file);
      if (stored === null) throw apiError('not_found');
      return sendFile(reply, stored);
    },
  );
});
