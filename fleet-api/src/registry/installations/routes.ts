import { capability } from '../../http/capability.ts';
import { sendVersion } from '../../http/preconditions.ts';
import { IdParams } from '../../http/schemas.ts';
import { DeviceIdParams } from '../devices/schemas.ts';
import { doerOf } from '../shared/doer.ts';
import { Station } from '../stations/schemas.ts';
import { Install, InstallationPage, InstallationQuery, Remove, Swap } from './schemas.ts';
import * as service from './service.ts';

const tags = ['installations'];
const write = { access: 'registry.write' } as const;
const read = { access: 'fleet.read' } as const;

export default capability('installations', async (app, { ctx }) => {
  app.post(
    '/stations/:id/install',
    {
      config: write,
      schema: {
        tags,
        summary: 'Put a device at an empty station',
        params: IdParams,
        body: Install,
        response: { 200: Station },
      },
    },
    async (request, reply) => {
      const station = await service.install(ctx.pool, doerOf(request, ctx), request.params.id, request.body);
      sendVersion(reply, station.version);
      return station;
    },
  );

  app.post(
    '/stations/:id/swap',
    {
      config: write,
      schema: {
        tags,
        summary: 'Replace the device at a station',
        params: IdParams,
        body: Swap,
        response: { 200: Station },
      },
    },
    async (request, reply) => {
      const station = await service.swap(ctx.pool, doerOf(request, ctx), request.params.id, request.body);
      sendVersion(reply, station.version);
      return station;
    },
  );

  app.post(
    '/stations/:id/remove',
    {
      config: write,
      schema: {
        tags,
        summary: 'Take the device away from a station',
        params: IdParams,
        body: Remove,
        response: { 200: Station },
      },
    },
    async (request, reply) => {
      const station = await service.remove(ctx.pool, doerOf(request, ctx), request.params.id, request.body);
      sendVersion(reply, station.version);
      return station;
    },
  );

  app.get(
    '/stations/:id/installations',
    {
      config: read,
      schema: {
        tags,
        summary: 'What stood at a station, newest first',
        params: IdParams,
        querystring: InstallationQuery,
        response: { 200: InstallationPage },
      },
    },
    async (request) => service.historyOfStation(ctx.pool, doerOf(request, ctx), request.params.id, request.query),
  );

  app.get(
    '/devices/:id/installations',
    {
      config: read,
      schema: {
        tags,
        summary: 'Where a device stood, newest first',
        params: DeviceIdParams,
        querystring: InstallationQuery,
        response: { 200: InstallationPage },
      },
    },
    async (request) => service.historyOfDevice(ctx.pool, doerOf(request, ctx), request.params.id, request.query),
  );
});
