import type { AppContext } from '../context.ts';
import { memberOf } from '../exclusions/parties.ts';
import { type App, capability } from '../http/capability.ts';
import { IdParams } from '../http/schemas.ts';
import { listSchedules, setSchedule } from './schedules.ts';
import {
  AdviceBody,
  NewReport,
  ReleaseBody,
  Report,
  ReportPage,
  ReportPreview,
  ReportQuery,
  ScheduleBody,
  ScheduleParams,
  Schedules,
} from './schemas.ts';
import {
  adviseReport,
  getPreview,
  getReport,
  listReports,
  orderReport,
  printReport,
  releaseReport,
} from './service.ts';

const tags = ['reports'];
const read = { access: 'availability.read' } as const;
const make = { access: 'report.make' } as const;
const params = IdParams;
const response = { 200: Report };

/** Service reports: made on schedule and on demand, numbered, advised, released (docs/reports.md). */
export default capability('reports', async (app, { ctx }) => {
  readRoutes(app, ctx);
  changeRoutes(app, ctx);
  scheduleRoutes(app, ctx);
});

function readRoutes(app: App, ctx: AppContext): void {
  app.get(
    '/reports',
    {
      config: read,
      schema: { tags, summary: 'Reports, newest first', querystring: ReportQuery, response: { 200: ReportPage } },
    },
    async (request) => listReports(ctx.pool, await memberOf(request, ctx), request.query),
  );
  app.get(
    '/reports/:id',
    { config: read, schema: { tags, summary: 'A report and how far its files are', params, response } },
    async (request) => getReport(ctx.pool, await memberOf(request, ctx), request.params.id),
  );
  app.get(
    '/reports/:id/preview',
    {
      config: read,
      schema: {
        tags,
        summary: 'What a report says, for a page: long tables cut',
        params,
        response: { 200: ReportPreview },
      },
    },
    async (request) => getPreview(ctx.pool, await memberOf(request, ctx), request.params.id),
  );
}

function changeRoutes(app: App, ctx: AppContext): void {
  app.post(
    '/reports',
    {
      config: make,
      schema: {
        tags,
        summary: 'Make a report',
        description:
          'Made in the background, as the next edition of its period: earlier ones stay beside it as they were.',
        body: NewReport,
        response: { 202: Report },
      },
    },
    async (request, reply) =>
      reply.code(202).send(await orderReport(ctx.pool, await memberOf(request, ctx), request.body)),
  );
  app.put(
    '/reports/:id/advice',
    {
      config: make,
      schema: {
        tags,
        summary: "The contractor's recommendations, until the release",
        params,
        body: AdviceBody,
        response,
      },
    },
    async (request) => adviseReport(ctx.pool, await memberOf(request, ctx), request.params.id, request.body),
  );
  app.post(
    '/reports/:id/release',
    {
      config: make,
      schema: {
        tags,
        summary: 'Release a report',
        description:
          'By the contractor. Its files are made once more, with the recommendations and the figures of the draft.',
        params,
        body: ReleaseBody,
        response,
      },
    },
    async (request) => releaseReport(ctx.pool, await memberOf(request, ctx), request.params.id, request.body.version),
  );
  app.post(
    '/reports/:id/print',
    {
      config: make,
      schema: {
        tags,
        summary: 'Make the files of a report again, from its own figures',
        params,
        response: { 202: Report },
      },
    },
    async (request, reply) =>
      reply.code(202).send(await printReport(ctx.pool, await memberOf(request, ctx), request.params.id)),
  );
}

function scheduleRoutes(app: App, ctx: AppContext): void {
  app.get(
    '/contracts/:id/report-schedules',
    {
      config: read,
      schema: { tags, summary: 'What is made by the clock', params, response: { 200: Schedules } },
    },
    async (request) => listSchedules(ctx.pool, await memberOf(request, ctx), request.params.id),
  );
  app.put(
    '/contracts/:id/report-schedules/:kind',
    {
      config: make,
      schema: {
        tags,
        summary: 'Switch a schedule on or off',
        description: 'Switched on, it begins with the period that runs; each period is made once.',
        params: ScheduleParams,
        body: ScheduleBody,
        response: { 200: Schedules },
      },
    },
    async (request) =>
      setSchedule(ctx.pool, await memberOf(request, ctx), request.params.id, request.params.kind, request.body),
  );
}
