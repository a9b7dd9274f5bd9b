import { once } from 'node:events';
import { createServer, type IncomingMessage, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { checkReadiness, mayScrape, type ReadinessCheck } from './checks.ts';

export interface ProbeOptions {
  readonly host: string;
  /** 0 takes a free one. */
  readonly port: number;
  readonly version: string;
  readonly checks: readonly ReadinessCheck[];
  /** All metrics, in Prometheus's text format. */
  readonly metrics: () => Promise<string>;
  /** Bearer token for `/metrics`; null: this machine only. */
  readonly metricsToken: string | null;
}

interface Answer {
  readonly status: number;
  readonly type: string;
  readonly body: string;
}

const NOT_FOUND: Answer = { status: 404, type: 'text/plain', body: 'not found\n' };
const METRICS_TYPE = 'text/plain; version=0.0.4; charset=utf-8';

/** `/healthz`, `/readyz` and `/metrics` of a program that has no API. @throws if the port can't be opened */
export async function serveProbes(options: ProbeOptions): Promise<{ readonly port: number; stop(): Promise<void> }> {
  const server = createServer((request, response) => {
    void answer(options, request).then(({ status, type, body }) => {
      response.writeHead(status, { 'content-type': type, 'cache-control': 'no-store' }).end(body);
    });
  });
  server.listen(options.port, options.host);
  await once(server, 'listening');
  return { port: (server.address() as AddressInfo).port, stop: () => close(server) };
}

async function answer(options: ProbeOptions, request: IncomingMessage): Promise<Answer> {
  switch (request.url?.split('?', 1)[0]) {
    case '/healthz':
      return json(200, { status: 'ok', version: options.version });
    case '/readyz': {
      const readiness = await checkReadiness(options.checks);
      return json(readiness.status === 'ready' ? 200 : 503, readiness);
    }
    case '/metrics':
      return mayScrape(request, options.metricsToken) ? metrics(options) : NOT_FOUND;
    default:
      return NOT_FOUND;
  }
}

async function metrics(options: ProbeOptions): Promise<Answer> {
  try {
    return { status: 200, type: METRICS_TYPE, body: await options.metrics() };
  } catch (error) {
    const why = error instanceof Error ? error.message : 'failed';
    return { status: 503, type: 'text/plain', body: `${why}\n` };
  }
}

function json(status: number, value: unknown): Answer {
  return { status, type: 'application/json', body: JSON.stringify(value) };
}

async function close(server: Server): Promise<void> {
  server.closeAllConnections();
  await new Promise<void>((resolve) => {
    server.close(() => resolve());
  });
}
