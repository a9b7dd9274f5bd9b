import { inTransaction } from '../db/index.ts';
import { capability } from '../http/capability.ts';
import { doerOf, record } from '../registry/shared/doer.ts';
import { readPolicy, rulesOf, storeRules } from './policy.ts';
import { FaultRulesBody } from './schemas.ts';

const tags = ['faults'];
const response = { 200: FaultRulesBody };

export default capability('fault-rules', async (app, { ctx }) => {
  app.get(
    '/fault-rules',
    { config: { access: 'repair.read' }, schema: { tags, summary: 'When telemetry opens faults', response } },
    async () => rulesOf(await readPolicy(ctx.pool)),
  );

  app.put(
    '/fault-rules',
    {
      config: { access: 'terms.write' },
      schema: { tags, summary: 'Set when telemetry opens faults', body: FaultRulesBody, response },
    },
    async (request) => {
      await inTransaction(ctx.pool, async (client) => {
        await storeRules(client, request.body);
        await record(client, doerOf(request, ctx), 'fault_rules.changed', 'fault_rules', { ...request.body });
      });
      return rulesOf(await readPolicy(ctx.pool));
    },
  );
});
