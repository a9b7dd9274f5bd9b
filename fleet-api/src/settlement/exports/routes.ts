import { randomUUID } from 'node:crypto';
import { Type } from 'typebox';
import type { AppContext } from '../../context.ts';
import { inTransaction } from '../../db/index.ts';
import { askFor } from '../../documents/index.ts';
import { insertJob } from '../../evidence/bundle/store.ts';
import { type Member, memberOf } from '../../exclusions/parties.ts';
import { attachment } from '../../files/index.ts';
import { type App, capability } from '../../http/capability.ts';
import { apiError } from '../../http/errors.ts';
import { Body, IdParams, oneOf } from '../../http/schemas.ts';
import { frameOf, requireWhole } from '../access.ts';
import { selectContent } from '../archive/sql.ts';
import { tell, visible } from '../statements/service.ts';
import { selectFreeze } from '../statements/sql.ts';
import { PAPER_FORMATS, STATEMENT_DOCUMENT, type StatementParams } from './maker.ts';
import { statementNumber } from './words.ts';

const tags = ['settlement'];
const params = IdParams;
const read = { config: { access: 'settlement.read' } } as const;

/** Statements to hand over: paper, workbook, evidence bundle, and the very text that was signed. */
export default capability('statement-exports', async (app, { ctx }) => {
  paperRoute(app, ctx);
  bundleRoute(app, ctx);
  textRoute(app, ctx);
});

/** Annexes hold every station, so only who sees all of the contract gets them. @throws ApiError `not_found`, `out_of_scope` */
async function reachable(ctx: AppContext, by: Member, id: number) {
  const row = await visible(ctx.pool, by, id);
  requireWhole(await frameOf(ctx.pool, by, row.contract.id));
  return row;
}

function paperRoute(app: App, ctx: AppContext): void {
  app.post(
    '/statements/:id/paper',
    {
      ...read,
      schema: {
        tags,
        summary: 'Ask for the statement as PDF or Excel: made in the background, see /documents/{id}',
        params,
        body: Body({ format: oneOf(PAPER_FORMATS) }),
        response: { 202: Type.Object({ document_id: Type.String({ format: 'uuid' }) }) },
      },
    },
    async (request, reply) => {
      const by = await memberOf(request, ctx);
      const row = await reachable(ctx, by, request.params.id);
      const job: StatementParams = { statement_id: row.id, format: request.body.format };
      const subject = { ref: `statement:${row.id}`, contractId: row.contract.id, regionId: null };
      const id = await inTransaction(ctx.pool, (client) => askFor(client, STATEMENT_DOCUMENT, job, subject, by));
      return reply.code(202).send({ document_id: id });
    },
  );
}

function bundleRoute(app: App, ctx: AppContext): void {
  app.post(
    '/statements/:id/bundle',
    {
      config: { access: 'evidence.export' },
      schema: {
        tags,
        summary: 'Order the evidence of a closed statement, amounts included: see /evidence-bundles/{id}',
        params,
        response: { 202: Type.Object({ bundle_id: Type.String({ format: 'uuid' }) }) },
      },
    },
    async (request, reply) => {
      const by = await memberOf(request, ctx);
      const row = await reachable(ctx, by, request.params.id);
      if (row.freeze_id === null) throw apiError('settlement_state', 'A draft has nothing to verify; close it first');
      const id = randomUUID();
      await inTransaction(ctx.pool, async (client) => {
        await insertJob(client, {
          id,
          contractId: row.contract.id,
          fromDay: row.from_day,
          toDay: row.to_day,
          regionId: null,
          siteId: null,
          stationId: null,
          statementId: row.id,
          createdBy: by.userId,
          now: new Date(by.nowMs),
        });
        const detail = { bundle: id };
        await tell(client, by, { id: row.id, contractId: row.contract.id, action: 'bundle_ordered', detail });
      });
      return reply.code(202).send({ bundle_id: id });
    },
  );
}

function textRoute(app: App, ctx: AppContext): void {
  app.get(
    '/statements/:id/export.json',
    {
      ...read,
      schema: {
        tags,
        summary: 'The text that digests and signatures are of: canonical JSON, of the archive once it is there',
        params,
        produces: ['application/json'],
        response: { 200: Type.Unsafe<Buffer>({ type: 'string', format: 'binary' }) },
      },
    },
    async (request, reply) => {
      const row = await visible(ctx.pool, await memberOf(request, ctx), request.params.id);
      if (row.freeze_id === null) throw apiError('settlement_state', 'A draft has no text that stays');
      const text = (await selectContent(ctx.pool, row.id)) ?? (await selectFreeze(ctx.pool, row.freeze_id)).content;
      return reply
        .header('content-type', 'application/json; charset=utf-8')
        .header('content-disposition', attachment(`${statementNumber(row.id)}.json`))
        .send(Buffer.from(text));
    },
  );
}
