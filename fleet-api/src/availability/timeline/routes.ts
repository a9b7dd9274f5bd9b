import { capability } from '../../http/capability.ts';
import { IdParams } from '../../http/schemas.ts';
import { viewerOf } from '../contracts/viewer.ts';
import { explain } from './explain.ts';
import { ExplainQuery, Explanation, StationTimeline, TimelineQuery } from './schemas.ts';
import { timelineOf } from './service.ts';

const tags = ['availability'];
const config = { access: 'availability.read' } as const;

export default capability('station-timelines', async (app, { ctx }) => {
  app.get(
    '/stations/:id/timeline',
    {
      config,
      schema: {
        tags,
        summary: 'Both dimensions of a station over at most 92 days, with what is excluded and not required',
        params: IdParams,
        querystring: TimelineQuery,
        response: { 200: StationTimeline },
      },
    },
    async (request) =>
      timelineOf({ db: ctx.pool, viewer: viewerOf(request), nowMs: ctx.clock() }, request.params.id, request.query),
  );

  app.get(
    '/stations/:id/explain',
    {
      config,
      schema: {
        tags,
        summary: 'Why a station was in its state at an instant, and the records that prove it',
        params: IdParams,
        querystring: ExplainQuery,
        response: { 200: Explanation },
      },
    },
    async (request) =>
      explain({ db: ctx.pool, viewer: viewerOf(request), nowMs: ctx.clock() }, request.params.id, request.query),
  );
});
