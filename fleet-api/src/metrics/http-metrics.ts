import { Gauge, Histogram } from 'prom-client';
import type { AppContext } from '../context.ts';
import type { App } from '../http/capability.ts';
import { countDevicesByState } from '../registry/devices/service.ts';
import type { StateCounts } from '../registry/shared/state.ts';

/** How old the fleet's counts may be when scraped, ms: a scrape must not load the database. */
const COUNTS_MAX_AGE_MS = 15_000;

/** Metrics of the HTTP side, the pool and the fleet, in the process's registry. Unit in the name, as Prometheus wants it. */
export function registerHttpMetrics(app: App, ctx: AppContext): void {
  const registers = [ctx.metrics];
  const duration = new Histogram({
    name: 'uptally_http_request_duration_seconds',
    help: 'Time to answer a request, by route',
    labelNames: ['method', 'route', 'status'],
    buckets: [0.005, 0.02, 0.05, 0.1, 0.25, 0.5, 1, 3, 10],
    registers,
  });
  app.addHook('onResponse', async (request, reply) => {
    const labels = {
      method: request.method,
      route: request.routeOptions.url ?? 'none',
      status: String(reply.statusCode),
    };
    duration.observe(labels, reply.elapsedTime / 1000);
  });
  new Gauge({
    name: 'uptally_db_pool_connections',
    help: 'Connections of the API pool, by state',
    labelNames: ['state'],
    registers,
    collect() {
      const { totalCount, idleCount, waitingCount } = ctx.pool;
      this.set({ state: 'busy' }, totalCount - idleCount);
      this.set({ state: 'idle' }, idleCount);
      this.set({ state: 'waiting' }, waitingCount);
    },
  });
  const counts = cachedCounts(ctx);
  new Gauge({
    name: 'uptally_devices',
    help: 'Devices of the registry, by state',
    labelNames: ['state'],
    registers,
    async collect() {
      const { online, offline, faulty, never } = await counts();
      for (const [state, value] of Object.entries({ online, offline, faulty, never })) this.set({ state }, value);
    },
  });
}

function cachedCounts(ctx: AppContext): () => Promise<StateCounts> {
  let at = Number.NEGATIVE_INFINITY;
  let last: Promise<StateCounts> | undefined;
  return async () => {
    if (last === undefined || ctx.clock() - at > COUNTS_MAX_AGE_MS) {
      at = ctx.clock();
      last = countDevicesByState(ctx.pool, null, {});
      last.catch(() => {
        last = undefined;
      });
    }
    return last;
  };
}
