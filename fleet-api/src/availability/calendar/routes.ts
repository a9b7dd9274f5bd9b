import { capability } from '../../http/capability.ts';
import { NoContent } from '../../http/schemas.ts';
import { doerOf } from '../../registry/shared/doer.ts';
import { CalendarDay, CalendarDayInput, CalendarDayList, CalendarDayParams, CalendarDayQuery } from './schemas.ts';
import { listDays, putDay, removeDay } from './service.ts';

const tags = ['availability'];

export default capability('calendar', async (app, { ctx }) => {
  app.get(
    '/calendar-days',
    {
      config: { access: 'availability.read' },
      schema: {
        tags,
        summary: 'Public holidays and make-up workdays of a year',
        querystring: CalendarDayQuery,
        response: { 200: CalendarDayList },
      },
    },
    async (request) => listDays(ctx.pool, request.query.year),
  );

  app.put(
    '/calendar-days/:day',
    {
      config: { access: 'calendar.write' },
      schema: {
        tags,
        summary: 'Enter or replace a holiday or make-up workday',
        params: CalendarDayParams,
        body: CalendarDayInput,
        response: { 200: CalendarDay },
      },
    },
    async (request) => putDay(ctx.pool, doerOf(request, ctx), request.params.day, request.body),
  );

  app.delete(
    '/calendar-days/:day',
    {
      config: { access: 'calendar.write' },
      schema: {
        tags,
        summary: 'Make a day an ordinary one again',
        params: CalendarDayParams,
        response: { 204: NoContent },
      },
    },
    async (request, reply) => {
      await removeDay(ctx.pool, doerOf(request, ctx), request.params.day);
      return reply.code(204).send(null);
    },
  );
});
