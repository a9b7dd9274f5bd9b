import { Type } from 'typebox';
import { memberOf } from '../exclusions/parties.ts';
import { capability } from '../http/capability.ts';
import { apiError } from '../http/errors.ts';
import { versioned } from '../http/preconditions.ts';
import { Id, IdParams } from '../http/schemas.ts';
import { actorOf } from './actor.ts';
import * as acts from './acts.ts';
import { Decisions } from './decision-schemas.ts';
import { openDecisions } from './decisions.ts';
import * as schemas from './detail-schemas.ts';
import { selectPeople, selectStanding } from './detail-sql.ts';
import { Board, BoardQuery, OrderCount, OrderFilters, OrderPage, OrderQuery } from './schemas.ts';
import { countOrders, getBoard, getOrder, listOrders } from './service.ts';
import { requireWorker } from './standing.ts';

const tags = ['work orders'];
const params = IdParams;
const response = { 200: schemas.OrderDetail };
const ifMatch = 'With If-Match, an order that somebody changed in between is told as version_conflict.';

export default capability('work-orders', async (app, { ctx }) => {
  app.get(
    '/orders',
    {
      config: { access: 'repair.read' },
      schema: { tags, summary: 'List work orders', querystring: OrderQuery, response: { 200: OrderPage } },
    },
    async (request) => listOrders(ctx.pool, await memberOf(request, ctx), request.query),
  );

  app.get(
    '/orders/count',
    {
      config: { access: 'repair.read' },
      schema: { tags, summary: 'Count work orders', querystring: OrderFilters, response: { 200: OrderCount } },
    },
    async (request) => countOrders(ctx.pool, await memberOf(request, ctx), request.query),
  );

  app.get(
    '/orders/board',
    {
      config: { access: 'repair.read' },
      schema: {
        tags,
        summary: 'Open work orders by state: how many, and those due first',
        querystring: BoardQuery,
        response: { 200: Board },
      },
    },
    async (request) => getBoard(ctx.pool, await memberOf(request, ctx), request.query),
  );

  app.get(
    '/orders/decisions',
    {
      config: { access: 'repair.read' },
      schema: {
        tags,
        summary: 'Pauses and severities that one side proposed and the other has not decided about',
        description: 'Of open orders, and of those that are over for 200 days from the beginning of their fault.',
        response: { 200: Decisions },
      },
    },
    async (request) => openDecisions(ctx.pool, await memberOf(request, ctx)),
  );

  app.get(
    '/orders/:id',
    {
      config: { access: 'repair.read' },
      schema: { tags, summary: 'One work order with its faults, clocks and story', params, response },
    },
    async (request, reply) => {
      return versioned(reply, await getOrder(ctx.pool, await memberOf(request, ctx), request.params.id));
    },
  );

  app.get(
    '/orders/:id/people',
    {
      config: { access: 'order.work' },
      schema: {
        tags,
        summary: 'Who may be given the order',
        params,
        response: { 200: schemas.OrderPeople },
      },
    },
    async (request) => {
      const by = await memberOf(request, ctx);
      const row = await selectStanding(ctx.pool, by.scope, request.params.id, { lock: false });
      if (row === null) throw apiError('not_found');
      requireWorker(row, by, 'order.work');
      return { items: await selectPeople(ctx.pool, row.org_id, row.region_path) };
    },
  );

  app.post(
    '/orders/:id/steps',
    {
      config: { access: 'order.work' },
      schema: {
        tags,
        summary: 'Tell a step: acknowledge, set_out, arrive, restore, repair',
        description: `By the contractor that has the order. Steps may be left out, none is told after a later one. ${ifMatch}`,
        params,
        body: schemas.StepBody,
        response,
      },
    },
    async (request, reply) => versioned(reply, await acts.tellStep(...(await actorOf(request, ctx)), request.body)),
  );

  app.post(
    '/orders/:id/assign',
    {
      config: { access: 'order.work' },
      schema: {
        tags,
        summary: 'Give the order to somebody of the contractor',
        description: `Managers to anybody; others take what nobody has. ${ifMatch}`,
        params,
        body: schemas.AssignBody,
        response,
      },
    },
    async (request, reply) => versioned(reply, await acts.assign(...(await actorOf(request, ctx)), request.body)),
  );

  app.post(
    '/orders/:id/close',
    {
      config: { access: 'order.work' },
      schema: {
        tags,
        summary: 'Close with cause, analysis and advice',
        description: `Once the fault is gone; never without all three. ${ifMatch}`,
        params,
        body: schemas.CloseBody,
        response,
      },
    },
    async (request, reply) => versioned(reply, await acts.closeOrder(...(await actorOf(request, ctx)), request.body)),
  );

  app.post(
    '/orders/:id/reopen',
    {
      config: { access: 'fault.report' },
      schema: {
        tags,
        summary: 'Open again: the fault is back, or was never gone',
        description: `By either side. The end is void, and so is the confirmation. ${ifMatch}`,
        params,
        body: schemas.NoteBody,
        response,
      },
    },
    async (request, reply) => versioned(reply, await acts.reopen(...(await actorOf(request, ctx)), request.body)),
  );

  app.post(
    '/orders/:id/cancel',
    {
      config: { access: 'fault.report' },
      schema: {
        tags,
        summary: 'Cancel: there was no fault',
        description: `Takes faults out of the figures, so the agency does it; where a contract has none, a manager of the contractor. ${ifMatch}`,
        params,
        body: schemas.NoteBody,
        response,
      },
    },
    async (request, reply) => versioned(reply, await acts.cancel(...(await actorOf(request, ctx)), request.body)),
  );

  app.post(
    '/orders/:id/comments',
    {
      config: { access: 'fault.report' },
      schema: { tags, summary: 'Say something about an order', params, body: schemas.NoteBody, response },
    },
    async (request) => acts.comment(ctx.pool, await memberOf(request, ctx), request.params.id, request.body),
  );

  app.patch(
    '/orders/:id',
    {
      config: { access: 'order.work' },
      schema: {
        tags,
        summary: 'Title, cost and warranty',
        description: ifMatch,
        params,
        body: schemas.EditBody,
        response,
      },
    },
    async (request, reply) => versioned(reply, await acts.edit(...(await actorOf(request, ctx)), request.body)),
  );

  app.post(
    '/orders/:id/parts',
    {
      config: { access: 'order.work' },
      schema: { tags, summary: 'Write down a part that went in', params, body: schemas.PartBody, response },
    },
    async (request, reply) => versioned(reply, await acts.addPart(...(await actorOf(request, ctx)), request.body)),
  );

  app.delete(
    '/orders/:id/parts/:part',
    {
      config: { access: 'order.work' },
      schema: { tags, summary: 'Strike a part off', params: Type.Object({ id: Id, part: Id }), response },
    },
    async (request, reply) => {
      const [pool, by, id, version] = await actorOf(request, ctx);
      return versioned(reply, await acts.dropPart(pool, by, id, request.params.part, version));
    },
  );
});
