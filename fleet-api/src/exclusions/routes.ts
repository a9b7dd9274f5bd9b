import { capability } from '../http/capability.ts';
import { sendVersion } from '../http/preconditions.ts';
import { IdParams } from '../http/schemas.ts';
import { memberOf } from './parties.ts';
import {
  ApproveBody,
  ExclusionDetail,
  ExclusionPage,
  ExclusionPreview,
  ExclusionQuery,
  NewExclusion,
  ReasonedBody,
  WithdrawBody,
} from './schemas.ts';
import {
  decideExclusion,
  getExclusion,
  listExclusions,
  previewExclusion,
  proposeExclusion,
  withdrawExclusion,
} from './service.ts';

const tags = ['exclusions'];
const params = IdParams;
const response = { 200: ExclusionDetail };

export default capability('exclusions', async (app, { ctx }) => {
  app.get(
    '/exclusions',
    {
      config: { access: 'availability.read' },
      schema: {
        tags,
        summary: 'List exclusions, newest first',
        querystring: ExclusionQuery,
        response: { 200: ExclusionPage },
      },
    },
    async (request) => listExclusions(ctx.pool, await memberOf(request, ctx), request.query),
  );

  app.post(
    '/exclusions',
    {
      config: { access: 'exclusion.propose' },
      schema: {
        tags,
        summary: 'Propose an exclusion',
        description:
          'By a party of the contract, for a target wholly inside of the own regions, within the term of the contract and outside ' +
          'of its closed periods. The past is allowed, except for planned_maintenance. Overlap with other exclusions is allowed: ' +
          'time counts as excluded once. It takes effect when the other side approves it.',
        body: NewExclusion,
        response: { 201: ExclusionDetail },
      },
    },
    async (request, reply) => {
      const exclusion = await proposeExclusion(ctx.pool, await memberOf(request, ctx), request.body);
      sendVersion(reply, exclusion.version);
      return reply.code(201).send(exclusion);
    },
  );

  app.post(
    '/exclusions/preview',
    {
      config: { access: 'exclusion.propose' },
      schema: {
        tags,
        summary: 'What a proposal would come to; stores nothing',
        body: NewExclusion,
        response: { 200: ExclusionPreview },
      },
    },
    async (request) => previewExclusion(ctx.pool, await memberOf(request, ctx), request.body),
  );

  app.get(
    '/exclusions/:id',
    {
      config: { access: 'availability.read' },
      schema: { tags, summary: 'One exclusion with its files, history and effect', params, response },
    },
    async (request, reply) => {
      const exclusion = await getExclusion(ctx.pool, await memberOf(request, ctx), request.params.id);
      sendVersion(reply, exclusion.version);
      return exclusion;
    },
  );

  app.post(
    '/exclusions/:id/approve',
    {
      config: { access: 'exclusion.decide' },
      schema: {
        tags,
        summary: 'Approve an exclusion',
        description:
          'By the other side of the contract. Of two decisions at once the first wins: the other is told exclusion_decided. ' +
          'A file that was added since the version was read is told as version_conflict.',
        params,
        body: ApproveBody,
        response,
      },
    },
    async (request) =>
      decideExclusion(ctx.pool, await memberOf(request, ctx), request.params.id, 'approve', request.body),
  );

  app.post(
    '/exclusions/:id/reject',
    {
      config: { access: 'exclusion.decide' },
      schema: { tags, summary: 'Reject an exclusion', params, body: ReasonedBody, response },
    },
    async (request) =>
      decideExclusion(ctx.pool, await memberOf(request, ctx), request.params.id, 'reject', request.body),
  );

  app.post(
    '/exclusions/:id/withdraw',
    {
      config: { access: 'exclusion.propose' },
      schema: {
        tags,
        summary: 'Withdraw an exclusion',
        description:
          'A proposal: by the organisation that made it. An approved one: by both sides, one after the other, since either may ' +
          'gain by it. The first call asks (state stays approved, withdrawal says who), the call of the other side withdraws. ' +
          'Refused with period_closed once its time is part of a closed period.',
        params,
        body: WithdrawBody,
        response,
      },
    },
    async (request) => withdrawExclusion(ctx.pool, await memberOf(request, ctx), request.params.id, request.body),
  );
});
