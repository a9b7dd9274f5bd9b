import { Type } from 'typebox';
import { memberOf } from '../exclusions/parties.ts';
import { capability } from '../http/capability.ts';
import { expectedVersion, sendVersion } from '../http/preconditions.ts';
import { Id, IdParams, NoContent, Query } from '../http/schemas.ts';
import { Checklist, DEFAULT_CHECKLIST } from './checklist.ts';
import { PlanDetail, PlanInput, PlanList, PlanPreview, PlanQuery, PreviewQuery } from './plan-schemas.ts';
import { changePlan, createPlan, deletePlan, getPlan, listPlans, previewPlan } from './plan-service.ts';
import { AssigneeList } from './schemas.ts';
import { selectInspectors } from './task-sql.ts';

const tags = ['inspections'];
const params = IdParams;
const description =
  'Each period of the cycle, inside of the plan and the term of the contract, asks for one visit to every station, site or county ' +
  'with a station in service when the period begins. before_holiday: before days off in a row with a public holiday among them.';

export default capability('inspection-plans', async (app, { ctx }) => {
  app.get(
    '/inspection-plans',
    {
      config: { access: 'repair.read' },
      schema: { tags, summary: 'Plans of inspections', querystring: PlanQuery, response: { 200: PlanList } },
    },
    async (request) => listPlans(ctx.pool, await memberOf(request, ctx), request.query.contract),
  );

  app.get(
    '/inspection-checklist',
    {
      config: { access: 'repair.read' },
      schema: {
        tags,
        summary: 'The checklist that a plan has unless it says otherwise',
        response: { 200: Type.Object({ items: Checklist }) },
      },
    },
    async () => ({ items: [...DEFAULT_CHECKLIST] }),
  );

  app.get(
    '/inspection-people',
    {
      config: { access: 'repair.read' },
      schema: {
        tags,
        summary: 'Who may carry out inspections of a contract',
        querystring: Query({ contract: Id }),
        response: { 200: AssigneeList },
      },
    },
    async (request) => {
      const by = await memberOf(request, ctx);
      const { items } = await listPlans(ctx.pool, by, request.query.contract);
      const mayPlan = by.role === 'manager' || items.length > 0;
      return { items: mayPlan ? await selectInspectors(ctx.pool, request.query.contract) : [] };
    },
  );

  app.post(
    '/inspection-plans',
    {
      config: { access: 'inspection.plan' },
      schema: { tags, summary: 'Enter a plan', description, body: PlanInput, response: { 201: PlanDetail } },
    },
    async (request, reply) => {
      const plan = await createPlan(ctx.pool, await memberOf(request, ctx), request.body);
      sendVersion(reply, plan.version);
      return reply.code(201).send(plan);
    },
  );

  app.post(
    '/inspection-plans/preview',
    {
      config: { access: 'inspection.plan', idempotency: 'off' },
      schema: {
        tags,
        summary: 'What a plan, or a change of one, would come to; stores nothing',
        querystring: PreviewQuery,
        body: PlanInput,
        response: { 200: PlanPreview },
      },
    },
    async (request) => previewPlan(ctx.pool, await memberOf(request, ctx), request.body, request.query.plan),
  );

  app.get(
    '/inspection-plans/:id',
    {
      config: { access: 'repair.read' },
      schema: { tags, summary: 'One plan with its versions', params, response: { 200: PlanDetail } },
    },
    async (request, reply) => {
      const plan = await getPlan(ctx.pool, await memberOf(request, ctx), request.params.id);
      sendVersion(reply, plan.version);
      return plan;
    },
  );

  app.put(
    '/inspection-plans/:id',
    {
      config: { access: 'inspection.plan' },
      schema: {
        tags,
        summary: 'Give a plan new terms',
        description: 'Tasks that are there stay as they are; the terms hold for periods that have none yet.',
        params,
        body: PlanInput,
        response: { 200: PlanDetail },
      },
    },
    async (request, reply) => {
      const by = await memberOf(request, ctx);
      const plan = await changePlan(ctx.pool, by, request.params.id, request.body, expectedVersion(request));
      sendVersion(reply, plan.version);
      return plan;
    },
  );

  app.delete(
    '/inspection-plans/:id',
    {
      config: { access: 'inspection.plan' },
      schema: {
        tags,
        summary: 'Delete a plan that was entered by mistake',
        description: 'Within a day, and while none of its tasks was begun. To end a plan, give it a last day.',
        params,
        response: { 204: NoContent },
      },
    },
    async (request, reply) => {
      await deletePlan(ctx.pool, await memberOf(request, ctx), request.params.id);
      return reply.code(204).send(null);
    },
  );
});
