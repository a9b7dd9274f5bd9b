import { capability } from '../../http/capability.ts';
import { expectedVersion, sendVersion } from '../../http/preconditions.ts';
import { IdParams } from '../../http/schemas.ts';
import { doerOf } from '../shared/doer.ts';
import { NewSite, Site, SitePage, SitePatch, SiteQuery } from './schemas.ts';
import { changeSite, createSite, getSite, listSites } from './service.ts';

const tags = ['sites'];

export default capability('sites', async (app, { ctx }) => {
  app.get(
    '/sites',
    {
      config: { access: 'fleet.read' },
      schema: { tags, summary: 'List sites', querystring: SiteQuery, response: { 200: SitePage } },
    },
    async (request) => listSites(ctx.pool, doerOf(request, ctx).scope, request.query),
  );

  app.post(
    '/sites',
    {
      config: { access: 'registry.write' },
      schema: { tags, summary: 'Add a site', body: NewSite, response: { 201: Site } },
    },
    async (request, reply) => {
      const site = await createSite(ctx.pool, doerOf(request, ctx), request.body);
      sendVersion(reply, site.version);
      return reply.code(201).send(site);
    },
  );

  app.get(
    '/sites/:id',
    {
      config: { access: 'fleet.read' },
      schema: { tags, summary: 'One site', params: IdParams, response: { 200: Site } },
    },
    async (request, reply) => {
      const site = await getSite(ctx.pool, doerOf(request, ctx).scope, request.params.id);
      sendVersion(reply, site.version);
      return site;
    },
  );

  app.patch(
    '/sites/:id',
    {
      config: { access: 'registry.write' },
      schema: { tags, summary: 'Change a site', params: IdParams, body: SitePatch, response: { 200: Site } },
    },
    async (request, reply) => {
      const site = await changeSite(
        ctx.pool,
        doerOf(request, ctx),
        request.params.id,
        request.body,
        expectedVersion(request),
      );
      sendVersion(reply, site.version);
      return site;
    },
  );
});
