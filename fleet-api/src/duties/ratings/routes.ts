import { memberOf } from '../../exclusions/parties.ts';
import { capability } from '../../http/capability.ts';
import { sendVersion } from '../../http/preconditions.ts';
import { IdParams } from '../../http/schemas.ts';
import {
  AgreeBody,
  DraftQuery,
  NewSheet,
  ProposeBody,
  RemarkBody,
  Scheme,
  SchemeBody,
  SchemeQuery,
  SheetDetail,
  SheetDraft,
  SheetPage,
  SheetQuery,
} from './schemas.ts';
import {
  agreeSheet,
  draftOf,
  getScheme,
  getSheet,
  listSheets,
  proposeSheet,
  putScheme,
  remarkSheet,
  reproposeSheet,
} from './service.ts';

const tags = ['duties'];
const params = IdParams;
const response = { 200: SheetDetail };

export default capability('rating-sheets', async (app, { ctx }) => {
  app.get(
    '/rating-sheets',
    {
      config: { access: 'availability.read' },
      schema: {
        tags,
        summary: 'Monthly rating sheets, newest first',
        querystring: SheetQuery,
        response: { 200: SheetPage },
      },
    },
    async (request) => listSheets(ctx.pool, await memberOf(request, ctx), request.query),
  );

  app.get(
    '/rating-sheets/draft',
    {
      config: { access: 'availability.read' },
      schema: {
        tags,
        summary: 'Items of a sheet to be, with the figures of the month beside them; stores nothing',
        querystring: DraftQuery,
        response: { 200: SheetDraft },
      },
    },
    async (request) => {
      const { contract, month } = request.query;
      return draftOf(ctx.pool, await memberOf(request, ctx), contract, month);
    },
  );

  app.post(
    '/rating-sheets',
    {
      config: { access: 'rating.write' },
      schema: {
        tags,
        summary: 'Rate a month',
        description:
          'By the agency, once the month is over: each item from 0 to 100. The contractor agrees or remarks.',
        body: NewSheet,
        response: { 201: SheetDetail },
      },
    },
    async (request, reply) => {
      const sheet = await proposeSheet(ctx.pool, await memberOf(request, ctx), request.body);
      sendVersion(reply, sheet.version);
      return reply.code(201).send(sheet);
    },
  );

  app.get(
    '/rating-sheets/:id',
    { config: { access: 'availability.read' }, schema: { tags, summary: 'One rating sheet', params, response } },
    async (request, reply) => {
      const sheet = await getSheet(ctx.pool, await memberOf(request, ctx), request.params.id);
      sendVersion(reply, sheet.version);
      return sheet;
    },
  );

  app.post(
    '/rating-sheets/:id/propose',
    {
      config: { access: 'rating.write' },
      schema: { tags, summary: 'Rate anew, as long as it is not agreed (agency)', params, body: ProposeBody, response },
    },
    async (request) => reproposeSheet(ctx.pool, await memberOf(request, ctx), request.params.id, request.body),
  );

  app.post(
    '/rating-sheets/:id/remark',
    {
      config: { access: 'rating.write' },
      schema: { tags, summary: 'Say what one does not agree with (contractor)', params, body: RemarkBody, response },
    },
    async (request) => remarkSheet(ctx.pool, await memberOf(request, ctx), request.params.id, request.body),
  );

  app.post(
    '/rating-sheets/:id/agree',
    {
      config: { access: 'rating.write' },
      schema: { tags, summary: 'Agree: the sheet is frozen (contractor)', params, body: AgreeBody, response },
    },
    async (request) => agreeSheet(ctx.pool, await memberOf(request, ctx), request.params.id, request.body.version),
  );

  app.get(
    '/rating-items',
    {
      config: { access: 'availability.read' },
      schema: { tags, summary: "Items of a contract's sheets", querystring: SchemeQuery, response: { 200: Scheme } },
    },
    async (request) => getScheme(ctx.pool, await memberOf(request, ctx), request.query.contract),
  );

  app.put(
    '/rating-items',
    {
      config: { access: 'terms.write' },
      schema: { tags, summary: 'Set the items of sheets to come', body: SchemeBody, response: { 200: Scheme } },
    },
    async (request) => putScheme(ctx.pool, await memberOf(request, ctx), request.body.contract_id, request.body.items),
  );
});
