import { memberOf } from '../../exclusions/parties.ts';
import { capability } from '../../http/capability.ts';
import { IdParams, NoContent } from '../../http/schemas.ts';
import { NewShift, OnDuty, Roster, RosterQuery, Shift, ShiftPatch, SkeletonBody, SkeletonDone } from './schemas.ts';
import { addShift, changeShift, makeSkeleton, onDutyNow, removeShift, rosterOf } from './service.ts';

const tags = ['duties'];

export default capability('duty-roster', async (app, { ctx }) => {
  app.get(
    '/duty-roster',
    {
      config: { access: 'availability.read' },
      schema: {
        tags,
        summary: 'Who is on duty, with gaps on holidays',
        querystring: RosterQuery,
        response: { 200: Roster },
      },
    },
    async (request) => rosterOf(ctx.pool, await memberOf(request, ctx), request.query),
  );

  app.get(
    '/duty-roster/now',
    {
      config: { access: 'availability.read' },
      schema: { tags, summary: 'Who is on duty at this moment', response: { 200: OnDuty } },
    },
    async (request) => onDutyNow(ctx.pool, await memberOf(request, ctx)),
  );

  app.post(
    '/duty-roster',
    {
      config: { access: 'duty.plan' },
      schema: { tags, summary: 'Put a shift into the roster (contractor)', body: NewShift, response: { 201: Shift } },
    },
    async (request, reply) =>
      reply.code(201).send(await addShift(ctx.pool, await memberOf(request, ctx), request.body)),
  );

  app.post(
    '/duty-roster/skeleton',
    {
      config: { access: 'duty.plan' },
      schema: {
        tags,
        summary: 'Make empty shifts for the public holidays of a time (contractor)',
        description: 'Shifts that are there stay as they are: doing it again changes nothing.',
        body: SkeletonBody,
        response: { 200: SkeletonDone },
      },
    },
    async (request) => makeSkeleton(ctx.pool, await memberOf(request, ctx), request.body),
  );

  app.patch(
    '/duty-roster/:id',
    {
      config: { access: 'duty.plan' },
      schema: {
        tags,
        summary: 'Change a shift, or who is in it (contractor)',
        params: IdParams,
        body: ShiftPatch,
        response: { 200: Shift },
      },
    },
    async (request) => changeShift(ctx.pool, await memberOf(request, ctx), request.params.id, request.body),
  );

  app.delete(
    '/duty-roster/:id',
    {
      config: { access: 'duty.plan' },
      schema: { tags, summary: 'Take a shift out (contractor)', params: IdParams, response: { 204: NoContent } },
    },
    async (request, reply) => {
      await removeShift(ctx.pool, await memberOf(request, ctx), request.params.id);
      return reply.code(204).send(null);
    },
  );
});
