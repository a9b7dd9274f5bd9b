import { callerOf } from '../../auth/caller.ts';
import { requireAccess } from '../../auth/guard.ts';
import { capability } from '../../http/capability.ts';
import { expectedVersion, sendVersion } from '../../http/preconditions.ts';
import { IdParams } from '../../http/schemas.ts';
import { DeviceIdParams } from '../../registry/devices/schemas.ts';
import { doerOf } from '../../registry/shared/doer.ts';
import { Repair, RepairPage, RepairPatch, RepairQuery, ReturnBody, SendBody, SwapBackBody } from './schemas.ts';
import * as service from './service.ts';

const tags = ['stock'];
const read = { access: 'stock.read' } as const;
const write = { access: 'stock.write' } as const;
const response = { 200: Repair };

export default capability('repairs', async (app, { ctx }) => {
  app.get(
    '/stock/repairs',
    {
      config: read,
      schema: {
        tags,
        summary: 'Devices with the repair centre, overdue first, or back from it',
        querystring: RepairQuery,
        response: { 200: RepairPage },
      },
    },
    async (request) => service.listRepairs(ctx.pool, doerOf(request, ctx), request.query),
  );

  app.get(
    '/stock/repairs/:id',
    { config: read, schema: { tags, summary: 'One way through the repair centre', params: IdParams, response } },
    async (request, reply) => {
      const repair = await service.getRepair(ctx.pool, doerOf(request, ctx), request.params.id);
      sendVersion(reply, repair.version);
      return repair;
    },
  );

  app.post(
    '/devices/:id/repairs',
    {
      config: write,
      schema: {
        tags,
        summary: 'Send a device to the repair centre',
        description: 'Refused with wipe_missing until the device is recorded as wiped.',
        params: DeviceIdParams,
        body: SendBody,
        response: { 201: Repair },
      },
    },
    async (request, reply) => {
      const repair = await service.send(ctx.pool, doerOf(request, ctx), request.params.id, request.body);
      sendVersion(reply, repair.version);
      return reply.code(201).send(repair);
    },
  );

  app.patch(
    '/stock/repairs/:id',
    {
      config: write,
      schema: { tags, summary: 'Change what is written of a repair', params: IdParams, body: RepairPatch, response },
    },
    async (request, reply) => {
      const by = doerOf(request, ctx);
      const repair = await service.changeRepair(
        ctx.pool,
        by,
        request.params.id,
        request.body,
        expectedVersion(request),
      );
      sendVersion(reply, repair.version);
      return repair;
    },
  );

  app.post(
    '/stock/repairs/:id/return',
    {
      config: write,
      schema: {
        tags,
        summary: 'Take a device back from the repair centre',
        params: IdParams,
        body: ReturnBody,
        response,
      },
    },
    async (request) => service.takeBack(ctx.pool, doerOf(request, ctx), request.params.id, request.body),
  );

  app.post(
    '/stock/repairs/:id/swap-back',
    {
      config: write,
      schema: {
        tags,
        summary: 'Put a repaired device back where it stood',
        description:
          'The stand-in comes off, into stock, and is to be wiped. Refused with conflict if another device stands there by now.',
        params: IdParams,
        body: SwapBackBody,
        response,
      },
    },
    async (request) => {
      if (request.body.work_order_id !== undefined) requireAccess(callerOf(request), 'order.work');
      return service.swapBack(ctx.pool, doerOf(request, ctx), request.params.id, request.body);
    },
  );
});
