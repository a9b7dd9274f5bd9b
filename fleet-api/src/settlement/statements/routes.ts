import type { AppContext } from '../../context.ts';
import { memberOf } from '../../exclusions/parties.ts';
import { type App, capability } from '../../http/capability.ts';
import { IdParams, NoContent } from '../../http/schemas.ts';
import {
  EmptyBody,
  NewStatement,
  NoteBody,
  SeenBody,
  SignBody,
  StatementDetail,
  StatementPage,
  StatementPeriods,
  StatementQuery,
} from './schemas.ts';
import * as service from './service.ts';
import * as steps from './steps.ts';

const tags = ['settlement'];
const read = { config: { access: 'settlement.read' } } as const;
const write = { config: { access: 'settlement.write' } } as const;
const params = IdParams;
const response = { 200: StatementDetail };

/** Statements: drafts that follow the evidence, closed, agreed on by both sides, signed, archived. */
export default capability('statements', async (app, { ctx }) => {
  listRoutes(app, ctx);
  oneRoutes(app, ctx);
  stepRoutes(app, ctx);
});

function listRoutes(app: App, ctx: AppContext): void {
  app.get(
    '/statements',
    {
      ...read,
      schema: {
        tags,
        summary: 'Statements, latest period first',
        querystring: StatementQuery,
        response: { 200: StatementPage },
      },
    },
    async (request) => service.listStatements(ctx.pool, await memberOf(request, ctx), request.query),
  );
  app.get(
    '/contracts/:id/statement-periods',
    {
      ...read,
      schema: {
        tags,
        summary: 'What the schedule of a contract has to settle',
        params,
        response: { 200: StatementPeriods },
      },
    },
    async (request) => service.statementPeriods(ctx.pool, await memberOf(request, ctx), request.params.id),
  );
  app.post(
    '/contracts/:id/statements',
    {
      ...write,
      schema: {
        tags,
        summary: 'Begin a statement: a draft that follows the evidence',
        params,
        body: NewStatement,
        response: { 201: StatementDetail },
      },
    },
    async (request, reply) => {
      const by = await memberOf(request, ctx);
      return reply.code(201).send(await service.createStatement(ctx.pool, by, request.params.id, request.body));
    },
  );
}

function oneRoutes(app: App, ctx: AppContext): void {
  app.get(
    '/statements/:id',
    { ...read, schema: { tags, summary: 'A statement with all that it rests on', params, response } },
    async (request) => service.getStatement(ctx.pool, await memberOf(request, ctx), request.params.id),
  );
  app.delete(
    '/statements/:id',
    { ...write, schema: { tags, summary: 'Delete a draft', params, response: { 204: NoContent } } },
    async (request, reply) => {
      await service.removeStatement(ctx.pool, await memberOf(request, ctx), request.params.id);
      return reply.code(204).send(null);
    },
  );
}

function stepRoutes(app: App, ctx: AppContext): void {
  const step = <B extends typeof EmptyBody | typeof SeenBody | typeof NoteBody>(summary: string, body: B) => ({
    ...write,
    schema: { tags, summary, params, body, response },
  });
  app.post('/statements/:id/close', step('Freeze figures, values, document and rules', EmptyBody), async (request) =>
    steps.closeStatement(ctx.pool, await memberOf(request, ctx), request.params.id),
  );
  app.post('/statements/:id/submit', step('The contractor puts it before the agency', SeenBody), async (request) =>
    steps.submitStatement(ctx.pool, await memberOf(request, ctx), request.params.id, request.body.sha256),
  );
  app.post('/statements/:id/agree', step('The other side agrees to every line', SeenBody), async (request) =>
    steps.agreeStatement(ctx.pool, await memberOf(request, ctx), request.params.id, request.body.sha256),
  );
  app.post('/statements/:id/reopen', step('Make a closed statement a draft again', NoteBody), async (request) =>
    steps.reopenStatement(ctx.pool, await memberOf(request, ctx), request.params.id, request.body.note),
  );
  app.post('/statements/:id/archive', step('Put a signed statement into the chain', EmptyBody), async (request) =>
    steps.archiveStatement(ctx.pool, await memberOf(request, ctx), request.params.id),
  );
  app.post(
    '/statements/:id/sign',
    {
      config: { access: 'settlement.sign' },
      schema: {
        tags,
        summary: 'A named person signs for his side what has this digest',
        params,
        body: SignBody,
        response,
      },
    },
    async (request) => steps.signStatement(ctx.pool, await memberOf(request, ctx), request.params.id, request.body),
  );
}
