import { capability } from '../../http/capability.ts';
import { expectedVersion, sendVersion } from '../../http/preconditions.ts';
import { languageOf, sendCsv } from '../shared/csv.ts';
import { doerOf } from '../shared/doer.ts';
import { deviceRows } from './csv.ts';
import {
  DeviceCount,
  DeviceCsvQuery,
  DeviceDetail,
  DeviceFilter,
  DeviceIdParams,
  DevicePage,
  DevicePatch,
  DeviceQuery,
  NewDevice,
} from './schemas.ts';
import * as service from './service.ts';

const tags = ['devices'];

export default capability('devices', async (app, { ctx }) => {
  app.get(
    '/devices',
    {
      config: { access: 'fleet.read' },
      schema: { tags, summary: 'List devices', querystring: DeviceQuery, response: { 200: DevicePage } },
    },
    async (request) => service.listDevices(ctx.pool, doerOf(request, ctx), request.query),
  );

  app.get(
    '/devices/count',
    {
      config: { access: 'fleet.read' },
      schema: { tags, summary: 'Count devices by state', querystring: DeviceFilter, response: { 200: DeviceCount } },
    },
    async (request) => service.countDevicesByState(ctx.pool, doerOf(request, ctx).scope, request.query),
  );

  app.get(
    '/devices.csv',
    {
      config: { access: 'fleet.read' },
      schema: { tags, summary: 'The list as CSV, streamed', querystring: DeviceCsvQuery, produces: ['text/csv'] },
    },
    async (request, reply) => {
      const devices = service.everyDevice(ctx.pool, doerOf(request, ctx), request.query);
      return sendCsv(reply, 'devices', deviceRows(devices, languageOf(request)));
    },
  );

  app.post(
    '/devices',
    {
      config: { access: 'registry.write' },
      schema: { tags, summary: 'Register a device', body: NewDevice, response: { 201: DeviceDetail } },
    },
    async (request, reply) => {
      const device = await service.createDevice(ctx.pool, doerOf(request, ctx), request.body);
      sendVersion(reply, device.version);
      return reply.code(201).send(device);
    },
  );

  app.get(
    '/devices/:id',
    {
      config: { access: 'fleet.read' },
      schema: { tags, summary: 'One device', params: DeviceIdParams, response: { 200: DeviceDetail } },
    },
    async (request, reply) => {
      const device = await service.getDevice(ctx.pool, doerOf(request, ctx), request.params.id);
      sendVersion(reply, device.version);
      return device;
    },
  );

  app.patch(
    '/devices/:id',
    {
      config: { access: 'registry.write' },
      schema: {
        tags,
        summary: 'Change a device',
        params: DeviceIdParams,
        body: DevicePatch,
        response: { 200: DeviceDetail },
      },
    },
    async (request, reply) => {
      const device = await service.changeDevice(
        ctx.pool,
        doerOf(request, ctx),
        request.params.id,
        request.body,
        expectedVersion(request),
      );
      sendVersion(reply, device.version);
      return device;
    },
  );
});
