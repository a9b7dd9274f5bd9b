import { capability } from '../../http/capability.ts';
import { IdParams } from '../../http/schemas.ts';
import { viewerOf } from '../contracts/viewer.ts';
import { budgetOf } from './budget.ts';
import { compareOf } from './compare.ts';
import {
  Availability,
  AvailabilityQuery,
  Budget,
  Compare,
  CompareQuery,
  ScopeQuery,
  StationFigures,
  StationFiguresQuery,
  Trend,
  Worst,
  WorstQuery,
} from './schemas.ts';
import { availabilityOf, worstOf } from './service.ts';
import { stationFiguresOf, trendOf } from './trend.ts';

const tags = ['availability'];
const config = { access: 'availability.read' } as const;

export default capability('availability', async (app, { ctx }) => {
  app.get(
    '/availability',
    {
      config,
      schema: {
        tags,
        summary: 'Rates of a part of the fleet and of what it consists of',
        description:
          'Children of a region are its sub-regions that hold stations and the sites directly in it, of a site its stations. Without region and site: all that the caller may see. Closed periods answer with their frozen figures.',
        querystring: AvailabilityQuery,
        response: { 200: Availability },
      },
    },
    async (request) => availabilityOf({ db: ctx.pool, viewer: viewerOf(request), nowMs: ctx.clock() }, request.query),
  );

  app.get(
    '/availability/trend',
    {
      config,
      schema: { tags, summary: 'Rates day by day', querystring: ScopeQuery, response: { 200: Trend } },
    },
    async (request) => trendOf({ db: ctx.pool, viewer: viewerOf(request), nowMs: ctx.clock() }, request.query),
  );

  app.get(
    '/availability/worst',
    {
      config,
      schema: {
        tags,
        summary: 'Stations with the most counted downtime',
        querystring: WorstQuery,
        response: { 200: Worst },
      },
    },
    async (request) => worstOf({ db: ctx.pool, viewer: viewerOf(request), nowMs: ctx.clock() }, request.query),
  );

  app.get(
    '/availability/budget',
    {
      config,
      schema: {
        tags,
        summary: "How much more downtime the targets allow until the period's end",
        querystring: ScopeQuery,
        response: { 200: Budget },
      },
    },
    async (request) => budgetOf({ db: ctx.pool, viewer: viewerOf(request), nowMs: ctx.clock() }, request.query),
  );

  app.get(
    '/availability/compare',
    {
      config,
      schema: { tags, summary: 'Two periods side by side', querystring: CompareQuery, response: { 200: Compare } },
    },
    async (request) => compareOf({ db: ctx.pool, viewer: viewerOf(request), nowMs: ctx.clock() }, request.query),
  );

  app.get(
    '/stations/:id/availability',
    {
      config,
      schema: {
        tags,
        summary: 'Figures of one station, in sum and day by day',
        params: IdParams,
        querystring: StationFiguresQuery,
        response: { 200: StationFigures },
      },
    },
    async (request) =>
      stationFiguresOf(
        { db: ctx.pool, viewer: viewerOf(request), nowMs: ctx.clock() },
        request.params.id,
        request.query,
      ),
  );
});
