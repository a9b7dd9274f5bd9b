import { capability } from '../http/capability.ts';
import { IdParams, NoContent, Page } from '../http/schemas.ts';
import { revokeDevice, rotateSecret } from './credentials.ts';
import { enrol } from './enrol.ts';
import {
  CreatedToken,
  DeviceParams,
  EnrolBody,
  Enrolled,
  EnrolmentToken,
  NewToken,
  RotatedSecret,
  TokenQuery,
} from './schemas.ts';
import { createToken, listTokens, revokeToken } from './tokens.ts';

const tags = ['enrolment'];
/** A whole fleet may come through one address of the operator's gateway; a token can't be guessed anyway. */
const ENROL_LIMIT = { max: 1200, timeWindow: '1 minute', allowList: ['127.0.0.1', '::1'] };

export default capability('enrolment', async (app, { ctx }) => {
  app.post(
    '/enrol',
    {
      config: { access: 'public', rateLimit: ENROL_LIMIT },
      bodyLimit: 64 * 1024,
      schema: { tags, summary: 'A device asks for its credentials', body: EnrolBody, response: { 201: Enrolled } },
    },
    async (request, reply) => {
      const { deviceId, secret, next } = await enrol(ctx, request.body, request.ip);
      const { host, port, tlsPort, wsPort, caPem } = ctx.mqtt();
      return reply.code(201).send({
        device_id: deviceId,
        secret,
        mqtt: { host: host ?? request.hostname, port, tls_port: tlsPort, ws_port: wsPort },
        ca_pem: caPem,
        server_ms: ctx.clock(),
        next,
      });
    },
  );

  app.get(
    '/enrolment-tokens',
    {
      config: { access: 'enrolment.read' },
      schema: {
        tags,
        summary: 'Enrolment tokens, newest first',
        querystring: TokenQuery,
        response: { 200: Page(EnrolmentToken) },
      },
    },
    (request) => listTokens(ctx, request, request.query),
  );

  app.post(
    '/enrolment-tokens',
    {
      config: { access: 'enrolment.write', secretAnswer: true },
      schema: { tags, summary: 'Make a token; it is shown once', body: NewToken, response: { 201: CreatedToken } },
    },
    async (request, reply) => reply.code(201).send(await createToken(ctx, request, request.body)),
  );

  app.delete(
    '/enrolment-tokens/:id',
    {
      config: { access: 'enrolment.write' },
      schema: { tags, summary: 'Revoke a token', params: IdParams, response: { 204: NoContent } },
    },
    async (request, reply) => {
      await revokeToken(ctx, request, request.params.id);
      return reply.code(204).send(null);
    },
  );

  app.post(
    '/devices/:id/revoke',
    {
      config: { access: 'device.credentials' },
      schema: {
        tags,
        summary: "Take a device's credentials away; its live session is cut",
        params: DeviceParams,
        response: { 204: NoContent },
      },
    },
    async (request, reply) => {
      await revokeDevice(ctx, request, request.params.id);
      return reply.code(204).send(null);
    },
  );

  app.post(
    '/devices/:id/rotate-secret',
    {
      config: { access: 'device.credentials', secretAnswer: true },
      schema: { tags, summary: 'Give a device a new secret', params: DeviceParams, response: { 200: RotatedSecret } },
    },
    async (request) => ({
      device_id: request.params.id,
      secret: await rotateSecret(ctx, request, request.params.id),
    }),
  );
});
