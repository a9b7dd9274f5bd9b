import { memberOf } from '../../exclusions/parties.ts';
import { capability } from '../../http/capability.ts';
import { sendVersion } from '../../http/preconditions.ts';
import { IdParams } from '../../http/schemas.ts';
import { decideDuty, endDuty, getDuty, listDuties, previewDuty, proposeDuty } from './duties.ts';
import { DocumentDuty, DutyDecision, DutyEnd, DutyPage, DutyPreview, DutyQuery, NewDuty } from './schemas.ts';

const tags = ['duties'];
const params = IdParams;
const response = { 200: DocumentDuty };

export default capability('document-duties', async (app, { ctx }) => {
  app.get(
    '/document-duties',
    {
      config: { access: 'availability.read' },
      schema: {
        tags,
        summary: 'What has to be handed in, newest first',
        querystring: DutyQuery,
        response: { 200: DutyPage },
      },
    },
    async (request) => listDuties(ctx.pool, await memberOf(request, ctx), request.query),
  );

  app.post(
    '/document-duties',
    {
      config: { access: 'duty.plan' },
      schema: {
        tags,
        summary: 'Propose a duty',
        description:
          'By either side. Documents are owed once the other side agrees, also those of the past since from_day.',
        body: NewDuty,
        response: { 201: DocumentDuty },
      },
    },
    async (request, reply) => {
      const duty = await proposeDuty(ctx.pool, await memberOf(request, ctx), request.body);
      sendVersion(reply, duty.version);
      return reply.code(201).send(duty);
    },
  );

  app.post(
    '/document-duties/preview',
    {
      config: { access: 'duty.plan' },
      schema: {
        tags,
        summary: 'What a duty would ask for; stores nothing',
        body: NewDuty,
        response: { 200: DutyPreview },
      },
    },
    async (request) => previewDuty(ctx.pool, await memberOf(request, ctx), request.body),
  );

  app.get(
    '/document-duties/:id',
    { config: { access: 'availability.read' }, schema: { tags, summary: 'One duty', params, response } },
    async (request) => getDuty(ctx.pool, await memberOf(request, ctx), request.params.id),
  );

  app.post(
    '/document-duties/:id/agree',
    {
      config: { access: 'duty.plan' },
      schema: { tags, summary: 'Agree to a duty that the other side proposed', params, body: DutyDecision, response },
    },
    async (request) => decideDuty(ctx.pool, await memberOf(request, ctx), request.params.id, 'agree', request.body),
  );

  app.post(
    '/document-duties/:id/reject',
    {
      config: { access: 'duty.plan' },
      schema: { tags, summary: 'Reject a duty that the other side proposed', params, body: DutyDecision, response },
    },
    async (request) => decideDuty(ctx.pool, await memberOf(request, ctx), request.params.id, 'reject', request.body),
  );

  app.post(
    '/document-duties/:id/end',
    {
      config: { access: 'duty.plan' },
      schema: {
        tags,
        summary: 'End a duty before its time',
        description:
          'It takes both sides: the first call asks, that of the other side for the same day ends it. Documents of periods that begin ' +
          'on that day or later and were not handed in are not owed any more.',
        params,
        body: DutyEnd,
        response,
      },
    },
    async (request) => endDuty(ctx.pool, await memberOf(request, ctx), request.params.id, request.body),
  );
});
