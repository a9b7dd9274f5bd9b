import { memberOf } from '../../exclusions/parties.ts';
import { capability } from '../../http/capability.ts';
import { IdParams } from '../../http/schemas.ts';
import { RiskList, RiskQuery, WhatIfBody, WhatIfResult } from './schemas.ts';
import { RiskBook, whatIf } from './service.ts';

const tags = ['settlement'];
const config = { access: 'settlement.read' } as const;

/** Money that running periods may still lose, and what they would pay with other values. */
export default capability('money-at-risk', async (app, { ctx }) => {
  const book = new RiskBook();
  app.get(
    '/money-at-risk',
    {
      config,
      schema: {
        tags,
        summary: 'Tier clauses of running periods: tier now, forecast, downtime left, amount at stake, who spends most',
        querystring: RiskQuery,
        response: { 200: RiskList },
      },
    },
    async (request) => book.list(ctx.pool, await memberOf(request, ctx), request.query.contract),
  );
  app.post(
    '/contracts/:id/what-if',
    {
      config,
      schema: {
        tags,
        summary: 'What a period would pay with other values; stores nothing',
        params: IdParams,
        body: WhatIfBody,
        response: { 200: WhatIfResult },
      },
    },
    async (request) => whatIf(ctx.pool, await memberOf(request, ctx), request.params.id, request.body),
  );
});
