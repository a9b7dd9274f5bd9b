import type { FastifyRequest } from 'fastify';
import { memberOf } from '../exclusions/parties.ts';
import { answering, IMAGE_TYPES, MAX_FILE_BYTES, readUpload } from '../files/index.ts';
import { capability } from '../http/capability.ts';
import { IdParams, NoContent } from '../http/schemas.ts';
import { labelsOf, rotateLabel } from './labels.ts';
import { LabelQuery, Labels, PhotoParams, SiteReport, SiteReported, StationPage, TokenParams } from './schemas.ts';
import { addSitePhoto, readStation, reportFromSite, requirePhotoPlace } from './service.ts';

const tags = ['station pages'];
/** Larger than any honest report in words. */
const REPORT_BYTES = 8 * 1024;

export default capability('station-pages', async (app, { ctx }) => {
  app.get(
    '/public/stations/:token',
    {
      config: { access: 'public', rateLimit: { max: 60, timeWindow: '1 minute' } },
      schema: {
        tags,
        summary: 'What is known to be wrong with a station, for whoever stands in front of it',
        description: 'The token is on the label of the station. Shows no person and nothing of other stations.',
        params: TokenParams,
        response: { 200: StationPage },
      },
    },
    async (request, reply) => {
      reply.header('cache-control', 'no-store').header('x-robots-tag', 'noindex');
      return readStation(ctx.pool, request.params.token, ctx.clock());
    },
  );

  app.post(
    '/public/stations/:token',
    {
      bodyLimit: REPORT_BYTES,
      config: { access: 'public', idempotency: 'off', rateLimit: { max: 6, timeWindow: '1 minute' } },
      schema: {
        tags,
        summary: 'Report a fault of a station without signing in',
        description: 'At most six a minute from an address and ten an hour for a station.',
        params: TokenParams,
        body: SiteReport,
        response: { 201: SiteReported },
      },
    },
    async (request, reply) =>
      reply.code(201).send(await reportFromSite(ctx.pool, request.params.token, request.body, ctx.clock())),
  );

  app.post(
    '/public/stations/:token/photos/:key',
    {
      bodyLimit: MAX_FILE_BYTES,
      config: { access: 'public', idempotency: 'off', rateLimit: { max: 6, timeWindow: '1 minute' } },
      schema: {
        tags,
        summary: 'Add a photo to a report (field `file` of a form)',
        consumes: ['multipart/form-data'],
        params: PhotoParams,
        response: { 204: NoContent },
      },
    },
    (request, reply) =>
      answering(request, reply, async () => {
        const { token, key } = request.params;
        const faultId = await requirePhotoPlace(ctx.pool, token, key, ctx.clock());
        await addSitePhoto(ctx.pool, faultId, await readUpload(request, IMAGE_TYPES), ctx.clock());
        return await reply.code(204).send(null);
      }),
  );

  app.get(
    '/station-labels',
    {
      config: { access: 'fault.report' },
      schema: {
        tags,
        summary: 'Labels with QR codes that lead to the pages of stations',
        description:
          'Of a station, of a site, or of all stations of a region; at most 1,000. A station without a page gets one.',
        querystring: LabelQuery,
        response: { 200: Labels },
      },
    },
    async (request) => ({
      items: await labelsOf(ctx.pool, await memberOf(request, ctx), request.query, originOf(request)),
    }),
  );

  app.post(
    '/stations/:id/label',
    {
      config: { access: 'registry.write' },
      schema: {
        tags,
        summary: 'Give a station another page: labels printed before lead nowhere',
        params: IdParams,
        response: { 204: NoContent },
      },
    },
    async (request, reply) => {
      await rotateLabel(ctx.pool, await memberOf(request, ctx), request.params.id);
      return reply.code(204).send(null);
    },
  );

  /** Where phones find the page: the configured address, else the one that the console was opened under. */
  function originOf(request: FastifyRequest): string {
    return ctx.settings.publicUrl ?? `${request.protocol}://${request.host}`;
  }
});
