import type { AppContext } from '../context.ts';
import type { App } from '../http/capability.ts';
import { apiError } from '../http/errors.ts';
import { checkReadiness, mayScrape, type ReadinessCheck } from './checks.ts';
import { exposition } from './exposition.ts';
import { registerHttpMetrics } from './http-metrics.ts';

/** `/healthz`: the process answers. `/readyz`: it can do its work. `/metrics`: for Prometheus, `not_found` to strangers. */
export function registerProbes(app: App, ctx: AppContext): void {
  registerHttpMetrics(app, ctx);
  const checks: readonly ReadinessCheck[] = [
    { name: 'database', check: async () => ({ ok: (await ctx.pool.query('select 1')).rowCount === 1 }) },
    ...ctx.readiness,
  ];
  app.get('/healthz', { config: { access: 'public' } }, async () => ({ status: 'ok', version: ctx.settings.version }));
  app.get('/readyz', { config: { access: 'public' } }, async (_request, reply) => {
    const readiness = await checkReadiness(checks);
    return reply.code(readiness.status === 'ready' ? 200 : 503).send(readiness);
  });
  app.get('/metrics', { config: { access: 'public' }, compress: false }, async (request, reply) => {
    if (!mayScrape(request.raw, ctx.settings.metricsToken)) throw apiError('not_found');
    return reply.type(ctx.metrics.contentType).send(await exposition(ctx.metrics, ctx.alertsMetrics));
  });
}
