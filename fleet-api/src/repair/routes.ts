import { viewerOf } from '../availability/contracts/viewer.ts';
import { memberOf } from '../exclusions/parties.ts';
import { capability } from '../http/capability.ts';
import { IdParams } from '../http/schemas.ts';
import { listSeverityNames } from './severity-names.ts';
import { RepairTermsBody, RepairTermsView, SeverityNameList } from './terms-schemas.ts';
import { getTerms, putTerms } from './terms-service.ts';
import { timelinessFor } from './timeliness.ts';
import { TimelinessAnswer, TimelinessQuery } from './timeliness-schemas.ts';

const tags = ['work orders'];
const response = { 200: RepairTermsView };

export default capability('repair-terms', async (app, { ctx }) => {
  app.get(
    '/repair-timeliness',
    {
      config: { access: 'repair.read' },
      schema: {
        tags,
        summary: 'Fault-repair timeliness of a period, in all and by severity',
        description:
          'A fault counts in the period in which it was opened, as the terms of the contract judge it now: open within its limit is ' +
          'pending, open beyond it late. The same figure as in reports and settlement.',
        querystring: TimelinessQuery,
        response: { 200: TimelinessAnswer },
      },
    },
    async (request) => timelinessFor(ctx.pool, await memberOf(request, ctx), request.query),
  );

  app.get(
    '/severities',
    {
      config: { access: 'repair.read' },
      schema: {
        tags,
        summary: 'What contracts call their severities',
        description:
          'From the documents in force of the contracts that the caller sees; `ordinary` and `major` go without saying.',
        response: { 200: SeverityNameList },
      },
    },
    async (request) => ({ items: await listSeverityNames(ctx.pool, viewerOf(request)) }),
  );

  app.get(
    '/contracts/:id/repair-terms',
    {
      config: { access: 'repair.read' },
      schema: {
        tags,
        summary: 'Limits by which the faults of a contract are judged',
        description: 'A contract that says nothing has the default ones.',
        params: IdParams,
        response,
      },
    },
    async (request) => getTerms(ctx.pool, await memberOf(request, ctx), request.params.id),
  );

  app.put(
    '/contracts/:id/repair-terms',
    {
      config: { access: 'terms.write' },
      schema: {
        tags,
        summary: 'Set the limits of a contract',
        description:
          'They hold from now on: open faults are judged by them, ended ones stay as they were judged. What is wrong is named by ' +
          'its path in errors.',
        params: IdParams,
        body: RepairTermsBody,
        response,
      },
    },
    async (request) => putTerms(ctx.pool, await memberOf(request, ctx), request.params.id, request.body),
  );
});
