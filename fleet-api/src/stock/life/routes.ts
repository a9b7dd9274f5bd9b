import { capability } from '../../http/capability.ts';
import { DeviceIdParams } from '../../registry/devices/schemas.ts';
import { doerOf } from '../../registry/shared/doer.ts';
import {
  LifePage,
  LifeQuery,
  Purchase,
  PurchaseBody,
  PurchaseImport,
  PurchaseImported,
  WarrantyPage,
  WarrantyQuery,
} from './schemas.ts';
import * as service from './service.ts';

const tags = ['stock'];
const params = DeviceIdParams;

export default capability('device-life', async (app, { ctx }) => {
  app.get(
    '/devices/:id/life',
    {
      config: { access: 'stock.read' },
      schema: {
        tags,
        summary: 'What a device lived through, newest first',
        params,
        querystring: LifeQuery,
        response: { 200: LifePage },
      },
    },
    async (request) => service.readLife(ctx.pool, doerOf(request, ctx), request.params.id, request.query),
  );

  app.get(
    '/devices/:id/purchase',
    {
      config: { access: 'stock.read' },
      schema: { tags, summary: 'Purchase and warranty of a device', params, response: { 200: Purchase } },
    },
    async (request) => service.readPurchase(ctx.pool, doerOf(request, ctx), request.params.id),
  );

  app.put(
    '/devices/:id/purchase',
    {
      config: { access: 'stock.plan' },
      schema: {
        tags,
        summary: 'Set purchase and warranty of a device',
        params,
        body: PurchaseBody,
        response: { 200: Purchase },
      },
    },
    async (request) => service.changePurchase(ctx.pool, doerOf(request, ctx), request.params.id, request.body),
  );

  app.get(
    '/stock/warranties',
    {
      config: { access: 'stock.read' },
      schema: {
        tags,
        summary: 'Devices whose warranty ends soon, or has ended',
        querystring: WarrantyQuery,
        response: { 200: WarrantyPage },
      },
    },
    async (request) => service.listWarranties(ctx.pool, doerOf(request, ctx), request.query),
  );

  app.post(
    '/stock/purchases/import',
    {
      config: { access: 'stock.plan', idempotency: 'off' },
      schema: {
        tags,
        summary: 'Take dates of purchase and warranty over from a table, wholly or not at all',
        body: PurchaseImport,
        response: { 200: PurchaseImported },
      },
    },
    async (request) => service.importPurchases(ctx.pool, doerOf(request, ctx), request.body),
  );
});
