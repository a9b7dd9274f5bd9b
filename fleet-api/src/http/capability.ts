import type { IncomingMessage, ServerResponse } from 'node:http';
import type { TypeBoxTypeProvider } from '@fastify/type-provider-typebox';
import type { FastifyBaseLogger, FastifyInstance, RawServerDefault } from 'fastify';
import fp from 'fastify-plugin';
import type { Access } from '../auth/permissions.ts';
import type { AppContext } from '../context.ts';

/** The Fastify instance that capabilities see: request and reply types follow from the TypeBox schemas. */
export type App = FastifyInstance<
  RawServerDefault,
  IncomingMessage,
  ServerResponse,
  FastifyBaseLogger,
  TypeBoxTypeProvider
>;

export interface CapabilityOptions {
  readonly ctx: AppContext;
}

export type Capability = (app: App, options: CapabilityOptions) => Promise<void>;

declare module 'fastify' {
  interface FastifyContextConfig {
    /** What the route demands. Every route must say; the app refuses to start otherwise. */
    access?: Access;
    /** The answer carries a secret that is shown once: never kept for a replay by Idempotency-Key. */
    secretAnswer?: boolean;
    /** Idempotency-Key is not honoured, e.g. for streamed uploads. */
    idempotency?: 'off';
  }
}

/**
 * A capability: a named plugin with its routes, registered under `/api/v1`.
 *
 * ```ts
 * export default capability('sites', async (app, { ctx }) => {
 *   app.get('/sites', { config: { access: 'fleet.read' }, schema: { tags: ['sites'], querystring, response: { 200: Page(Site) } } },
 *     async (request) => listSites(ctx.pool, scopeOf(callerOf(request)), request.query));
 * });
 * ```
 */
export function capability(name: string, register: Capability, dependencies: string[] = []) {
  return fp<CapabilityOptions, RawServerDefault, TypeBoxTypeProvider>(register, { name, dependencies, fastify: '5.x' });
}
