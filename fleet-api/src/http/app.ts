import { randomUUID } from 'node:crypto';
import compress from '@fastify/compress';
import cookie from '@fastify/cookie';
import multipart from '@fastify/multipart';
import rateLimit from '@fastify/rate-limit';
import type { TypeBoxTypeProvider } from '@fastify/type-provider-typebox';
import underPressure from '@fastify/under-pressure';
import Fastify, { type FastifyPluginAsync, LogController } from 'fastify';
import { registerGuard } from '../auth/guard.ts';
import type { AppContext } from '../context.ts';
import { registerProbes } from '../metrics/probes.ts';
import { capabilities } from './capabilities.ts';
import type { App, CapabilityOptions } from './capability.ts';
import { registerConsole } from './console.ts';
import { registerErrorHandling } from './error-handler.ts';
import { apiError } from './errors.ts';
import { registerHeaders } from './headers.ts';
import { registerIdempotency } from './idempotency.ts';
import { registerOpenApi } from './openapi.ts';
import { validatorCompiler } from './validation.ts';

/** Largest JSON body, bytes. Uploads set their own limit. */
const BODY_BYTES = 1024 * 1024;
/** Time to receive a whole request, ms; uploads over 4G are slow. */
const REQUEST_TIMEOUT_MS = 120_000;
/** Time without a byte on a connection, ms. */
const CONNECTION_TIMEOUT_MS = 120_000;
/** Mean event loop delay beyond which requests are turned away, ms. */
const MAX_EVENT_LOOP_DELAY_MS = 5_000;
/** Time over which it is measured, ms. A short one has no sample at all when the machine is busy, which counts as infinite. */
const PRESSURE_SAMPLE_MS = 15_000;

/**
 * Builds the HTTP application: API under `/api/v1`, probes, console. It listens to nothing and owns no connection: the caller
 * calls `ready()`/`listen()` and `close()`, which ends running requests first.
 */
export async function buildApp(ctx: AppContext): Promise<App> {
  const app: App = Fastify({
    loggerInstance: ctx.log,
    logController: new LogController({ disableRequestLogging: true }),
    trustProxy: ctx.settings.trustProxy,
    bodyLimit: BODY_BYTES,
    requestTimeout: REQUEST_TIMEOUT_MS,
    connectionTimeout: CONNECTION_TIMEOUT_MS,
    keepAliveTimeout: 72_000,
    forceCloseConnections: 'idle',
    return503OnClosing: true,
    routerOptions: { maxParamLength: 128 },
    genReqId: () => randomUUID(),
  }).withTypeProvider<TypeBoxTypeProvider>();
  app.setValidatorCompiler(validatorCompiler);
  registerErrorHandling(app);
  await app.register(underPressure, {
    maxEventLoopDelay: ctx.settings.overloadDelayMs ?? MAX_EVENT_LOOP_DELAY_MS,
    sampleInterval: PRESSURE_SAMPLE_MS,
    retryAfter: 5,
  });
  await registerHeaders(app, ctx);
  await app.register(compress, { global: true, threshold: 1024, encodings: ['br', 'gzip'] });
  await app.register(cookie);
  await app.register(rateLimit, {
    global: false,
    errorResponseBuilder: (_request, { after }) => apiError('too_many_requests', `Try again in ${after}`),
  });
  await app.register(multipart, { limits: { fileSize: 64 * 1024 * 1024, files: 1, fields: 20, parts: 25 } });
  registerGuard(app, ctx);
  registerProbes(app, ctx);
  await registerOpenApi(app, ctx);
  await app.register(api, { prefix: '/api/v1', ctx });
  await registerConsole(app, ctx);
  return app;
}

/** Everything under the prefix shares the idempotency hooks; access is guarded for the whole application. */
const api: FastifyPluginAsync<CapabilityOptions> = async (scope, { ctx }) => {
  registerIdempotency(scope as App, ctx);
  for (const plugin of capabilities) await scope.register(plugin, { ctx });
};
