import { capability } from '../../http/capability.ts';
import { expectedVersion, sendVersion } from '../../http/preconditions.ts';
import { IdParams } from '../../http/schemas.ts';
import { doerOf } from '../shared/doer.ts';
import { NewStation, Station, StationPage, StationPatch, StationQuery } from './schemas.ts';
import { changeStation, createStation, getStation, listStations } from './service.ts';

const tags = ['stations'];

export default capability('stations', async (app, { ctx }) => {
  app.get(
    '/stations',
    {
      config: { access: 'fleet.read' },
      schema: { tags, summary: 'List stations', querystring: StationQuery, response: { 200: StationPage } },
    },
    async (request) => listStations(ctx.pool, doerOf(request, ctx).scope, request.query),
  );

  app.post(
    '/stations',
    {
      config: { access: 'registry.write' },
      schema: { tags, summary: 'Add a station', body: NewStation, response: { 201: Station } },
    },
    async (request, reply) => {
      const station = await createStation(ctx.pool, doerOf(request, ctx), request.body);
      sendVersion(reply, station.version);
      return reply.code(201).send(station);
    },
  );

  app.get(
    '/stations/:id',
    {
      config: { access: 'fleet.read' },
      schema: { tags, summary: 'One station', params: IdParams, response: { 200: Station } },
    },
    async (request, reply) => {
      const station = await getStation(ctx.pool, doerOf(request, ctx).scope, request.params.id);
      sendVersion(reply, station.version);
      return station;
    },
  );

  app.patch(
    '/stations/:id',
    {
      config: { access: 'registry.write' },
      schema: { tags, summary: 'Change a station', params: IdParams, body: StationPatch, response: { 200: Station } },
    },
    async (request, reply) => {
      const station = await changeStation(
        ctx.pool,
        doerOf(request, ctx),
        request.params.id,
        request.body,
        expectedVersion(request),
      );
      sendVersion(reply, station.version);
      return station;
    },
  );
});
