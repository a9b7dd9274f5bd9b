import { capability } from '../../http/capability.ts';
import { expectedVersion, sendVersion } from '../../http/preconditions.ts';
import { IdParams, NoContent } from '../../http/schemas.ts';
import { doerOf } from '../../registry/shared/doer.ts';
import { Contract, ContractList, ContractPatch, NewContract } from './schemas.ts';
import { changeContract, createContract, getContract, listContracts, removeContract } from './service.ts';
import { viewerOf } from './viewer.ts';

const tags = ['availability'];

export default capability('contracts', async (app, { ctx }) => {
  app.get(
    '/contracts',
    {
      config: { access: 'availability.read' },
      schema: { tags, summary: 'Contracts that availability is owed under', response: { 200: ContractList } },
    },
    async (request) => listContracts(ctx.pool, viewerOf(request)),
  );

  app.post(
    '/contracts',
    {
      config: { access: 'contract.write' },
      schema: { tags, summary: 'Add a contract', body: NewContract, response: { 201: Contract } },
    },
    async (request, reply) => {
      const contract = await createContract(ctx.pool, doerOf(request, ctx), viewerOf(request), request.body);
      sendVersion(reply, contract.version);
      return reply.code(201).send(contract);
    },
  );

  app.get(
    '/contracts/:id',
    {
      config: { access: 'availability.read' },
      schema: { tags, summary: 'One contract', params: IdParams, response: { 200: Contract } },
    },
    async (request, reply) => {
      const contract = await getContract(ctx.pool, viewerOf(request), request.params.id);
      sendVersion(reply, contract.version);
      return contract;
    },
  );

  app.patch(
    '/contracts/:id',
    {
      config: { access: 'contract.write' },
      schema: {
        tags,
        summary: 'Change a contract',
        description:
          'Figures follow a changed term, calendar, zone or set of regions within minutes. Rules of counting, zone and beginning stay once a period has been closed. Of the baseline, name, zone, calendar and rules can be changed.',
        params: IdParams,
        body: ContractPatch,
        response: { 200: Contract },
      },
    },
    async (request, reply) => {
      const contract = await changeContract(ctx.pool, doerOf(request, ctx), viewerOf(request), {
        id: request.params.id,
        patch: request.body,
        expected: expectedVersion(request),
      });
      sendVersion(reply, contract.version);
      return contract;
    },
  );

  app.delete(
    '/contracts/:id',
    {
      config: { access: 'contract.write' },
      schema: { tags, summary: 'Delete an unused contract', params: IdParams, response: { 204: NoContent } },
    },
    async (request, reply) => {
      await removeContract(ctx.pool, doerOf(request, ctx), viewerOf(request), request.params.id);
      return reply.code(204).send(null);
    },
  );
});
