import swagger from '@fastify/swagger';
import type { AppContext } from '../context.ts';
import { components } from './capabilities.ts';
import type { App } from './capability.ts';
import { ProblemSchema } from './schemas.ts';

const DESCRIPTION = `Everything the console does goes through this API.

Lists answer \`{items, next_cursor}\`; pass \`next_cursor\` back as \`cursor\`. Errors are problem documents (RFC 9457) with a stable
\`code\`, see docs/errors.md. Creations accept an \`Idempotency-Key\`; rows that people edit carry an \`ETag\` to be sent back in
\`If-Match\`. Instants are RFC 3339 with offset, durations end in \`_ms\`, sizes in \`_bytes\`.`;

const PROBLEM = {
  description: 'Problem details',
  content: { 'application/problem+json': { schema: { $ref: 'Problem#' } } },
};

/** Collects route schemas into an OpenAPI 3.1 document and adds what is common to all routes. */
export async function registerOpenApi(app: App, ctx: AppContext): Promise<void> {
  // Here and not where they are used: a scope to which a schema is added forgets its validator for Fastify's own.
  for (const schema of [ProblemSchema, ...components]) app.addSchema(schema);
  await app.register(swagger, {
    openapi: {
      openapi: '3.1.0',
      info: { title: 'Uptally', version: ctx.settings.version, description: DESCRIPTION },
      components: {
        securitySchemes: {
          session: { type: 'apiKey', in: 'cookie', name: 'uptally' },
          key: { type: 'http', scheme: 'bearer', description: 'API key, `upt_...`' },
        },
      },
    },
    refResolver: { buildLocalReference: (json, _base, _fragment, i) => String(json.$id ?? `def-${i}`) },
  });
  app.addHook('onRoute', (route) => {
    if (!route.url.startsWith('/api/')) {
      route.schema = { ...route.schema, hide: true };
      return;
    }
    const access = route.config?.access;
    route.schema = {
      ...route.schema,
      security: access === 'public' ? [] : [{ session: [] }, { key: [] }],
      response: { ...(route.schema?.response as object | undefined), '4xx': PROBLEM, '5xx': PROBLEM },
    };
  });
}

/** The OpenAPI document of a ready application. Paths and keys are in a stable order. */
export function openApiDocument(app: Pick<App, 'swagger'>): object {
  const document = app.swagger();
  const paths = Object.entries(document.paths ?? {}).sort(([a], [b]) => (a < b ? -1 : 1));
  return { ...document, paths: Object.fromEntries(paths) };
}
