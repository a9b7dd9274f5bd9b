import { answering, FileContent, IMAGE_TYPES, MAX_FILE_BYTES, readUpload, sendFile } from '../../files/index.ts';
import { capability } from '../../http/capability.ts';
import { IdParams } from '../../http/schemas.ts';
import { doerOf } from '../../registry/shared/doer.ts';
import { WipeBody, WipeDetail, WipeFileParams, WipePage, WipeQuery } from './schemas.ts';
import * as service from './service.ts';

const tags = ['stock'];
const read = { access: 'stock.read' } as const;
const write = { access: 'stock.write' } as const;
const response = { 200: WipeDetail };

export default capability('wipes', async (app, { ctx }) => {
  app.get(
    '/stock/wipes',
    {
      config: read,
      schema: {
        tags,
        summary: 'Devices that left a station, and whether they are wiped',
        querystring: WipeQuery,
        response: { 200: WipePage },
      },
    },
    async (request) => service.listChecks(ctx.pool, doerOf(request, ctx), request.query),
  );

  app.get(
    '/stock/wipes/:id',
    { config: read, schema: { tags, summary: 'A wipe check with its records and photos', params: IdParams, response } },
    async (request) => service.getCheck(ctx.pool, doerOf(request, ctx), request.params.id),
  );

  app.post(
    '/stock/wipes/:id/records',
    {
      config: write,
      schema: {
        tags,
        summary: 'Record an attempt to wipe the device',
        description: 'Until one is recorded as clean, the device goes nowhere but back to the station that it left.',
        params: IdParams,
        body: WipeBody,
        response,
      },
    },
    async (request) => service.recordWipe(ctx.pool, doerOf(request, ctx), request.params.id, request.body),
  );

  app.post(
    '/stock/wipes/:id/files',
    {
      bodyLimit: MAX_FILE_BYTES,
      config: { ...write, idempotency: 'off', rateLimit: { max: 60, timeWindow: '1 minute' } },
      schema: {
        tags,
        summary: 'Add a photo of the wiping (field `file` of a form)',
        consumes: ['multipart/form-data'],
        params: IdParams,
        response,
      },
    },
    (request, reply) =>
      answering(request, reply, async () => {
        const photo = await readUpload(request, IMAGE_TYPES);
        return await service.addPhoto(ctx.pool, doerOf(request, ctx), request.params.id, photo);
      }),
  );

  app.get(
    '/stock/wipes/:id/files/:fid',
    {
      config: read,
      schema: {
        tags,
        summary: 'A photo of the wiping',
        params: WipeFileParams,
        produces: [...IMAGE_TYPES],
        response: { 200: FileContent },
      },
    },
    async (request, reply) => {
      const { id, fid } = request.params;
      return sendFile(reply, await service.getPhoto(ctx.pool, doerOf(request, ctx), id, fid));
    },
  );
});
