import { memberOf } from '../../exclusions/parties.ts';
import { capability } from '../../http/capability.ts';
import { sendVersion } from '../../http/preconditions.ts';
import { IdParams } from '../../http/schemas.ts';
import {
  Complaint,
  ComplaintPage,
  ComplaintQuery,
  NewComplaint,
  RefuseBody,
  ResolutionBody,
  ResolveBody,
  SayBody,
} from './schemas.ts';
import { claimResolved, decideResolution, getComplaint, listComplaints, recordComplaint, sayOf } from './service.ts';

const tags = ['duties'];
const params = IdParams;
const response = { 200: Complaint };

export default capability('complaints', async (app, { ctx }) => {
  app.get(
    '/complaints',
    {
      config: { access: 'availability.read' },
      schema: {
        tags,
        summary: 'Complaints, newest first',
        querystring: ComplaintQuery,
        response: { 200: ComplaintPage },
      },
    },
    async (request) => listComplaints(ctx.pool, await memberOf(request, ctx), request.query),
  );

  app.post(
    '/complaints',
    {
      config: { access: 'complaint.write' },
      schema: { tags, summary: 'Write a complaint down', body: NewComplaint, response: { 201: Complaint } },
    },
    async (request, reply) => {
      const complaint = await recordComplaint(ctx.pool, await memberOf(request, ctx), request.body);
      sendVersion(reply, complaint.version);
      return reply.code(201).send(complaint);
    },
  );

  app.get(
    '/complaints/:id',
    { config: { access: 'availability.read' }, schema: { tags, summary: 'One complaint', params, response } },
    async (request, reply) => {
      const complaint = await getComplaint(ctx.pool, await memberOf(request, ctx), request.params.id);
      sendVersion(reply, complaint.version);
      return complaint;
    },
  );

  app.post(
    '/complaints/:id/word',
    {
      config: { access: 'complaint.write' },
      schema: {
        tags,
        summary: "Give the own side's word: valid and of which class, or not",
        description:
          'Equal words of both sides decide. Each side speaks once; in a dispute it may take over the word of the other. A side that ' +
          'is silent for ten days after the other spoke agrees.',
        params,
        body: SayBody,
        response,
      },
    },
    async (request) => sayOf(ctx.pool, await memberOf(request, ctx), request.params.id, request.body),
  );

  app.post(
    '/complaints/:id/resolution',
    {
      config: { access: 'complaint.write' },
      schema: {
        tags,
        summary: 'Say that it is resolved, and how (contractor)',
        params,
        body: ResolutionBody,
        response,
      },
    },
    async (request) => claimResolved(ctx.pool, await memberOf(request, ctx), request.params.id, request.body),
  );

  app.post(
    '/complaints/:id/resolve',
    {
      config: { access: 'complaint.write' },
      schema: { tags, summary: 'Agree that it is resolved (agency)', params, body: ResolveBody, response },
    },
    async (request) =>
      decideResolution(ctx.pool, await memberOf(request, ctx), request.params.id, 'resolve', request.body),
  );

  app.post(
    '/complaints/:id/refuse-resolution',
    {
      config: { access: 'complaint.write' },
      schema: { tags, summary: 'Say why it is not resolved (agency)', params, body: RefuseBody, response },
    },
    async (request) =>
      decideResolution(ctx.pool, await memberOf(request, ctx), request.params.id, 'refuse', request.body),
  );
});
