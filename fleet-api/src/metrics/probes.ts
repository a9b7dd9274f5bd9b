import { createHash, timingSafeEqual } from 'node:crypto';
import type { FastifyRequest } from 'fastify';
import type { AppContext, ReadinessCheck } from '../context.ts';
import type { App } from '../http/capability.ts';
import { apiError } from '../http/errors.ts';
import { registerHttpMetrics } from './http-metrics.ts';

/** How long a check may take, ms. */
const CHECK_TIMEOUT_MS = 2_000;
const LOOPBACK: ReadonlySet<string> = new Set(['127.0.0.1', '::1', '::ffff:127.0.0.1']);

/** `/healthz`: the process answers. `/readyz`: it can do its work. `/metrics`: for Prometheus. */
export function registerProbes(app: App, ctx: AppContext): void {
  registerHttpMetrics(app, ctx);
  const checks: readonly ReadinessCheck[] = [
    { name: 'database', check: async () => ({ ok: (await ctx.pool.query('select 1')).rowCount === 1 }) },
    ...ctx.readiness,
  ];
  app.get('/healthz', { config: { access: 'public' } }, async () => ({ status: 'ok', version: ctx.settings.version }));
  app.get('/readyz', { config: { access: 'public' } }, async (_request, reply) => {
    const results = await Promise.all(checks.map(runCheck));
    const ok = results.every((result) => result.ok);
    return reply.code(ok ? 200 : 503).send({ status: ok ? 'ready' : 'not_ready', checks: results });
  });
  app.get('/metrics', { config: { access: 'public' }, compress: false }, async (request, reply) => {
    requireScraper(request, ctx.settings.metricsToken);
    return reply.type(ctx.metrics.contentType).send(await ctx.metrics.metrics());
  });
}

async function runCheck({ name, check }: ReadinessCheck): Promise<{ name: string; ok: boolean; detail?: string }> {
  let timer: NodeJS.Timeout | undefined;
  const late = new Promise<{ ok: boolean; detail: string }>((resolve) => {
    timer = setTimeout(
      () => resolve({ ok: false, detail: `no answer within ${CHECK_TIMEOUT_MS} ms` }),
      CHECK_TIMEOUT_MS,
    );
  });
  try {
    return { name, ...(await Promise.race([check(), late])) };
  } catch (error) {
    return { name, ok: false, detail: error instanceof Error ? error.message : 'failed' };
  } finally {
    clearTimeout(timer);
  }
}

/**
 * With a token: whoever shows it. Without: this machine only, and not through a proxy on it. @throws ApiError `not_found`, so that
 * strangers don't learn of it
 */
function requireScraper(request: FastifyRequest, token: string | null): void {
  if (token !== null) {
    const given = digest(request.headers.authorization ?? '');
    if (!timingSafeEqual(given, digest(`Bearer ${token}`))) throw apiError('not_found');
    return;
  }
  const isForwarded = request.headers['x-forwarded-for'] !== undefined || request.headers.forwarded !== undefined;
  if (isForwarded || !LOOPBACK.has(request.socket.remoteAddress ?? '')) throw apiError('not_found');
}

function digest(text: string): Buffer {
  return createHash('sha256').update(text).digest();
}
