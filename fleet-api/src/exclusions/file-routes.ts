import { Type } from 'typebox';
import { answering, FileContent, MAX_FILE_BYTES, MEDIA_TYPES, readUpload, sendFile } from '../files/index.ts';
import { capability } from '../http/capability.ts';
import { Id, IdParams } from '../http/schemas.ts';
import { addFile, getFile, requireUploader } from './files.ts';
import { memberOf } from './parties.ts';
import { ExclusionDetail } from './schemas.ts';

const tags = ['exclusions'];
const FileParams = Type.Object({ id: Id, fid: Id });

export default capability('exclusion-files', async (app, { ctx }) => {
  app.post(
    '/exclusions/:id/files',
    {
      bodyLimit: MAX_FILE_BYTES,
      config: {
        access: 'exclusion.propose',
        idempotency: 'off',
        rateLimit: { max: 60, timeWindow: '1 minute' },
      },
      schema: {
        tags,
        summary: 'Add a file to a proposal (field `file` of a form)',
        description:
          'PDF, PNG or JPEG by its content, 10 MB at most, ten files at most, by the organisation that proposed, until it is ' +
          'decided. The same content again changes nothing.',
        consumes: ['multipart/form-data'],
        params: IdParams,
        response: { 200: ExclusionDetail },
      },
    },
    (request, reply) =>
      answering(request, reply, async () => {
        const { id } = request.params;
        const by = await memberOf(request, ctx);
        await requireUploader(ctx.pool, by, id);
        return await addFile(ctx.pool, by, id, await readUpload(request));
      }),
  );

  app.get(
    '/exclusions/:id/files/:fid',
    {
      config: { access: 'availability.read' },
      schema: {
        tags,
        summary: 'A file of an exclusion',
        params: FileParams,
        produces: [...MEDIA_TYPES],
        response: { 200: FileContent },
      },
    },
    async (request, reply) => {
      const { id, fid } = request.params;
      const file = await getFile(ctx.pool, await memberOf(request, ctx), id, fid);
      return sendFile(reply, file);
    },
  );
});
