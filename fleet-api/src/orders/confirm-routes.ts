import QRCode from 'qrcode';
import { Type } from 'typebox';
import { memberOf } from '../exclusions/parties.ts';
import { capability } from '../http/capability.ts';
import { versioned } from '../http/preconditions.ts';
import { IdParams, NoContent } from '../http/schemas.ts';
import { actorOf } from './actor.ts';
import { confirmByLink, confirmForSite, confirmOnPhone, makeLink, readLink } from './confirm.ts';
import {
  ConfirmationLink,
  ConfirmBody,
  ConfirmForSiteBody,
  OrderDetail,
  SiteConfirmation,
  SiteConfirmBody,
} from './detail-schemas.ts';

const tags = ['work orders'];
const params = IdParams;
const response = { 200: OrderDetail };
const token = Type.Object({ token: Type.String({ pattern: '^[A-Za-z0-9_-]{32}$' }) });
/** A form with a drawn signature. */
const bodyLimit = 512 * 1024;

export default capability('work-order-confirmations', async (app, { ctx }) => {
  app.post(
    '/orders/:id/confirm',
    {
      bodyLimit,
      config: { access: 'order.work' },
      schema: {
        tags,
        summary: "The site confirms on the engineer's phone, with a drawn signature",
        params,
        body: ConfirmBody,
        response,
      },
    },
    async (request, reply) => versioned(reply, await confirmOnPhone(...(await actorOf(request, ctx)), request.body)),
  );

  app.post(
    '/orders/:id/confirm-for-site',
    {
      config: { access: 'order.confirm' },
      schema: {
        tags,
        summary: 'The agency confirms on behalf of the site, and says how it knows',
        params,
        body: ConfirmForSiteBody,
        response,
      },
    },
    async (request, reply) => versioned(reply, await confirmForSite(...(await actorOf(request, ctx)), request.body)),
  );

  app.post(
    '/orders/:id/links',
    {
      config: { access: 'order.work', secretAnswer: true },
      schema: {
        tags,
        summary: 'A link by which the site confirms on its own phone',
        description: 'Good once, for a day, without signing in. Shown now and never again.',
        params,
        response: { 201: ConfirmationLink },
      },
    },
    async (request, reply) => {
      const link = await makeLink(ctx.pool, await memberOf(request, ctx), request.params.id);
      const origin = ctx.settings.publicUrl ?? `${request.protocol}://${request.host}`;
      const qr_svg = await QRCode.toString(`${origin}${link.path}`, { type: 'svg', margin: 1 });
      return reply.code(201).send({ ...link, qr_svg });
    },
  );

  app.get(
    '/site-confirmations/:token',
    {
      config: { access: 'public', rateLimit: { max: 30, timeWindow: '1 minute' } },
      schema: { tags, summary: 'What a site is asked to confirm', params: token, response: { 200: SiteConfirmation } },
    },
    async (request, reply) => {
      reply.header('cache-control', 'no-store');
      return readLink(ctx.pool, request.params.token, ctx.clock());
    },
  );

  app.post(
    '/site-confirmations/:token',
    {
      bodyLimit,
      config: { access: 'public', rateLimit: { max: 10, timeWindow: '1 minute' } },
      schema: {
        tags,
        summary: 'The site confirms that the fault is gone',
        params: token,
        body: SiteConfirmBody,
        response: { 204: NoContent },
      },
    },
    async (request, reply) => {
      await confirmByLink(ctx.pool, request.params.token, request.body, ctx.clock());
      return reply.code(204).send(null);
    },
  );
});
