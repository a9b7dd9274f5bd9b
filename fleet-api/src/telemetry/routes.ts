import { capability } from '../http/capability.ts';
import { DeviceIdParams } from '../registry/devices/schemas.ts';
import { doerOf } from '../registry/shared/doer.ts';
import { platformOf } from './platform.ts';
import {
  EventPage,
  EventQuery,
  Platform,
  Presence,
  PresenceQuery,
  Series,
  SeriesQuery,
  SessionPage,
  SessionQuery,
} from './schemas.ts';
import { eventsOf, presenceOf, seriesOf, sessionsOf } from './service.ts';

const tags = ['telemetry'];
const params = DeviceIdParams;
const config = { access: 'fleet.read' } as const;

export default capability('telemetry', async (app, { ctx }) => {
  app.get(
    '/devices/:id/series',
    {
      config,
      schema: { tags, summary: 'A chart of one metric', params, querystring: SeriesQuery, response: { 200: Series } },
    },
    async (request) => seriesOf(ctx.pool, doerOf(request, ctx), request.params.id, request.query),
  );

  app.get(
    '/devices/:id/presence',
    {
      config,
      schema: {
        tags,
        summary: 'When it was online, by its live beats',
        params,
        querystring: PresenceQuery,
        response: { 200: Presence },
      },
    },
    async (request) => presenceOf(ctx.pool, doerOf(request, ctx), request.params.id, request.query),
  );

  app.get(
    '/devices/:id/events',
    {
      config,
      schema: {
        tags,
        summary: 'Events, log and results, newest first',
        params,
        querystring: EventQuery,
        response: { 200: EventPage },
      },
    },
    async (request) => eventsOf(ctx.pool, doerOf(request, ctx), request.params.id, request.query),
  );

  app.get(
    '/devices/:id/sessions',
    {
      config,
      schema: {
        tags,
        summary: 'Connections, newest first',
        params,
        querystring: SessionQuery,
        response: { 200: SessionPage },
      },
    },
    async (request) => sessionsOf(ctx.pool, doerOf(request, ctx), request.params.id, request.query),
  );

  app.get(
    '/platform',
    {
      config: { access: 'platform.read' },
      schema: {
        tags: ['platform'],
        summary: 'Versions, sizes, rates and liveness of the platform',
        response: { 200: Platform },
      },
    },
    async () => platformOf(ctx),
  );
});
