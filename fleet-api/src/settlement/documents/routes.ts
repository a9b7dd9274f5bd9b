import { PRESETS } from '@uptally/sla';
import type { AppContext } from '../../context.ts';
import { memberOf } from '../../exclusions/parties.ts';
import { type App, capability } from '../../http/capability.ts';
import { IdParams, NoContent } from '../../http/schemas.ts';
import { dryRun } from './dry-run.ts';
import {
  ChangeList,
  ChangeQuery,
  CheckBody,
  CheckResult,
  DecideDocument,
  DocumentDetail,
  DocumentList,
  DocumentParams,
  DocumentPatch,
  DryRunBody,
  DryRunResult,
  NewDocument,
  Presets,
} from './schemas.ts';
import * as service from './service.ts';
import { yamlOf } from './text.ts';

const tags = ['settlement'];
const read = { config: { access: 'settlement.read' } } as const;
const write = { config: { access: 'settlement.write' } } as const;
const response = { 200: DocumentDetail };

/** Contracts as data: versions, checked when they are written, agreed on by both sides. */
export default capability('contract-documents', async (app, { ctx }) => {
  generalRoutes(app, ctx);
  versionRoutes(app, ctx);
  stepRoutes(app, ctx);
  dryRunRoute(app, ctx);
});

function generalRoutes(app: App, ctx: AppContext): void {
  app.get(
    '/contract-presets',
    { ...read, schema: { tags, summary: 'Contracts of the trade to begin with', response: { 200: Presets } } },
    async () => ({
      items: Object.entries(PRESETS).map(([id, document]) => ({
        id: id as keyof typeof PRESETS,
        name: document.name,
        document,
        text: yamlOf(document),
      })),
    }),
  );
  app.post(
    '/contract-documents/check',
    {
      ...read,
      schema: {
        tags,
        summary: 'What is wrong with a contract document; stores nothing',
        body: CheckBody,
        response: { 200: CheckResult },
      },
    },
    async (request) => service.checkDocument(ctx.pool, request.body),
  );
}

function versionRoutes(app: App, ctx: AppContext): void {
  app.get(
    '/contracts/:id/documents',
    {
      ...read,
      schema: { tags, summary: 'Versions of a contract document', params: IdParams, response: { 200: DocumentList } },
    },
    async (request) => service.listDocuments(ctx.pool, await memberOf(request, ctx), request.params.id),
  );
  app.post(
    '/contracts/:id/documents',
    {
      ...write,
      schema: {
        tags,
        summary: 'Write a new version: a draft of your side',
        description:
          'Refused with contract_flawed and every fault, by path, if it is no contract that can be evaluated.',
        params: IdParams,
        body: NewDocument,
        response: { 201: DocumentDetail },
      },
    },
    async (request, reply) => {
      const by = await memberOf(request, ctx);
      return reply.code(201).send(await service.draftDocument(ctx.pool, by, request.params.id, request.body));
    },
  );
  app.get(
    '/contracts/:id/documents/:did',
    { ...read, schema: { tags, summary: 'One version', params: DocumentParams, response } },
    async (request) =>
      service.getDocument(ctx.pool, await memberOf(request, ctx), request.params.id, request.params.did),
  );
  app.patch(
    '/contracts/:id/documents/:did',
    { ...write, schema: { tags, summary: 'Change a draft', params: DocumentParams, body: DocumentPatch, response } },
    async (request) => {
      const { id, did } = request.params;
      return service.editDocument(ctx.pool, await memberOf(request, ctx), id, did, request.body);
    },
  );
  app.delete(
    '/contracts/:id/documents/:did',
    { ...write, schema: { tags, summary: 'Delete a draft', params: DocumentParams, response: { 204: NoContent } } },
    async (request, reply) => {
      await service.removeDocument(ctx.pool, await memberOf(request, ctx), request.params.id, request.params.did);
      return reply.code(204).send(null);
    },
  );
  app.get(
    '/contracts/:id/documents/:did/changes',
    {
      ...read,
      schema: {
        tags,
        summary: 'What a version changes, against the one in force or the one named by `to`',
        params: DocumentParams,
        querystring: ChangeQuery,
        response: { 200: ChangeList },
      },
    },
    async (request) => {
      const { id, did } = request.params;
      return service.compareDocuments(ctx.pool, await memberOf(request, ctx), id, did, request.query.to);
    },
  );
}

function dryRunRoute(app: App, ctx: AppContext): void {
  app.post(
    '/contracts/:id/dry-run',
    {
      ...read,
      schema: {
        tags,
        summary: 'What a document would pay for a period, beside the one in force; stores nothing',
        params: IdParams,
        body: DryRunBody,
        response: { 200: DryRunResult },
      },
    },
    async (request) => dryRun(ctx.pool, await memberOf(request, ctx), request.params.id, request.body),
  );
}

const STEPS = {
  propose: 'Put a draft before the other side',
  withdraw: 'Take a proposal back',
  agree: 'Agree to the other side’s proposal: it is in force for every period that is not closed',
  reject: 'Reject the other side’s proposal',
} as const;

function stepRoutes(app: App, ctx: AppContext): void {
  for (const step of ['propose', 'withdraw', 'agree', 'reject'] as const) {
    app.post(
      `/contracts/:id/documents/:did/${step}`,
      { ...write, schema: { tags, summary: STEPS[step], params: DocumentParams, body: DecideDocument, response } },
      async (request) => {
        const { id, did } = request.params;
        return service.decideDocument(ctx.pool, await memberOf(request, ctx), id, did, step, request.body);
      },
    );
  }
}
